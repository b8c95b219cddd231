package org.gridwarden.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.headend.firmware.CampaignPlan;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.TrustFolder;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.store.CampaignBook;
import org.gridwarden.store.ImageProgressBook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Firmware goes to meters block by block over real DLMS, and runs only once it is ordered. */
class FirmwareOverDlmsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int IMAGE = 100 << 10;
  private static final KeyPair MAKER = CommandField.pair();
  private static final MeterId FIRST = new MeterId("GW-0000001");

  @TempDir Path folder;
  private CommandField field;
  private FirmwareOffices office;

  @BeforeEach
  void open() throws IOException, ChannelException {
    field = new CommandField(folder);
    new TrustFolder(field.operators.resolve("makers")).put(MAKER.getPublic());
    office = new FirmwareOffices(folder.resolve("store"), field);
    office.maker(MAKER);
  }

  @AfterEach
  void close() {
    office.close();
    field.close();
  }

  private static byte[] image(long seed) {
    byte[] image = new byte[IMAGE];
    new Random(seed).nextBytes(image);
    return image;
  }

  private StreetSettings settings(int meters) {
    return StreetSettings.of(meters)
        .withHistory(Duration.ZERO)
        .withEvery(Duration.ofSeconds(1))
        .withOperators(field.operators);
  }

  private Street street(StreetSettings settings) throws IOException {
    Street street = Street.of(settings, Households.load(), field);
    field.ship(street::writeShipment);
    office.register(street, "1.0.0");
    return street;
  }

  private void calledIn(Street street) {
    await()
        .atMost(SOON)
        .until(() ->
            street.serials().stream().allMatch(serial -> field.tcp.reaches(new MeterId(serial))));
  }

  private void send(List<CommandId> ids) {
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(SOON)
        .until(() -> {
          office.round();
          return ids.stream().allMatch(id -> office.command(id).state().isEnd());
        });
  }

  @Test
  @DisplayName(
      "C34: a campaign of two rings over TCP and DLMS, 100 kB a meter; a line cut in the middle goes on"
          + " where it stood, and readings go on meanwhile")
  void campaign() throws Exception {
    int meters = 4;
    office.add("2.0.0", image(1), MAKER);
    try (Street street = street(settings(meters));
        CutLine line = new CutLine(field.address(), 60_000)) {
      street.start(line.address());
      calledIn(street);
      CampaignPlan plan =
          CampaignPlan.parse("rings = 25% 100%\nsoak = PT1H\nheardWithin = PT4H\nmostLost = 0%");
      UUID id =
          office
              .firmware
              .start(Street.model(), "2.0.0", plan, "a security fix", FirmwareOffices.OLIVIA)
              .id();
      office.runner.look();
      List<CommandId> canaries = office.firmware.report(id).unsigned();
      assertThat(canaries).hasSize(1);
      office.approveAndSign(id);
      long before = line.down();
      send(canaries);
      assertThat(line.cuts()).as("it was cut in the middle").isOne();
      assertThat(line.down() - before)
          .as("and not begun anew: one image, its blocks' frames, and little else")
          .isBetween((long) IMAGE, IMAGE * 115L / 100);
      CommandId canary = canaries.getFirst();
      assertThat(office.receipt(canary).outcome()).isEqualTo(CommandState.CONFIRMED);
      assertThat(office.receipt(canary).detail()).isEqualTo("runs " + Street.model() + " 2.0.0");
      assertThat(office.carried(canary).orElseThrow().progress())
          .matches(p -> p.isWhole() && p.blocks() > 100);
      assertThat(running(street, meters))
          .containsExactlyInAnyOrder("1.0.0", "1.0.0", "1.0.0", "2.0.0");
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(office.store.firmware().running(office.command(canary).meter()))
                  .hasValueSatisfying(r -> {
                    assertThat(r.version()).isEqualTo("2.0.0");
                    assertThat(r.source()).isEqualTo("read from the meter");
                  }));

      field.ahead.set(Duration.ofHours(2));
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            office.hear();
            office.runner.look(); // notes the receipt, releases the next ring, drafts it
            assertThat(office.firmware.report(id).unsigned()).hasSize(meters - 1);
          });
      List<CommandId> rest = office.firmware.report(id).unsigned();
      office.approveAndSign(id);
      long confirmed = street.stats().confirmed();
      send(rest);
      assertThat(street.stats().confirmed()).as("readings went on").isGreaterThan(confirmed + 4);
      assertThat(running(street, meters)).containsOnly("2.0.0");
      field.ahead.set(Duration.ofHours(4));
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            office.hear();
            office.runner.look();
            assertThat(office.store.campaigns().find(id).orElseThrow().state())
                .isEqualTo(CampaignBook.State.DONE);
          });
    }
  }

  private static List<String> running(Street street, int meters) {
    return IntStream.rangeClosed(1, meters).mapToObj(street::firmware).toList();
  }

  @Test
  @DisplayName(
      "C34: a maker whom the meter does not trust, and an older version: the meter refuses, signed, and"
          + " runs on as it did")
  void refused() throws Exception {
    KeyPair forger = CommandField.pair();
    office.maker(forger); // as who owns the office could
    FirmwareManifest good = office.add("2.0.0", image(2), MAKER);
    FirmwareManifest older = office.add("1.5.0", image(3), MAKER);
    FirmwareManifest forged = office.add("3.0.0", image(4), forger);
    try (Street street = street(settings(1))) {
      street.start(field.address());
      calledIn(street);
      CommandId first = office.order(FIRST, forged);
      send(List.of(first));
      assertThat(office.carried(first).orElseThrow().progress().isWhole()).isTrue();
      assertThat(office.command(first).state()).isEqualTo(CommandState.REFUSED);
      assertThat(office.receipt(first).detail()).matches("no maker with the key .* is trusted");
      assertThat(street.firmware(1)).isEqualTo("1.0.0");

      CommandId second = office.order(FIRST, good);
      send(List.of(second));
      assertThat(office.command(second).state()).isEqualTo(CommandState.CONFIRMED);
      assertThat(street.firmware(1)).isEqualTo("2.0.0");

      CommandId third = office.order(FIRST, older);
      send(List.of(third));
      assertThat(office.command(third).state()).isEqualTo(CommandState.REFUSED);
      assertThat(office.receipt(third).detail())
          .isEqualTo("it runs 2.0.0: firmware never goes back to 1.5.0");
      assertThat(street.firmware(1)).isEqualTo("2.0.0");
      try (MeterSession session = field.tcp.open(FIRST, Deadline.in(CommandField.PATIENCE))) {
        assertThat(session.firmware()).contains("2.0.0");
      }
    }
  }

  @Test
  @DisplayName(
      "C34: a meter without power and an office that is started anew: the image goes on where it"
          + " stood")
  void goesOn() throws Exception {
    FirmwareManifest image = office.add("2.0.0", image(5), MAKER);
    StreetSettings settings = settings(1).withState(folder.resolve("street"));
    CommandId id;
    int stood;
    try (Street street = street(settings)) {
      street.start(field.address());
      calledIn(street);
      id = office.order(FIRST, image);
      office.round();
      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(SOON)
          .until(() -> office.carried(id).filter(c -> c.progress().there() > 30).isPresent());
    }
    office.another();
    assertThat(office.command(id).state()).as("nothing was ordered").isEqualTo(CommandState.QUEUED);
    stood = office.carried(id).map(ImageProgressBook.Carried::progress).orElseThrow().there();
    assertThat(stood).isBetween(31, 95);
    try (Street street = street(settings);
        CutLine line = new CutLine(field.address(), Long.MAX_VALUE)) {
      assertThat(street.firmware(1)).isEqualTo("1.0.0");
      street.start(line.address());
      calledIn(street);
      field.ahead.set(Duration.ofMinutes(5)); // the lease of the process that died is over
      send(List.of(id));
      assertThat(line.down())
          .as("only what was missing")
          .isLessThan((IMAGE - stood * 1_024L) * 115 / 100 + 2_000);
      assertThat(office.command(id).state()).isEqualTo(CommandState.CONFIRMED);
      assertThat(street.firmware(1)).isEqualTo("2.0.0");
    }
  }
}

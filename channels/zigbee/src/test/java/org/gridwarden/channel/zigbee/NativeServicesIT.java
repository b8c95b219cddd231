package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TrustFolder;
import org.gridwarden.simulator.zigbee.ZigbeeModel;
import org.gridwarden.simulator.zigbee.meter.Display;
import org.gridwarden.simulator.zigbee.meter.SmartEnergyMeter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Smart Energy's own clusters, over a pseudo-terminal and the library's own driver. */
class NativeServicesIT {
  private static final Duration VERY_LONG = Duration.ofMinutes(8);

  @Test
  @DisplayName(
      "S16 S5 S20, C9: a meter without a tunnel is switched by a signed order alone, on prepayment,"
          + " shown a text; another sheds load and opts out; what a silence left out is asked for")
  void withoutATunnelAndWithOne(@TempDir Path folder) throws Exception {
    try (StreetBench bench =
        new StreetBench(
            folder,
            2,
            Duration.ofSeconds(10),
            new ZigbeeModel.Layout(2, 0),
            StreetBench.Wire.PLAIN)) {
      String bare = bench.street.serials().getFirst();
      String whole = bench.street.serials().get(1);
      bench.model.now(() -> {
        meter(bench, bare).withoutTunnel();
        meter(bench, bare).account().open(1_000, 25, 2_000); // low from the beginning
        return null;
      });
      Path gate = Files.createDirectories(bench.coordinator().resolve("gate"));
      Files.writeString(gate.resolve("meters.txt"), bare + "\n");
      new TrustFolder(gate.resolve("operators")).put(bench.operator.getPublic());

      TestOffice office = new TestOffice(bench.street, bench.clock, 0);
      try (ZigbeeChannel channel = bench.channel(Duration.ofSeconds(2))) {
        channel.start(office.host());
        bench.letAllIn(channel);
        await()
            .atMost(VERY_LONG)
            .until(() -> channel.reaches(new MeterId(bare)) && channel.reaches(new MeterId(whole)));
        bench.start();

        assertThat(bench.command(channel, bare, new Action.Disconnect(), 1))
            .isEqualTo(CommandState.CONFIRMED);
        assertThat(bench.street.isConnected(1)).isFalse();
        assertThat(bench.street.isConnected(2)).isTrue();
        strangerIsRefused(bench, channel, bare);
        assertThat(bench.street.isConnected(1)).isFalse();

        await().atMost(VERY_LONG).until(() -> credit(office, bare) && warned(office, bare));
        assertThat(credit(office, whole)).as("not on prepayment").isFalse();

        Notices.show(
            bench.coordinator(), bare, Duration.ofHours(1), "high", true, "Your supply is off");
        await().atMost(VERY_LONG).until(() -> shown(bench, bare).isPresent());
        assertThat(shown(bench, bare)).get().matches(t -> t.words().equals("Your supply is off"));
        assertThat(bench.model.<Boolean>now(() -> meter(bench, bare).display().confirm())).isTrue();
        await().atMost(VERY_LONG).until(() -> became(bench, bare, "confirmed"));

        assertThat(bench.command(channel, whole, new Action.LimitLoad(500, Duration.ofHours(1)), 2))
            .isEqualTo(CommandState.CONFIRMED);
        await()
            .atMost(VERY_LONG)
            .until(() ->
                bench.model.<Boolean>now(() -> meter(bench, whole).loads().event().isPresent()));
        assertThat(bench.model.<Boolean>now(() -> meter(bench, whole).loads().optOut())).isTrue();
        await().atMost(VERY_LONG).until(() -> became(bench, whole, "opted out"));
      }

      Path heard = bench.coordinator().resolve("heard.csv");
      assertThat(heard).content().contains(bare, whole);
      Files.writeString(
          heard, "meter,at\n" + bare + "," + Instant.now().minusSeconds(7_200).getEpochSecond());
      TestOffice again = new TestOffice(bench.street, bench.clock, 1_000);
      try (ZigbeeChannel channel = bench.channel(Duration.ofSeconds(2))) {
        channel.start(again.host());
        await().atMost(VERY_LONG).until(() -> caughtUp(again, bare));
      }
    }
  }

  private static SmartEnergyMeter meter(StreetBench bench, String serial) {
    return bench.model.meter(serial).orElseThrow();
  }

  private static Optional<Display.Text> shown(StreetBench bench, String serial) {
    return bench.model.now(() -> meter(bench, serial).display().text());
  }

  private static boolean became(StreetBench bench, String serial, String state) throws Exception {
    return ToldBook.list(bench.coordinator()).stream()
        .anyMatch(l -> l.meter().equals(serial) && l.state().equals(state));
  }

  private static void strangerIsRefused(StreetBench bench, ZigbeeChannel channel, String serial)
      throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    MeterId to = new MeterId(serial);
    CommandId id = new CommandId(new UUID(5, 99));
    Instant now = bench.clock.instant();
    Order order = new Order(id, to, new Action.Connect(), now, now.plusSeconds(120), "eve");
    byte[] signed =
        Signed.sign(Purpose.ORDER, Signer.of(generator.generateKeyPair()), order.bytes()).bytes();
    try (var session = channel.open(to, Deadline.in(TestOffice.LONG))) {
      assertThatThrownBy(() -> session.send(new SignedCommand(id, to, signed)))
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("no operator");
    }
  }

  private static boolean credit(TestOffice office, String meter) {
    return office.told(meter).stream()
        .anyMatch(m ->
            m instanceof Usage u
                && u.momentary().stream()
                    .anyMatch(r -> r.channel().equals(CreditValues.REMAINING)));
  }

  private static boolean warned(TestOffice office, String meter) {
    return office.told(meter).stream()
        .anyMatch(m -> m instanceof Warning w && w.code().equals("credit.low"));
  }

  /** An hour at least, marked. */
  private static boolean caughtUp(TestOffice office, String meter) {
    return office.told(meter).stream()
            .filter(m -> m instanceof Usage)
            .flatMap(m -> ((Usage) m).slots().stream())
            .filter(s -> s.quality() == Quality.UNAUTHENTICATED)
            .count()
        >= 4;
  }
}

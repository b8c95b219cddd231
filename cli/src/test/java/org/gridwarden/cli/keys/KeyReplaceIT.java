package org.gridwarden.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.keys.CounterWatch;
import org.gridwarden.security.Shipment;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.Sense;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.store.KeyBook;
import org.gridwarden.store.MeterCase;
import org.gridwarden.store.StoredCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that are erased, revoked and replaced, and keys whose counters come to their end. */
class KeyReplaceIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final MeterId OPENED = new MeterId("GW-0000001");
  private static final MeterId WORN = new MeterId("GW-0000002");

  @TempDir static Path folder;
  private static KeyTown town;
  private static Street street;

  @BeforeAll
  static void open() throws Exception {
    town = new KeyTown(folder, 0, UnaryOperator.identity(), InstantSource.system());
    street =
        Street.of(
            StreetSettings.of(2)
                .withSeed(6)
                .withHistory(Duration.ZERO)
                .withEvery(Duration.ofSeconds(1))
                .withOperators(KeyTown.operators(folder)),
            Households.load(),
            InstantSource.system());
    town.ship(street::writeShipment);
    street.start(town.headEnd());
    town.awaitCalledIn(List.of(OPENED, WORN));
  }

  @AfterAll
  static void close() throws Exception {
    street.close();
    town.close();
  }

  private static Shipment read(String csv) {
    try (var in = new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8))) {
      return Shipments.read(in, ShipmentRules.of(town.officeKey, false));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void refused(String csv, org.gridwarden.core.Actor by, String word) {
    assertThatThrownBy(() -> town.meterKeys.replace(OPENED, read(csv), "new seal", by))
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining(word);
  }

  @Test
  @DisplayName("C19 C24: erased, revoked, case closed, keyed anew by another person, heard again")
  void replaced() throws Exception {
    Street.Hand hand = street.meter(OPENED.value()).orElseThrow();
    hand.tamper(Sense.of("meter-cover"));
    hand.tamper(Sense.of("probing"));
    await()
        .atMost(SOON)
        .until(() -> hand.keysErased() && town.in(OPENED, KeyBook.State.IN_FORCE).isEmpty());
    assertThat(town.keys.keys(OPENED, Purpose.DLMS_GLOBAL_UNICAST)).isEmpty();
    assertThat(town.in(OPENED, KeyBook.State.REVOKED)).hasSize(3);

    String line = hand.rekey(town.officeKey.publicKey());
    refused(line, KeyTown.PETER, "open");
    long open =
        town.store
            .cases()
            .page(Optional.of(true), Optional.of(OPENED), 0, 1)
            .items()
            .getFirst()
            .id();
    town.cases.close(
        open, MeterCase.Verdict.MAINTENANCE, "the fitter had been announced", KeyTown.OLIVIA);
    refused(line, KeyTown.OLIVIA, "yours");
    String other = line.replace("4757530000000001", "4757530000000009");
    assertThat(other).as("its title stands in it").isNotEqualTo(line);
    refused(other, KeyTown.PETER, "system title");
    refused(line.replace("GW-0000001,", "GW-0000002,"), KeyTown.PETER, "this meter");
    assertThat(town.in(OPENED, KeyBook.State.IN_FORCE)).isEmpty();

    assertThat(town.meterKeys.replace(OPENED, read(line), "new seal", KeyTown.PETER)).isEqualTo(3);
    String now = town.inForce(OPENED);
    assertThat(now).isNotEmpty().isNotEqualTo(KeyTown.factory());
    await().atMost(SOON).until(() -> town.heard(OPENED, now) > 2);
    refused(line, KeyTown.PETER, "in force");
    assertThat(town.store.meters().byId(OPENED).orElseThrow().state())
        .as("who replaces releases nothing")
        .isEqualTo(Meter.State.QUARANTINED);
    town.cases.release(OPENED, "all is well", Optional.empty(), Optional.empty(), KeyTown.PETER);
    assertThat(town.obeys(OPENED)).isTrue();
    assertThat(town.count("SELECT count(*) FROM audit_log WHERE action = 'keys.replaced'")).isOne();

    // and its new master key carries the next ones
    StoredCommand command = town.rotate(OPENED);
    town.give(command);
    assertThat(town.awaitEnd(command).state()).isEqualTo(CommandState.CONFIRMED);
    assertThat(town.inForce(OPENED)).isNotEqualTo(now);
    assertThat(town.obeys(OPENED)).isTrue();
  }

  /** So many counters of the office are used, say. */
  private static void pass(long counters) throws Exception {
    try (var c = town.store.dataSource().getConnection();
        var s = c.prepareStatement("UPDATE send_counter SET next = next + ? WHERE meter = ?")) {
      s.setLong(1, counters);
      s.setString(2, WORN.value());
      s.executeUpdate();
    }
  }

  @Test
  @DisplayName("C4: before a counter ends an alarm is raised and an order drafted; then it is shut")
  void worn() throws Exception {
    assertThat(town.watch.look()).isZero();
    String worn = town.inForce(WORN);
    assertThat(town.obeys(WORN)).isTrue();
    pass(3_300_000_000L);
    assertThat(town.store.keys().worn(CounterWatch.WORN, 10)).isNotEmpty();
    assertThat(town.watch.look()).isPositive();
    assertThat(town.watch.look()).as("once is enough").isZero();
    await()
        .atMost(SOON)
        .until(() -> town.count("SELECT count(*) FROM event WHERE code = 'key.worn'") > 0);
    StoredCommand drafted =
        town.store
            .commands()
            .page(
                org.gridwarden.store.CommandQuery.parse(
                    "quarantined", WORN.value(), "change-keys", "", "-drafted", 0, 1))
            .items()
            .getFirst();
    assertThat(drafted.draftedBy()).isEqualTo(CommandOffice.KEY_WATCH.name());
    StoredCommand mine = town.office.adopt(drafted.id(), KeyTown.OLIVIA);
    assertThat(mine.draftedBy()).isEqualTo("olivia");
    assertThatThrownBy(() -> town.office.adopt(drafted.id(), KeyTown.PETER))
        .isInstanceOf(CommandFault.class);
    town.give(mine);
    assertThat(town.awaitEnd(mine).state()).isEqualTo(CommandState.CONFIRMED);
    String now = town.inForce(WORN);
    assertThat(now).isNotEqualTo(worn);
    assertThat(town.store.keys().list(WORN))
        .filteredOn(key -> key.state() == KeyBook.State.IN_FORCE)
        .filteredOn(key -> key.purpose() == Purpose.DLMS_GLOBAL_UNICAST)
        .allSatisfy(key -> assertThat(key.sent()).as("it counts from nought").isLessThan(10_000));

    byte[] id = java.util.HexFormat.of().parseHex(now);
    pass((1L << 32) - 1_000_000);
    assertThatThrownBy(() -> town.store.sendCounter().reserve(WORN, id, 2_000_000))
        .hasMessageContaining("used up");
  }
}

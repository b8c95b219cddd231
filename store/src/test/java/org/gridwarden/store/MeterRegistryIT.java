package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Secret;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.gridwarden.security.KeyWrap;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.OfficeKeyAccess;
import org.gridwarden.security.Shipment;
import org.gridwarden.security.ShipmentRules;
import org.gridwarden.security.Shipments;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeterRegistryIT {
  private static final String HEADER =
      "serial,system_title,profile,service_point,zone,push_policy,key_id,guek,gak\n";
  private static final String GUEK = "000102030405060708090A0B0C0D0E0F";
  private static final String GAK = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
  private static final ChannelId VIA = new ChannelId("dlms", "tcp-4059");

  @TempDir static Path folder;
  private static OfficeKey office;
  private static MeterRegistry registry;

  @BeforeAll
  static void open() throws IOException {
    office = OfficeKey.open(folder.resolve("keys"));
    registry = SharedStore.store().meters();
  }

  private static String wrapped(String hex) {
    Secret key = new Secret(HexFormat.of().parseHex(hex));
    return Base64.getEncoder().encodeToString(KeyWrap.forShipment(office.publicKey(), key));
  }

  private static Shipment shipment(String lines, boolean plain) throws IOException {
    byte[] file = (HEADER + lines).getBytes(StandardCharsets.UTF_8);
    return Shipments.read(new ByteArrayInputStream(file), ShipmentRules.of(office, plain));
  }

  private static String line(String serial, String title, String guek, String gak) {
    return serial
        + ","
        + title
        + ",street,SP-"
        + serial
        + ",Europe/Zurich,authenticated,k1,"
        + guek
        + ","
        + gak
        + "\n";
  }

  @Test
  void importsAMeterWhoseKeysOpenAndOpenFromTheLocalFormLater() throws IOException {
    Shipment file = shipment(line("R1", "5245470000000001", wrapped(GUEK), wrapped(GAK)), false);

    ShipmentResult dry = registry.importShipment(file, office, true);
    assertThat(dry.accepted()).isEqualTo(1);
    assertThat(registry.byId(new MeterId("R1"))).isEmpty();

    ShipmentResult real = registry.importShipment(file, office, false);
    assertThat(real.rejected()).isEmpty();
    assertThat(real.stored()).isTrue();
    Meter meter = registry.bySystemTitle(HexFormat.of().parseHex("5245470000000001")).orElseThrow();
    assertThat(meter.id()).isEqualTo(new MeterId("R1"));
    assertThat(registry.bySerial("R1")).contains(meter);
    KeySet keys =
        new OfficeKeyAccess(office, registry)
            .keys(meter.id(), Purpose.DLMS_GLOBAL_UNICAST)
            .orElseThrow();
    assertThat(keys.encryption().copy()).isEqualTo(HexFormat.of().parseHex(GUEK));
    assertThat(keys.authentication().copy()).isEqualTo(HexFormat.of().parseHex(GAK));
    Wrapped kept = registry.find(meter.id(), Purpose.DLMS_GLOBAL_UNICAST).orElseThrow();
    assertThat(kept.encryption()).as("the local form").hasSizeLessThan(64);
    assertThat(registry.find(meter.id(), Purpose.DLMS_GLOBAL_BROADCAST)).isEmpty();
  }

  @Test
  @DisplayName("C24: feeder, receipt key and seal come with a shipment, and none rebinds them")
  void aShipmentBringsWhatCommandsNeed() throws Exception {
    MeterId id = new MeterId("R70");
    String key = receiptKey();
    String seal = "plain:" + GUEK + GAK;
    Shipment first = forCommands("F-7", key, seal);
    assertThat(registry.importShipment(first, office, false).rejected()).isEmpty();
    assertThat(registry.feeder(id)).isEqualTo("F-7");
    assertThat(registry.receiptKey(id).orElseThrow().getEncoded())
        .isEqualTo(Base64.getDecoder().decode(key));
    KeySet seals =
        new OfficeKeyAccess(office, registry).keys(id, Purpose.COMMAND_SEAL).orElseThrow();
    assertThat(seals.encryption().copy()).isEqualTo(HexFormat.of().parseHex(GUEK + GAK));

    assertThat(registry.importShipment(first, office, false).unchanged()).isEqualTo(1);
    Shipment silent =
        shipment(line("R70", "5245470000000070", "plain:" + GUEK, "plain:" + GAK), true);
    assertThat(registry.importShipment(silent, office, false).unchanged()).isEqualTo(1);
    assertThat(registry.importShipment(forCommands("F-8", key, seal), office, false).rejected())
        .extracting(org.gridwarden.security.ShipmentError::field)
        .containsExactly("feeder");
    assertThat(
            registry
                .importShipment(forCommands("F-7", receiptKey(), seal), office, false)
                .rejected())
        .extracting(org.gridwarden.security.ShipmentError::field)
        .containsExactly("receipt_key");
    String other = "plain:" + GAK + GUEK;
    assertThat(registry.importShipment(forCommands("F-7", key, other), office, false).rejected())
        .extracting(org.gridwarden.security.ShipmentError::field)
        .containsExactly("seal");

    registry.refresh();
    assertThat(registry.feeder(id)).isEqualTo("F-7");
    assertThat(registry.setFeeder(id, "F-9")).isTrue();
    registry.setState(id, Meter.State.QUARANTINED);
    assertThat(registry.feeder(id)).as("a change of something else keeps it").isEqualTo("F-9");
    assertThat(registry.feeder(new MeterId("nobody"))).isEmpty();
  }

  private static String receiptKey() throws Exception {
    java.security.KeyPairGenerator generator = java.security.KeyPairGenerator.getInstance("EC");
    generator.initialize(new java.security.spec.ECGenParameterSpec("secp256r1"));
    return Base64.getEncoder().encodeToString(generator.generateKeyPair().getPublic().getEncoded());
  }

  private static Shipment forCommands(String feeder, String receiptKey, String seal)
      throws IOException {
    String line = line("R70", "5245470000000070", "plain:" + GUEK, "plain:" + GAK).strip();
    byte[] file =
        (HEADER.strip()
                + ",feeder,receipt_key,seal\n"
                + line
                + ","
                + feeder
                + ","
                + receiptKey
                + ","
                + seal
                + "\n")
            .getBytes(StandardCharsets.UTF_8);
    return Shipments.read(new ByteArrayInputStream(file), ShipmentRules.of(office, true));
  }

  @Test
  @DisplayName("C18: no table holds a key in the clear, nor one wrapped in another meter's place")
  void keysAreStoredOnlyWrapped() throws Exception {
    String lines =
        line("R20", "5245470000000020", "plain:" + GUEK, "plain:" + GAK)
            + line("R21", "5245470000000021", "plain:" + GUEK, "plain:" + GAK);
    registry.importShipment(shipment(lines, true), office, false);
    long clear =
        SharedStore.number(
            "SELECT count(*) FROM meter_key k WHERE position('"
                + GUEK.toLowerCase(java.util.Locale.ROOT)
                + "' IN encode(coalesce(shipped, ''), 'hex') || encode(coalesce(local, ''), 'hex'))"
                + " > 0");
    assertThat(clear).isZero();
    Wrapped of20 = registry.find(new MeterId("R20"), Purpose.DLMS_GLOBAL_UNICAST).orElseThrow();
    assertThat(office.open(new MeterId("R20"), Purpose.DLMS_GLOBAL_UNICAST, of20).encryption())
        .isEqualTo(new Secret(HexFormat.of().parseHex(GUEK)));
    assertThatThrownBy(() -> office.open(new MeterId("R21"), Purpose.DLMS_GLOBAL_UNICAST, of20))
        .isInstanceOf(org.gridwarden.security.UnusableKeyException.class);
  }

  @Test
  @DisplayName("C24: a shipment rebinds nothing; the same again changes nothing")
  void aShipmentRebindsNothing() throws IOException {
    String first = line("R30", "5245470000000030", wrapped(GUEK), wrapped(GAK));
    registry.importShipment(shipment(first, false), office, false);

    ShipmentResult again = registry.importShipment(shipment(first, false), office, false);
    assertThat(again.unchanged()).isEqualTo(1);
    String anew = line("R30", "5245470000000030", wrapped(GUEK), wrapped(GAK));
    assertThat(registry.importShipment(shipment(anew, false), office, false).unchanged())
        .as("the same keys wrapped anew")
        .isEqualTo(1);

    String otherKeys = line("R30", "5245470000000030", wrapped(GAK), wrapped(GAK));
    ShipmentResult refused = registry.importShipment(shipment(otherKeys, false), office, false);
    assertThat(refused.stored()).isFalse();
    assertThat(refused.rejected())
        .singleElement()
        .asString()
        .contains("line 2, guek", "other keys");

    String otherTitle = line("R30", "5245470000000031", wrapped(GUEK), wrapped(GAK));
    assertThat(registry.importShipment(shipment(otherTitle, false), office, false).rejected())
        .singleElement()
        .asString()
        .contains("system_title");
    String otherId = line("R32", "5245470000000030", wrapped(GUEK), wrapped(GAK));
    assertThat(registry.importShipment(shipment(otherId, false), office, false).rejected())
        .singleElement()
        .asString()
        .contains("belongs to meter R30");
  }

  @Test
  void oneWrongLineKeepsTheWholeFileOut() throws IOException {
    String lines =
        line("R40", "5245470000000040", wrapped(GUEK), wrapped(GAK))
            + line("R41", "nonsense", wrapped(GUEK), wrapped(GAK));
    ShipmentResult result = registry.importShipment(shipment(lines, false), office, false);
    assertThat(result.stored()).isFalse();
    assertThat(result.rejectedMeters()).isEqualTo(1);
    assertThat(registry.byId(new MeterId("R40"))).isEmpty();
  }

  @Test
  void keysWrappedToAnotherOfficeAreToldAtImport() throws IOException {
    OfficeKey other = OfficeKey.open(folder.resolve("other"));
    String alien =
        Base64.getEncoder()
            .encodeToString(
                KeyWrap.forShipment(other.publicKey(), new Secret(HexFormat.of().parseHex(GUEK))));
    ShipmentResult result =
        registry.importShipment(
            shipment(line("R50", "5245470000000050", alien, wrapped(GAK)), false), office, false);
    assertThat(result.rejected())
        .singleElement()
        .asString()
        .contains("not wrapped to this office", office.fingerprint());
  }

  @Test
  void strangersWaitUntilAShipmentMakesThemKnown() throws IOException {
    MeterId stranger = new MeterId("52454700000000A0");
    MessageId id = new MessageId(stranger, new byte[0], -1, new byte[32]);
    Received message =
        new Received(
            id,
            VIA,
            Instant.parse("2026-11-24T05:00:00Z"),
            Assurance.NONE,
            new byte[2_000],
            List.of());
    IntakeStore intake = SharedStore.store().intake();
    assertThat(intake.commit(List.of(message, message)))
        .containsOnly(new Outcome.Waiting())
        .hasSize(2);
    WaitingMeter waiting = registry.waiting().find("52454700000000a0").orElseThrow();
    assertThat(waiting.messages()).isEqualTo(2);
    assertThat(waiting.via()).isEqualTo(VIA);
    assertThat(waiting.sample()).hasSize(1_024);
    assertThat(registry.waiting().list(0, 1_000))
        .extracting(WaitingMeter::identity)
        .contains(stranger.value());

    registry.importShipment(
        shipment(line("R60", "52454700000000A0", wrapped(GUEK), wrapped(GAK)), false),
        office,
        false);
    assertThat(registry.waiting().find(stranger.value())).isEmpty();
    assertThat(intake.commit(List.of(message))).containsOnly(new Outcome.Waiting());
    assertThat(registry.waiting().find(stranger.value())).as("known by now").isEmpty();
  }

  @Test
  void theWaitingListIsBoundedAndKeepsThoseWhoInsist() throws Exception {
    WaitingList small = new WaitingList(SharedStore.store().transactions(), new MeterIndex(), 20);
    Instant at = Instant.parse("2026-11-24T04:00:00Z");
    List<Received> insisting = List.of(stranger("insists", at), stranger("insists", at));
    List<Received> flood = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      flood.add(stranger("flood-" + i, at.plusSeconds(i)));
    }
    SharedStore.store()
        .transactions()
        .run(
            "test",
            c -> {
              small.note(c, insisting);
              small.note(c, flood.subList(0, 50));
              small.note(c, flood.subList(50, 100));
              return c;
            });
    assertThat(small.count()).isLessThanOrEqualTo(20);
    assertThat(small.find("insists")).isPresent();
    for (WaitingMeter one : small.list(0, 100)) {
      small.remove(one.identity());
    }
  }

  private static Received stranger(String name, Instant at) {
    MessageId id = new MessageId(new MeterId(name), new byte[0], -1, new byte[32]);
    return new Received(id, VIA, at, Assurance.NONE, new byte[10], List.of());
  }

  @Test
  void listsBySearchStateAndOrder() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 25; i++) {
      lines.append(
          line(
              "L%02d_x".formatted(i),
              "4C4C4C00000000%02d".formatted(i),
              wrapped(GUEK),
              wrapped(GAK)));
    }
    registry.importShipment(shipment(lines.toString(), false), office, false);
    registry.setState(new MeterId("L07_x"), Meter.State.QUARANTINED);

    MeterPage page = registry.list(MeterQuery.parse("l%", "", "", 0, 50));
    assertThat(page.total()).as("a sign of LIKE is taken as itself").isZero();
    page = registry.list(MeterQuery.parse("4c4c4c", "", "-serial", 1, 10));
    assertThat(page.total()).isEqualTo(25);
    assertThat(page.items())
        .extracting(row -> row.meter().serial())
        .startsWith("L14_x")
        .hasSize(10);
    assertThat(page.items().getFirst().lastContact()).isEmpty();
    assertThat(
            registry.list(MeterQuery.parse("_X", "quarantined", "lastContact,-id", 0, 50)).items())
        .extracting(row -> row.meter().id().value())
        .containsExactly("L07_x");
    try (var all = registry.stream(MeterQuery.parse("sp-l", "active", "", 0, 1))) {
      assertThat(all).hasSize(24);
    }
    assertThatThrownBy(() -> MeterQuery.parse("", "", "password", 0, 50))
        .hasMessageContaining("lastContact");
    assertThat(registry.row(new MeterId("L07_x")).orElseThrow().servicePoint())
        .isEqualTo("SP-L07_x");
  }

  @Test
  void aMeterExchangeIsRemembered() throws IOException {
    registry.importShipment(
        shipment(line("X1", "5800000000000001", wrapped(GUEK), wrapped(GAK)), false),
        office,
        false);
    MeterId old = new MeterId("X1");
    MeterId fresh = SharedStore.meter();
    Instant at = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MICROS);
    registry.exchange(old, fresh, at);
    assertThat(registry.history("SP-X1")).extracting(MeterTerm::meter).containsExactly(old, fresh);
    assertThat(registry.history("SP-X1").getFirst().until().orElseThrow().toEpochMilli())
        .isEqualTo(at.toEpochMilli());
    assertThat(registry.row(fresh).orElseThrow().servicePoint()).isEqualTo("SP-X1");
    assertThatThrownBy(() -> registry.exchange(old, fresh, at)).hasMessageContaining("nowhere");
    MeterRegistry again =
        new MeterRegistry(SharedStore.store().transactions(), java.time.InstantSource.system());
    assertThat(again.byId(old)).isEqualTo(registry.byId(old));
    assertThat(again.count()).isEqualTo(registry.count());
  }

  @Test
  void refusedMessagesAreKept() {
    registry.refused().record(stranger("poison", Instant.now()), "a reason\0");
    assertThat(registry.refused().latest(1))
        .singleElement()
        .satisfies(kept -> assertThat(kept.meter()).isEqualTo("poison"));
  }

  @Test
  void ofALargeFileSomeKeysAreOpened() throws IOException {
    String guek = wrapped(GUEK);
    String gak = wrapped(GAK);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      lines.append(line("B" + i, "%016X".formatted(0x4200000000000000L + i), guek, gak));
    }
    Shipment file = shipment(lines.toString(), false);
    assertThat(file.lines()).hasSize(20_000);
    ShipmentResult dry = registry.importShipment(file, office, true);
    assertThat(dry.accepted()).isEqualTo(20_000);
  }
}

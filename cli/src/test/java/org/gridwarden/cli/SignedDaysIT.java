package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.channel.dlms.DlmsChannelFactory;
import org.gridwarden.channel.mqtt.MqttChannelFactory;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.security.certificate.CertificateAuthority;
import org.gridwarden.security.certificate.CertificatePem;
import org.gridwarden.security.certificate.Holder;
import org.gridwarden.security.command.TrustFolder;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.mqtt.MqttCarrier;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.StoredCertificate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Simulated meters sign their days; their bills say so, to whoever has the office's key alone. */
class SignedDaysIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final SlotVersions.Channel CHANNEL =
      new SlotVersions.Channel(
          ObisCode.parse("1.0.1.29.0.255"), Duration.ofMinutes(15), Unit.WATT_HOUR, 0);

  @TempDir Path folder;

  @Test
  @DisplayName(
      "S9: days that meters signed over MQTT make a bill meter-signed; an altered slot is found")
  void overMqtt() throws Exception {
    LocalDate first = LocalDate.now(BillTown.ZURICH).minusDays(6);
    LocalDate after = first.plusDays(2);
    AtomicReference<Instant> time = new AtomicReference<>(midnight(first).minusSeconds(600));
    StreetSettings settings =
        StreetSettings.of(2).withSeed(3).withEvery(Duration.ofSeconds(1)).withSigning();
    try (BillTown town = new BillTown(folder, new MqttChannelFactory());
        MessageStreet street = MessageStreet.of(settings, Households.load(), time::get)) {
      town.ship(street::writeShipment);
      street.start(new MqttCarrier(town.address(), true));
      time.set(midnight(after).plusSeconds(300));
      MeterId meter = new MeterId(street.serials().getFirst());
      MeterId other = new MeterId(street.serials().get(1));
      await().atMost(SOON).until(() -> signed(town, meter, first) == 2);
      await().atMost(SOON).until(() -> signed(town, other, first) == 2);

      assertThat(town.bill(meter, first, after).billed()).isEqualTo(1);
      Path file = town.file(meter);

      BillTown.Said said = town.verify(file);
      assertThat(said.exit()).as(said.err()).isZero();
      assertThat(said.out()).contains("192 slots").contains("meter-signed").contains("It holds");
      // whose key it is, only the office says: with authorities that have to vouch it does not
      // count
      Path authority = folder.resolve("ca.pem");
      Files.writeString(authority, pem());
      said = town.verify(file, "--meter-ca", authority.toString());
      assertThat(said.exit()).as(said.err()).isZero();
      assertThat(said.out()).contains("office-attested").doesNotContain("meter-signed");

      // who alters the bill afterwards is told which slot
      ObjectNode altered = (ObjectNode) JsonMapper.shared().readTree(Files.readAllBytes(file));
      ((ArrayNode) altered.path("bill").path("days").get(1).path("slots")).set(40, 1);
      Path forged = folder.resolve("forged.json");
      Files.writeString(forged, altered.toString());
      said = town.verify(forged);
      assertThat(said.exit()).isEqualTo(1);
      assertThat(said.err())
          .contains("day " + first.plusDays(1) + " of meter " + meter)
          .contains("slot " + midnight(first.plusDays(1)).plusSeconds(40 * 900));

      // who alters the database before it is billed gets no bill, and is told the day
      town.sql(
          "UPDATE interval_block SET \"values\"[41] = \"values\"[41] + 5 WHERE day = '"
              + first
              + "' AND meter = (SELECT id FROM meter WHERE meter_id = '"
              + other
              + "')");
      town.sql(
          "UPDATE landing SET value = value + 5 WHERE start = '"
              + midnight(first).plusSeconds(40 * 900)
              + "' AND meter = (SELECT id FROM meter WHERE meter_id = '"
              + other
              + "')");
      BillBook.Run run = town.bill(other, first, after);
      assertThat(run.billed()).isZero();
      assertThat(town.store.bills().blocked(run.id(), "", 10))
          .singleElement()
          .satisfies(blocked -> {
            assertThat(blocked.reason()).isEqualTo("integrity");
            assertThat(blocked.detail())
                .startsWith(
                    "day "
                        + first
                        + " of meter "
                        + other
                        + ": the meter signed other values than were billed");
          });
    }
  }

  @Test
  @DisplayName(
      "S9: days that a DLMS meter pushed signed, under a certificate of the office's authority")
  void overDlms() throws Exception {
    LocalDate today = LocalDate.now(BillTown.ZURICH);
    LocalDate first = today.minusDays(3);
    LocalDate after = today.minusDays(2);
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair operator = generator.generateKeyPair();
    Path operators = folder.resolve("operators");
    new TrustFolder(operators).put(operator.getPublic());
    StreetSettings settings =
        StreetSettings.of(1)
            .withSeed(4)
            .withHistory(Duration.ofDays(4))
            .withOperators(operators)
            .withSigning();
    try (BillTown town = new BillTown(folder, new DlmsChannelFactory());
        Street street = Street.of(settings, Households.load(), InstantSource.system())) {
      town.ship(street::writeShipment);
      MeterId meter = new MeterId(street.serials().getFirst());
      CertificateAuthority authority =
          CertificateAuthority.open(folder.resolve("ca"), town.officeKey, InstantSource.system());
      certify(town, meter, authority);
      street.start(town.address());
      await().atMost(SOON).until(() -> signed(town, meter, first) >= 2);

      assertThat(town.bill(meter, first, after).billed()).isEqualTo(1);
      Path file = town.file(meter);
      Path pem = folder.resolve("ca.pem");
      Files.writeString(
          pem,
          org.gridwarden.security.command.P256.pem(authority.issuing().getFirst().getPublicKey()));

      BillTown.Said said = town.verify(file, "--meter-ca", pem.toString(), "--json");

      assertThat(said.exit()).as(said.err()).isZero();
      assertThat(said.out())
          .contains("\"grade\":\"meter-signed\"")
          .contains("\"days_signed_by_meter\":1");
    }
  }

  private static String pem() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return org.gridwarden.security.command.P256.pem(generator.generateKeyPair().getPublic());
  }

  private static Instant midnight(LocalDate day) {
    return day.atStartOfDay(BillTown.ZURICH).toInstant();
  }

  private static int signed(BillTown town, MeterId meter, LocalDate from) {
    return town.store
        .meterDaySignatures()
        .of(meter, CHANNEL, midnight(from), midnight(from.plusDays(2)))
        .size();
  }

  private static void certify(BillTown town, MeterId meter, CertificateAuthority authority)
      throws Exception {
    var key = town.store.meters().receiptKey(meter).orElseThrow();
    X509Certificate certificate =
        authority.issue(Holder.meter(meter.value(), new byte[0]), key, List.of());
    byte[] keyId = java.security.MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    town.store
        .unitOfWork()
        .call(tx -> {
          town.store
              .certificates()
              .add(
                  tx,
                  new StoredCertificate(
                      certificate.getSerialNumber(),
                      "meter",
                      meter.value(),
                      Instant.now(),
                      certificate.getNotBefore().toInstant(),
                      certificate.getNotAfter().toInstant(),
                      "test",
                      Optional.empty(),
                      keyId,
                      CertificatePem.der(certificate)),
                  Actor.system("test"));
          return 0;
        });
  }
}

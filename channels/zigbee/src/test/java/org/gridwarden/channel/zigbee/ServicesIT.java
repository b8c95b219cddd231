package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Image;
import org.gridwarden.core.ImageProgress;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.objects.EnergySource;
import org.gridwarden.dlms.objects.ReferenceMeter;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.cbke.Suite;
import org.gridwarden.security.cbke.TestAuthority;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwarePackage;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.zigbee.ZigbeeModel;
import org.gridwarden.simulator.zigbee.meter.KeyEstablishment;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys by certificates, DLMS and firmware, over a pseudo-terminal and the library's own driver. */
class ServicesIT {
  private static final int METERS = 3;

  /** As many have certificates of the office's authority; the last has one of another's. */
  private static final int CERTIFIED = 2;

  /** An attempt that fails on a busy machine is begun anew half a minute later. */
  private static final Duration VERY_LONG = Duration.ofMinutes(4);

  private static final byte[] TITLE = {'G', 'W', 'M', 0, 0, 0, 0, 1};
  private static final byte[] OFFICE = {'G', 'W', 'O', 0, 0, 0, 0, 1};

  @Test
  @DisplayName(
      "S26 S19 C23 C34: keys by certificates, then orders, a reading by DLMS, and firmware")
  void metersAreServed(@TempDir Path folder) throws Exception {
    SecureRandom random = new SecureRandom();
    List<TestAuthority> authorities =
        List.of(
            TestAuthority.make(Suite.SUITE_1, 77, random),
            TestAuthority.make(Suite.SUITE_2, 77, random));
    try (StreetBench bench =
        new StreetBench(
            folder,
            METERS,
            Duration.ofSeconds(60),
            new ZigbeeModel.Layout(METERS, 0.01),
            StreetBench.Wire.PLAIN)) {
      Files.createDirectories(bench.coordinator());
      for (int i = 1; i <= 2; i++) {
        SecretFiles.write(
            bench.coordinator().resolve("certificate-" + i + ".txt"),
            authorities
                .get(i - 1)
                .issue(ZigbeeModel.CENTRE, Instant.EPOCH)
                .text()
                .getBytes(StandardCharsets.US_ASCII));
      }
      bench.model.certify(authorities);
      String stranger = bench.street.serials().get(CERTIFIED);
      TestAuthority another = TestAuthority.make(Suite.SUITE_2, 77, random);
      bench.model.now(() ->
          bench
              .model
              .meter(stranger)
              .orElseThrow()
              .certify(List.of(another.issue(bench.model.eui64(METERS), Instant.EPOCH)), random));
      String first = bench.street.serials().getFirst();
      MeterId meter = new MeterId(first);
      bench.model.now(() -> {
        bench.model.meter(first).orElseThrow().serve(Map.of(1, device(bench)));
        return null;
      });
      TestOffice office = new TestOffice(bench.street, bench.clock, 0);
      try (ZigbeeChannel channel = bench.channel(Duration.ofSeconds(30))) {
        channel.start(office.host());
        bench.letAllIn(channel);
        await().atMost(VERY_LONG).until(() -> bench.model.inside() == METERS);
        await()
            .atMost(VERY_LONG)
            .until(() ->
                bench.street.serials().stream()
                    .limit(CERTIFIED)
                    .allMatch(s -> established(bench, s)));
        assertThat(Files.readAllLines(bench.coordinator().resolve("established.csv")))
            .hasSizeGreaterThanOrEqualTo(CERTIFIED)
            .allMatch(line -> line.endsWith(",SUITE_2"));
        assertThat(channel.health().detail()).contains("keys by certificates");
        await().atMost(VERY_LONG).until(() -> channel.tally().of(Tally.What.UNAUTHENTICATED) > 0);
        await().atMost(VERY_LONG).until(() -> channel.reaches(new MeterId(stranger)));
        assertThat(established(bench, stranger)).as("it keeps the key it came with").isFalse();
        bench.start();
        await().atMost(VERY_LONG).until(() -> !office.told(stranger).isEmpty());
        await().atMost(TestOffice.LONG).until(() -> !office.told(first).isEmpty());
        assertThat(bench.command(channel, first, new Action.Disconnect(), 1))
            .as("under the new key")
            .isEqualTo(CommandState.CONFIRMED);

        read(channel, meter);
        upgrade(bench, channel, meter);
      }
    }
  }

  private static boolean established(StreetBench bench, String meter) {
    return bench
        .model
        .now(() ->
            bench
                .model
                .meter(meter)
                .orElseThrow()
                .establishment()
                .flatMap(KeyEstablishment::established))
        .isPresent();
  }

  private static LogicalDevice device(StreetBench bench) {
    ReferenceMeter meter =
        new ReferenceMeter(
            ReferenceMeter.Setup.of(
                "GWM0000000000001",
                bench.clock,
                ZoneOffset.UTC,
                EnergySource.steady(bench.clock.instant().minusSeconds(86_400), 1_000)));
    var security = DlmsTunnelTest.security(TITLE, new AtomicLong());
    return new LogicalDevice(
        TITLE, meter.all(), Map.of(1, ClientAccess.gmac(() -> security, Rights.READ_ALL)));
  }

  private static void read(ZigbeeChannel channel, MeterId meter) throws Exception {
    try (Association association =
        Association.open(
            channel.dlms().open(meter, 1, 1),
            AssociationRequest.gmac(DlmsTunnelTest.security(OFFICE, new AtomicLong()))
                .withPatience(TestOffice.LONG))) {
      Outcome energy = association.get(new AttributeRef(3, ObisCode.parse("1.0.1.8.0.255"), 2));
      assertThat(energy)
          .isInstanceOfSatisfying(
              Outcome.Value.class,
              v ->
                  assertThat(v.data())
                      .isInstanceOfSatisfying(
                          DlmsData.DoubleLongUnsigned.class,
                          n -> assertThat(n.value()).isGreaterThanOrEqualTo(24_000)));
    }
  }

  private static void upgrade(StreetBench bench, ZigbeeChannel channel, MeterId meter)
      throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair maker = generator.generateKeyPair();
    Path makers = Files.createDirectories(bench.folder.resolve("operators").resolve("makers"));
    Files.writeString(
        makers.resolve(HexFormat.of().formatHex(Signed.keyId(maker.getPublic())) + ".pem"),
        P256.pem(maker.getPublic()));
    byte[] bytes = new byte[4_000];
    new Random(1).nextBytes(bytes);
    FirmwareManifest manifest =
        FirmwareManifest.of(
            "GW-STREET", new FirmwareVersion(1, 1, 0), new FirmwareVersion(1, 0, 0), bytes);
    byte[] signed = Signed.sign(Purpose.FIRMWARE, Signer.of(maker), manifest.bytes()).bytes();
    Image image = Image.of("firmware-1.1.0", FirmwarePackage.of(signed, bytes));
    List<ImageProgress> told = new ArrayList<>();
    try (MeterSession session = channel.open(meter, Deadline.in(TestOffice.LONG))) {
      ImageProgress carried = session.carry(image, Optional.empty(), TestOffice.LONG, told::add);
      assertThat(carried.isWhole()).isTrue();
      assertThat(told).hasSizeGreaterThan(1);
    }
    assertThat(bench.street.firmware(1)).as("nobody ordered it").hasToString("1.0.0");
    assertThat(
            bench.command(
                channel, meter.value(), new Action.UpdateFirmware("1.1.0", manifest.sha256()), 2))
        .isEqualTo(CommandState.CONFIRMED);
    assertThat(bench.street.firmware(1)).hasToString("1.1.0");
  }
}

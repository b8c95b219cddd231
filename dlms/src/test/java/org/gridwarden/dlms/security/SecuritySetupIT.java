package org.gridwarden.dlms.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.client.SecuritySetupCalls;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.objects.SecuritySetup;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Security setup in our meter, as our client changes it over ciphered associations. */
class SecuritySetupIT {
  private static final ObisCode SETUP = ObisCode.parse("0.0.43.0.0.255");
  private static final Instant NOW = Instant.parse("2026-11-25T04:00:00Z");
  private static final Instant FROM = NOW.minus(Duration.ofDays(10));
  private static final Instant UNTIL = NOW.plus(Duration.ofDays(3_650));
  private static final byte[] METER = {'G', 'W', 'M', 0, 0, 0, 0, 1};
  private static final byte[] CLIENT = {'G', 'W', 'C', 0, 0, 0, 0, 1};
  private static final byte[] OTHER = {'G', 'W', 'C', 0, 0, 0, 0, 9};
  private static final int NUMBER = 20;

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final AtomicReference<SecurityPolicy> kept = new AtomicReference<>();

  /** A client, its meter, and an authority that both know. */
  private final class World {
    final TestAuthority authority;
    final KeyPair clientSigning;
    final KeyPair meterSigning;
    final MeterCredentials credentials;
    final MeterSecurity security;
    final LogicalDevice device;
    final SecurityContext client;

    World(SecuritySuite suite) throws DlmsException {
      EllipticCurve curve = suite.curve().orElse(EllipticCurve.P_256);
      authority = new TestAuthority(curve, "Test authority");
      clientSigning = curve.generate();
      meterSigning = curve.generate();
      List<CertificateInfo> certificates = new ArrayList<>();
      if (suite.curve().isPresent()) {
        certificates.add(CertificateInfo.read(authority.own(FROM, UNTIL)));
        certificates.add(
            CertificateInfo.read(
                authority.issue(
                    CLIENT,
                    clientSigning.getPublic(),
                    TestAuthority.SIGNATURE_USAGE,
                    FROM,
                    UNTIL)));
      }
      credentials =
          new MeterCredentials(
              METER,
              suite,
              now::get,
              new MeterCredentials.Content(
                  certificates, Map.of(CertificateInfo.Type.SIGNATURE, meterSigning), Map.of()),
              _ -> {});
      security =
          new MeterSecurity(
              METER,
              CLIENT,
              suite,
              ring(suite),
              credentials,
              SecurityPolicy.AUTHENTICATED_ENCRYPTED,
              kept::set);
      device =
          new LogicalDevice(
              METER,
              List.of(new SecuritySetup(SETUP, security)),
              Map.of(NUMBER, ClientAccess.gmac(security::context, Rights.EVERYTHING)));
      client =
          SecurityContext.of(CLIENT, ring(suite))
              .withSuite(suite)
              .withPeer(METER)
              .withPairs(
                  new AsymmetricKeys(
                      Optional.of((ECPrivateKey) clientSigning.getPrivate()),
                      Optional.empty(),
                      Optional.of((ECPublicKey) meterSigning.getPublic()),
                      Optional.empty()));
    }

    Association open(SecurityContext context) throws Exception {
      return Association.open(new Wire(device, NUMBER), AssociationRequest.gmac(context));
    }
  }

  private static KeyRing ring(SecuritySuite suite) {
    AtomicLong counter = new AtomicLong(100);
    KeyCounters counters = new KeyCounters(counter::incrementAndGet, CounterMemory.inMemory());
    return new KeyRing(
        KeyGeneration.of(DlmsKeys.of(key(suite, 1), key(suite, 2)), counters, counters)
            .withMaster(key(suite, 4)),
        KeyRing.Store.inMemory());
  }

  private static byte[] key(SecuritySuite suite, int filling) {
    byte[] key = new byte[suite.keyLength()];
    Arrays.fill(key, (byte) filling);
    return key;
  }

  private static DlmsData read(Association meter, int attribute) throws Exception {
    return ((Outcome.Value) meter.get(new AttributeRef(SecuritySetup.CLASS_ID, SETUP, attribute)))
        .data();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("what it shows: policy, suite, titles, certificates")
  void attributes(SecuritySuite suite) throws Exception {
    World world = new World(suite);
    try (Association meter = world.open(world.client)) {
      assertThat(read(meter, 2)).isEqualTo(new DlmsData.Enumerated(0x6C));
      assertThat(read(meter, 3)).isEqualTo(new DlmsData.Enumerated(suite.number()));
      assertThat(read(meter, 4)).isEqualTo(DlmsData.OctetString.of(CLIENT));
      assertThat(read(meter, 5)).isEqualTo(DlmsData.OctetString.of(METER));
      DlmsData.Array certificates = (DlmsData.Array) read(meter, 6);
      assertThat(certificates.size()).isEqualTo(suite.curve().isEmpty() ? 0 : 2);
      if (suite.curve().isPresent()) {
        DlmsData.Structure own = (DlmsData.Structure) certificates.get(1);
        // a client's, for signatures, the authority's second
        assertThat(own.get(0)).isEqualTo(new DlmsData.Enumerated(1));
        assertThat(own.get(1)).isEqualTo(new DlmsData.Enumerated(0));
        assertThat(own.get(2)).isEqualTo(DlmsData.OctetString.of((byte) 2));
      }
    }
  }

  @Test
  @DisplayName(
      "C7: the policy grows stricter at once and never weaker; suite 0 asks for no signature")
  void policy() throws Exception {
    World world = new World(SecuritySuite.SUITE_1);
    try (Association meter = world.open(world.client)) {
      SecuritySetupCalls calls = new SecuritySetupCalls(meter, SETUP);
      for (SecurityPolicy weaker :
          List.of(SecurityPolicy.NOTHING, SecurityPolicy.of(true, false, true))) {
        assertThat(calls.activate(weaker)).isEqualTo(AccessResult.READ_WRITE_DENIED);
      }
      assertThat(kept.get()).isNull();
      SecurityPolicy signed = SecurityPolicy.of(true, true, true);
      SecurityContext signing = world.client.withPolicy(signed);
      // the answer is still as the question was
      assertThat(calls.activate(signed)).isEqualTo(AccessResult.SUCCESS);
      assertThat(kept.get()).isEqualTo(signed);
      assertThatThrownBy(() -> calls.activate(signed)).isInstanceOf(AssociationRefused.class);
      try (Association again = world.open(signing)) {
        assertThat(read(again, 2)).isEqualTo(new DlmsData.Enumerated(0xFC));
      }
      assertThatThrownBy(() -> world.open(world.client)).isInstanceOf(AssociationRefused.class);
    }
    World zero = new World(SecuritySuite.SUITE_0);
    try (Association meter = zero.open(zero.client)) {
      assertThat(new SecuritySetupCalls(meter, SETUP).activate(SecurityPolicy.of(true, true, true)))
          .isEqualTo(AccessResult.READ_WRITE_DENIED);
    }
  }

  // --- keys

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "C17, C5: key_transfer: old keys until the new ones are proven, then only the new ones")
  void transfer(SecuritySuite suite) throws Exception {
    World world = new World(suite);
    KeyRing ofClient = world.client.keys();
    try (Association meter = world.open(world.client)) {
      SecuritySetupCalls calls = new SecuritySetupCalls(meter, SETUP);
      assertThat(
              calls.transfer(
                  world.client,
                  Set.of(GlobalKey.UNICAST, GlobalKey.AUTHENTICATION, GlobalKey.MASTER)))
          .isEqualTo(AccessResult.SUCCESS);
      // the association goes on under the old keys
      assertThat(read(meter, 3)).isEqualTo(new DlmsData.Enumerated(suite.number()));
    }
    // a client that has lost the new ones still gets in
    try (Association meter = world.open(world.client)) {
      assertThat(read(meter, 3)).isEqualTo(new DlmsData.Enumerated(suite.number()));
    }
    assertThat(ofClient.pending()).isPresent();
    KeyGeneration old = ofClient.current();
    try (Association meter = world.open(world.client.withNewKeys())) {
      assertThat(read(meter, 3)).isEqualTo(new DlmsData.Enumerated(suite.number()));
    }
    assertThat(ofClient.pending()).isEmpty();
    assertThat(ofClient.current()).isNotSameAs(old);
    // counters began anew, with the key
    assertThat(ofClient.current().unicast().sending().next()).isLessThan(10);
    assertThat(old.unicast().sending().next()).isGreaterThan(100);
    // the old ones are of no use any more
    SecurityContext withOld =
        SecurityContext.of(CLIENT, new KeyRing(old, KeyRing.Store.inMemory()))
            .withSuite(suite)
            .withPeer(METER);
    assertThatThrownBy(() -> world.open(withOld)).isInstanceOf(AssociationRefused.class);
    // and the new master key wraps the next ones
    try (Association meter = world.open(world.client)) {
      assertThat(
              new SecuritySetupCalls(meter, SETUP)
                  .transfer(world.client, Set.of(GlobalKey.UNICAST)))
          .isEqualTo(AccessResult.SUCCESS);
    }
    try (Association meter = world.open(world.client.withNewKeys())) {
      assertThat(read(meter, 3)).isEqualTo(new DlmsData.Enumerated(suite.number()));
    }
  }

  @Test
  @DisplayName("C5: a change of other keys than the encryption key leaves its counters going on")
  void countersGoOn() throws Exception {
    World world = new World(SecuritySuite.SUITE_0);
    try (Association meter = world.open(world.client)) {
      assertThat(
              new SecuritySetupCalls(meter, SETUP)
                  .transfer(world.client, Set.of(GlobalKey.AUTHENTICATION)))
          .isEqualTo(AccessResult.SUCCESS);
    }
    long before = world.client.keys().current().unicast().sending().next();
    try (Association meter = world.open(world.client.withNewKeys())) {
      assertThat(read(meter, 3)).isEqualTo(new DlmsData.Enumerated(0));
    }
    assertThat(world.client.keys().pending()).isEmpty();
    assertThat(world.client.keys().current().unicast().sending().next()).isGreaterThan(before);
  }

  @Test
  @DisplayName("C6: key_transfer with a wrong bit, or of another shape, changes nothing")
  void wrongTransfers() throws Exception {
    World world = new World(SecuritySuite.SUITE_0);
    byte[] good = world.client.keys().wrap(key(SecuritySuite.SUITE_0, 77));
    byte[] bad = good.clone();
    bad[5] ^= 1;
    MethodRef transfer = new MethodRef(SecuritySetup.CLASS_ID, SETUP, 2);
    KeyGeneration before = world.security.context().keys().current();
    try (Association meter = world.open(world.client)) {
      List<DlmsData> wrong = new ArrayList<>();
      wrong.add(new DlmsData.NullData());
      wrong.add(DlmsData.Array.of(List.of()));
      wrong.add(DlmsData.Array.of(List.of(pair(0, bad))));
      wrong.add(DlmsData.Array.of(List.of(pair(2, good), pair(0, bad)))); // all or none
      wrong.add(DlmsData.Array.of(List.of(pair(0, good), pair(0, good)))); // twice
      wrong.add(DlmsData.Array.of(List.of(pair(4, good)))); // no such key
      wrong.add(DlmsData.Array.of(List.of(pair(0, new byte[16])))); // not wrapped
      for (DlmsData parameter : wrong) {
        assertThat(meter.action(transfer, Optional.of(parameter)).result().isSuccess()).isFalse();
      }
      assertThat(meter.action(transfer, Optional.empty()).result())
          .isEqualTo(AccessResult.TYPE_UNMATCHED);
      assertThat(world.security.context().keys().pending()).isEmpty();
      assertThat(world.security.context().keys().current()).isSameAs(before);
      // and it can be done right
      assertThat(
              meter
                  .action(transfer, Optional.of(DlmsData.Array.of(List.of(pair(0, good)))))
                  .result())
          .isEqualTo(AccessResult.SUCCESS);
      // twice is once
      KeyGeneration waiting = world.security.context().keys().pending().orElseThrow();
      meter.action(transfer, Optional.of(DlmsData.Array.of(List.of(pair(0, good)))));
      assertThat(world.security.context().keys().pending().orElseThrow()).isSameAs(waiting);
    }
  }

  private static DlmsData pair(int id, byte[] data) {
    return DlmsData.Structure.of(new DlmsData.Enumerated(id), DlmsData.OctetString.of(data));
  }

  @ParameterizedTest
  @EnumSource(names = {"SUITE_1", "SUITE_2"})
  @DisplayName(
      "C17: key_agreement gives both sides the same new keys, which the next association proves")
  void agreement(SecuritySuite suite) throws Exception {
    World world = new World(suite);
    try (Association meter = world.open(world.client)) {
      assertThat(
              new SecuritySetupCalls(meter, SETUP)
                  .agree(world.client, METER, Set.of(GlobalKey.values())))
          .isEqualTo(AccessResult.SUCCESS);
      assertThat(read(meter, 3)).isEqualTo(new DlmsData.Enumerated(suite.number()));
    }
    try (Association meter = world.open(world.client.withNewKeys())) {
      assertThat(read(meter, 3)).isEqualTo(new DlmsData.Enumerated(suite.number()));
      // with the new master key, too
      assertThat(
              new SecuritySetupCalls(meter, SETUP)
                  .transfer(world.client, Set.of(GlobalKey.UNICAST)))
          .isEqualTo(AccessResult.SUCCESS);
    }
    assertThat(world.security.context().keys().pending()).isPresent();
  }

  @Test
  @DisplayName(
      "C6, C23: key_agreement with another's signature, a flipped bit, or in suite 0, is refused")
  void wrongAgreements() throws Exception {
    World world = new World(SecuritySuite.SUITE_1);
    EllipticCurve curve = EllipticCurve.P_256;
    KeyPair stranger = curve.generate();
    MethodRef agree = new MethodRef(SecuritySetup.CLASS_ID, SETUP, 3);
    byte[] good =
        KeyOffer.make(
            curve,
            GlobalKey.UNICAST,
            curve.generate(),
            (ECPrivateKey) world.clientSigning.getPrivate());
    byte[] strangers =
        KeyOffer.make(
            curve, GlobalKey.UNICAST, curve.generate(), (ECPrivateKey) stranger.getPrivate());
    try (Association meter = world.open(world.client)) {
      List<DlmsData> wrong = new ArrayList<>();
      wrong.add(pair(0, strangers));
      wrong.add(pair(2, good)); // signed for another key
      wrong.add(pair(0, Arrays.copyOf(good, 127)));
      for (int at = 0; at < good.length; at += 9) {
        byte[] bad = good.clone();
        bad[at] ^= 4;
        wrong.add(pair(0, bad));
      }
      for (DlmsData parameter : wrong) {
        assertThat(meter.action(agree, Optional.of(DlmsData.Array.of(List.of(parameter)))).result())
            .isEqualTo(AccessResult.READ_WRITE_DENIED);
      }
      now.set(UNTIL.plusSeconds(1)); // the client's certificate has run out
      assertThat(
              meter.action(agree, Optional.of(DlmsData.Array.of(List.of(pair(0, good))))).result())
          .isEqualTo(AccessResult.OTHER_REASON);
      assertThat(world.security.context().keys().pending()).isEmpty();
    }
    World zero = new World(SecuritySuite.SUITE_0);
    try (Association meter = zero.open(zero.client)) {
      assertThat(
              meter.action(agree, Optional.of(DlmsData.Array.of(List.of(pair(0, good))))).result())
          .isEqualTo(AccessResult.OTHER_REASON);
    }
  }

  // --- certificates

  @ParameterizedTest
  @EnumSource(names = {"SUITE_1", "SUITE_2"})
  @DisplayName(
      "a new pair, its request, its certificate: the old pair signs until the new one has it")
  void newPair(SecuritySuite suite) throws Exception {
    World world = new World(suite);
    CertificateInfo.Type type = CertificateInfo.Type.SIGNATURE;
    try (Association meter = world.open(world.client)) {
      SecuritySetupCalls calls = new SecuritySetupCalls(meter, SETUP);
      assertThat(calls.generateKeyPair(type)).isEqualTo(AccessResult.SUCCESS);
      assertThat(world.security.context().pairs().signing())
          .contains((ECPrivateKey) world.meterSigning.getPrivate());
      byte[] request =
          ((DlmsData.OctetString) ((Outcome.Value) calls.certificateRequest(type)).data()).bytes();
      ECPublicKey fresh = requested(suite, request);
      assertThat(fresh).isNotEqualTo(world.meterSigning.getPublic());
      byte[] certificate =
          world.authority.issue(METER, fresh, TestAuthority.SIGNATURE_USAGE, FROM, UNTIL);
      assertThat(calls.importCertificate(certificate)).isEqualTo(AccessResult.SUCCESS);
      ECPrivateKey own = world.security.context().pairs().signing().orElseThrow();
      assertThat(own).isNotEqualTo(world.meterSigning.getPrivate());
      assertThat(
              Signatures.verify(
                  suite.requireCurve(),
                  fresh,
                  Signatures.sign(suite.requireCurve(), own, METER),
                  METER))
          .isTrue();
      // out again, by either name, and gone
      Outcome wanted = new Outcome.Value(DlmsData.OctetString.of(certificate));
      assertThat(calls.exportCertificate(CertificateInfo.Entity.SERVER, type, METER))
          .isEqualTo(wanted);
      CertificateInfo info = CertificateInfo.read(certificate);
      assertThat(calls.exportCertificate(info.serialNumber(), info.issuer())).isEqualTo(wanted);
      assertThat(calls.removeCertificate(info.serialNumber(), info.issuer()))
          .isEqualTo(AccessResult.SUCCESS);
      assertThat(calls.exportCertificate(CertificateInfo.Entity.SERVER, type, METER))
          .isEqualTo(new Outcome.Refused(AccessResult.OBJECT_UNAVAILABLE));
      assertThat(calls.removeCertificate(info.serialNumber(), info.issuer()))
          .isEqualTo(AccessResult.OBJECT_UNAVAILABLE);
    }
  }

  /** Reads a request's public key, and checks that the request is signed with it. */
  private static ECPublicKey requested(SecuritySuite suite, byte[] request) throws Exception {
    // SEQUENCE { info, algorithm, BIT STRING }
    int[] outer = element(request, 0);
    int[] info = element(request, outer[0]);
    int[] algorithm = element(request, info[1]);
    int[] signature = element(request, algorithm[1]);
    assertThat(signature[1]).isEqualTo(request.length);
    // info: version, subject, public key, attributes
    int[] version = element(request, info[0]);
    int[] subject = element(request, version[1]);
    assertThat(HexFormat.of().formatHex(request, subject[0], subject[1]))
        .isEqualTo(
            "311930170603550403"
                + "0c10"
                + HexFormat.of()
                    .formatHex(
                        "47574D0000000001".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    int[] key = element(request, subject[1]);
    ECPublicKey fresh =
        (ECPublicKey)
            KeyFactory.getInstance("EC")
                .generatePublic(
                    new X509EncodedKeySpec(Arrays.copyOfRange(request, subject[1], key[1])));
    Signature check =
        Signature.getInstance(
            suite == SecuritySuite.SUITE_1 ? "SHA256withECDSA" : "SHA384withECDSA");
    check.initVerify(fresh);
    check.update(request, outer[0], info[1] - outer[0]);
    assertThat(check.verify(Arrays.copyOfRange(request, signature[0] + 1, signature[1]))).isTrue();
    return fresh;
  }

  /** Where the contents of an element of DER begin and end. */
  private static int[] element(byte[] der, int at) {
    int length = der[at + 1] & 0xFF;
    int from = at + 2;
    if (length > 0x80) {
      int bytes = length - 0x80;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | (der[from++] & 0xFF);
      }
    }
    return new int[] {from, from + length};
  }

  @Test
  @DisplayName(
      "C23: certificates that ran out, of a wrong issuer, usage, curve or key, are refused")
  void wrongCertificates() throws Exception {
    World world = new World(SecuritySuite.SUITE_1);
    EllipticCurve curve = EllipticCurve.P_256;
    KeyPair pair = curve.generate();
    TestAuthority stranger = new TestAuthority(curve, "Test authority");
    TestAuthority other = new TestAuthority(EllipticCurve.P_384, "Another authority");
    int usage = TestAuthority.SIGNATURE_USAGE;
    byte[] good = world.authority.issue(OTHER, pair.getPublic(), usage, FROM, UNTIL);
    Map<String, byte[]> wrong = new java.util.TreeMap<>();
    wrong.put("nothing", new byte[0]);
    wrong.put("no certificate", new byte[] {0x30, 3, 2, 1, 0});
    wrong.put("more than one", concat(good, good));
    wrong.put(
        "text", "-----BEGIN CERTIFICATE-----".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    wrong.put("too long", concat(good, new byte[5_000]));
    wrong.put(
        "run out",
        world.authority.issue(OTHER, pair.getPublic(), usage, FROM, NOW.minusSeconds(1)));
    wrong.put(
        "not yet",
        world.authority.issue(OTHER, pair.getPublic(), usage, NOW.plusSeconds(1), UNTIL));
    wrong.put("another's", stranger.issue(OTHER, pair.getPublic(), usage, FROM, UNTIL));
    wrong.put("its own authority", stranger.own(FROM, UNTIL));
    wrong.put("for nothing", world.authority.issue(OTHER, pair.getPublic(), 0x20, FROM, UNTIL));
    wrong.put(
        "another curve",
        world.authority.issue(
            OTHER, EllipticCurve.P_384.generate().getPublic(), usage, FROM, UNTIL));
    wrong.put("another curve's issuer", other.issue(OTHER, pair.getPublic(), usage, FROM, UNTIL));
    wrong.put(
        "the meter's, for a key that it has not",
        world.authority.issue(METER, pair.getPublic(), usage, FROM, UNTIL));
    byte[] flipped = good.clone();
    flipped[flipped.length - 5] ^= 1;
    wrong.put("a flipped bit", flipped);
    int before = world.credentials.content().certificates().size();
    try (Association meter = world.open(world.client)) {
      SecuritySetupCalls calls = new SecuritySetupCalls(meter, SETUP);
      for (var certificate : wrong.entrySet()) {
        if (certificate.getValue().length > 1_500) {
          assertThatThrownBy(() -> world.credentials.add(certificate.getValue()))
              .isInstanceOf(DlmsException.class);
          continue;
        }
        assertThat(calls.importCertificate(certificate.getValue()).isSuccess())
            .as(certificate.getKey())
            .isFalse();
      }
      assertThat(world.credentials.content().certificates()).hasSize(before);
      assertThat(calls.importCertificate(good)).isEqualTo(AccessResult.SUCCESS);
      // once more in the place of the same
      assertThat(calls.importCertificate(good)).isEqualTo(AccessResult.SUCCESS);
      assertThat(world.credentials.content().certificates()).hasSize(before + 1);
      // the last authority stays
      CertificateInfo authority =
          world.credentials.find(CertificateInfo::isAuthority).orElseThrow();
      assertThat(calls.removeCertificate(authority.serialNumber(), authority.issuer()))
          .isEqualTo(AccessResult.OBJECT_UNAVAILABLE);
      // a pair without a request's type
      assertThat(calls.certificateRequest(CertificateInfo.Type.AGREEMENT))
          .isEqualTo(new Outcome.Refused(AccessResult.OTHER_REASON));
      assertThat(calls.generateKeyPair(CertificateInfo.Type.OTHER))
          .isEqualTo(AccessResult.OTHER_REASON);
    }
    assertThat(
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(good)))
        .isNotNull();
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @Test
  @DisplayName("a new client's agreement key lets messages under agreed keys through, from then on")
  void peersKey() throws Exception {
    World world = new World(SecuritySuite.SUITE_1);
    EllipticCurve curve = EllipticCurve.P_256;
    KeyPair clientAgreement = curve.generate();
    CertificateInfo.Type type = CertificateInfo.Type.AGREEMENT;
    ECPublicKey ofMeter;
    try (Association meter = world.open(world.client)) {
      SecuritySetupCalls calls = new SecuritySetupCalls(meter, SETUP);
      calls.generateKeyPair(type);
      ofMeter =
          requested(
              SecuritySuite.SUITE_1,
              ((DlmsData.OctetString) ((Outcome.Value) calls.certificateRequest(type)).data())
                  .bytes());
      int usage = TestAuthority.AGREEMENT_USAGE;
      assertThat(calls.importCertificate(world.authority.issue(METER, ofMeter, usage, FROM, UNTIL)))
          .isEqualTo(AccessResult.SUCCESS);
      assertThat(
              calls.importCertificate(
                  world.authority.issue(CLIENT, clientAgreement.getPublic(), usage, FROM, UNTIL)))
          .isEqualTo(AccessResult.SUCCESS);
    }
    SecurityContext agreeing =
        world.client.withPairs(
            new AsymmetricKeys(
                world.client.pairs().signing(),
                Optional.of((ECPrivateKey) clientAgreement.getPrivate()),
                world.client.pairs().peerSigning(),
                Optional.of(ofMeter)));
    for (Carrier carrier :
        List.of(Carrier.GeneralCiphering.ONE_PASS, Carrier.GeneralCiphering.STATIC)) {
      try (Association meter = world.open(agreeing.carriedBy(carrier))) {
        assertThat(read(meter, 3)).isEqualTo(new DlmsData.Enumerated(1));
      }
    }
  }

  // --- crashes

  /** What one side has on its disk. */
  private static final class Disk implements KeyRing.Store {
    private final SecuritySuite suite = SecuritySuite.SUITE_0;
    private Map<GlobalKey, byte[]> keys = new EnumMap<>(GlobalKey.class);
    private KeyCounters counters = newCounters();
    private Map<GlobalKey, byte[]> waiting = Map.of();
    private Map<GlobalKey, KeyCounters> waitingCounters = Map.of();

    /** How many writes go well until the process dies, before or after the write itself. */
    private int writes = Integer.MAX_VALUE;

    private boolean dieAfter;

    Disk() {
      keys.put(GlobalKey.UNICAST, SecuritySetupIT.key(suite, 1));
      keys.put(GlobalKey.AUTHENTICATION, SecuritySetupIT.key(suite, 2));
      keys.put(GlobalKey.MASTER, SecuritySetupIT.key(suite, 4));
    }

    byte[] key(GlobalKey which) {
      return Optional.ofNullable(keys.get(which)).orElseThrow().clone();
    }

    private static KeyCounters newCounters() {
      AtomicLong counter = new AtomicLong();
      return new KeyCounters(counter::incrementAndGet, CounterMemory.inMemory());
    }

    private void write(Runnable change) {
      if (writes == 0 && !dieAfter) {
        throw new Crash();
      }
      change.run();
      if (writes-- == 0) {
        throw new Crash();
      }
    }

    @Override
    public Map<GlobalKey, KeyCounters> stage(Map<GlobalKey, byte[]> staged) {
      Map<GlobalKey, KeyCounters> made = new EnumMap<>(GlobalKey.class);
      staged.keySet().forEach(key -> made.put(key, newCounters()));
      write(() -> {
        waiting = Map.copyOf(staged);
        waitingCounters = Map.copyOf(made);
      });
      return made;
    }

    @Override
    public void confirm() {
      write(() -> {
        Map<GlobalKey, byte[]> all = new EnumMap<>(GlobalKey.class);
        all.putAll(keys);
        all.putAll(waiting);
        keys = all;
        counters = waitingCounters.getOrDefault(GlobalKey.UNICAST, counters);
        waiting = Map.of();
        waitingCounters = Map.of();
      });
    }

    /** The ring as a process finds it when it starts. */
    KeyRing start() {
      writes = Integer.MAX_VALUE;
      KeyGeneration current =
          KeyGeneration.of(
                  DlmsKeys.of(key(GlobalKey.UNICAST), key(GlobalKey.AUTHENTICATION)),
                  counters,
                  counters)
              .withMaster(key(GlobalKey.MASTER));
      return new KeyRing(current, waiting, waitingCounters, this);
    }
  }

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  @DisplayName(
      "C17, C5: a crash of either side at every step of a key change leaves the meter reachable")
  void crashes() throws Exception {
    int crashed = 0;
    for (boolean clientDies : new boolean[] {true, false}) {
      for (int write = 0; write < 3; write++) {
        for (boolean after : new boolean[] {true, false}) {
          for (boolean lostAnswers : new boolean[] {true, false}) {
            crashed += crash(clientDies, write, after, lostAnswers);
          }
        }
      }
    }
    assertThat(crashed).isGreaterThan(8);
  }

  private int crash(boolean clientDies, int write, boolean after, boolean lostAnswers)
      throws Exception {
    Disk client = new Disk();
    Disk meter = new Disk();
    KeyRing ofClient = client.start();
    KeyRing ofMeter = meter.start();
    Disk dying = clientDies ? client : meter;
    dying.writes = write;
    dying.dieAfter = after;
    int crashes = 0;
    byte[] before = client.key(GlobalKey.UNICAST);
    for (int round = 0; round < 3; round++) {
      try {
        change(ofClient, ofMeter, lostAnswers && round == 0);
      } catch (Crash | java.io.IOException | AssociationRefused | DlmsException e) {
        crashes++;
      }
      // both start again from their disks, and the client tries what it has
      ofClient = client.start();
      ofMeter = meter.start();
      assertThat(reach(ofClient, ofMeter)).as("round " + round).isTrue();
      assertThat(client.key(GlobalKey.UNICAST)).isEqualTo(meter.key(GlobalKey.UNICAST));
    }
    // in the end a change went through
    assertThat(client.key(GlobalKey.UNICAST)).isNotEqualTo(before);
    return crashes;
  }

  private void change(KeyRing ofClient, KeyRing ofMeter, boolean lost) throws Exception {
    SecurityContext context = SecurityContext.of(CLIENT, ofClient).withPeer(METER);
    Wire wire = new Wire(device(ofMeter), NUMBER);
    try (Association meter = Association.open(wire, AssociationRequest.gmac(context))) {
      if (lost) {
        wire.towardsClient = _ -> new byte[0];
      }
      new SecuritySetupCalls(meter, SETUP)
          .transfer(context, Set.of(GlobalKey.UNICAST, GlobalKey.AUTHENTICATION));
    }
    reach(ofClient, ofMeter);
  }

  private LogicalDevice device(KeyRing ring) {
    MeterSecurity security =
        new MeterSecurity(
            METER,
            CLIENT,
            SecuritySuite.SUITE_0,
            ring,
            new MeterCredentials(
                METER,
                SecuritySuite.SUITE_0,
                now::get,
                new MeterCredentials.Content(List.of(), Map.of(), Map.of()),
                _ -> {}),
            SecurityPolicy.AUTHENTICATED_ENCRYPTED,
            kept::set);
    return new LogicalDevice(
        METER,
        List.of(new SecuritySetup(SETUP, security)),
        Map.of(NUMBER, ClientAccess.gmac(security::context, Rights.EVERYTHING)));
  }

  /** With the new keys where there are some, else, or where they are refused, with the old ones. */
  private boolean reach(KeyRing ofClient, KeyRing ofMeter) throws Exception {
    SecurityContext context = SecurityContext.of(CLIENT, ofClient).withPeer(METER);
    for (SecurityContext attempt : List.of(context.withNewKeys(), context)) {
      try (Association meter =
          Association.open(new Wire(device(ofMeter), NUMBER), AssociationRequest.gmac(attempt))) {
        return read(meter, 3).equals(new DlmsData.Enumerated(0));
      } catch (AssociationRefused e) {
        // then with the old ones
      }
    }
    return false;
  }
}

package org.gridwarden.dlms.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.HlsExchange;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.objects.SecuritySetup;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: what comes from outside the certificates, points, proofs, protected APDUs and parameters of
 * Security setup is taken, or refused with a DlmsException.
 */
class SecurityFuzz {
  private static final int MAX_INPUT = 4_096;
  private static final byte[] METER = {'G', 'W', 'M', 0, 0, 0, 0, 1};
  private static final byte[] CLIENT = {'G', 'W', 'C', 0, 0, 0, 0, 1};
  private static final Instant NOW = Instant.parse("2026-11-25T04:00:00Z");
  private static final KeyPair OWN = EllipticCurve.P_256.generate();
  private static final KeyPair PEER = EllipticCurve.P_256.generate();
  private static final TestAuthority AUTHORITY =
      new TestAuthority(EllipticCurve.P_256, "Test authority");
  private static final AsymmetricKeys PAIRS =
      new AsymmetricKeys(
          Optional.of((ECPrivateKey) OWN.getPrivate()),
          Optional.of((ECPrivateKey) OWN.getPrivate()),
          Optional.of((ECPublicKey) PEER.getPublic()),
          Optional.of((ECPublicKey) PEER.getPublic()));

  private static KeyRing ring() {
    AtomicLong counter = new AtomicLong();
    KeyCounters counters = new KeyCounters(counter::incrementAndGet, CounterMemory.inMemory());
    return new KeyRing(
        KeyGeneration.of(
                DlmsKeys.of(new byte[16], new byte[16]).withBroadcast(new byte[16]),
                counters,
                counters)
            .withMaster(new byte[16]),
        KeyRing.Store.inMemory());
  }

  /** The first byte says which parser. */
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, Math.min(input.length, MAX_INPUT));
    try {
      switch (input[0] & 7) {
        case 0 -> certificate(bytes);
        case 1 -> setup(input[0] >> 3 & 0x1F, bytes);
        case 2 -> protectedApdu(bytes);
        case 3 -> proof(bytes);
        case 4 -> {
          ECPublicKey key = EllipticCurve.P_256.publicKey(bytes);
          assertThat(EllipticCurve.P_256.encode(key)).isEqualTo(bytes);
        }
        default -> KeyWrap.unwrap(new byte[16], bytes, 16);
      }
    } catch (DlmsException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  private static void certificate(byte[] bytes) throws DlmsException {
    CertificateInfo info = CertificateInfo.read(bytes);
    assertThat(info.encoded()).isEqualTo(bytes);
    assertThat(info.isSignedBy(info)).isIn(true, false);
    assertThat(info.alternativeName().length + info.issuer().length).isLessThan(bytes.length);
  }

  private static void setup(int method, byte[] bytes) throws DlmsException {
    DlmsData parameter = Axdr.decode(bytes);
    SecuritySetup setup =
        new SecuritySetup(
            ObisCode.parse("0.0.43.0.0.255"),
            new MeterSecurity(
                METER,
                CLIENT,
                SecuritySuite.SUITE_1,
                ring(),
                new MeterCredentials(
                    METER,
                    SecuritySuite.SUITE_1,
                    () -> NOW,
                    new MeterCredentials.Content(List.of(), Map.of(), Map.of()),
                    _ -> {}),
                SecurityPolicy.NOTHING,
                _ -> {}));
    assertThat(setup.invoke(method, Optional.of(parameter)).result().code()).isBetween(0, 255);
  }

  private static void protectedApdu(byte[] bytes) throws DlmsException {
    Apdu apdu = Apdus.decode(bytes);
    for (boolean meter : new boolean[] {true, false}) {
      SecurityContext context =
          SecurityContext.of(meter ? METER : CLIENT, ring())
              .withSuite(SecuritySuite.SUITE_1)
              .withPolicy(SecurityPolicy.of(true, false, false))
              .withPairs(PAIRS);
      Protection side = meter ? Protection.ofMeter(context) : Protection.ofClient(context);
      side.peerTitle(meter ? CLIENT : METER);
      assertThat(Protection.isProtected(side.open(apdu))).isFalse();
    }
  }

  private static void proof(byte[] bytes) throws DlmsException {
    HlsExchange exchange =
        new HlsExchange(
            DlmsData.OctetString.of(METER),
            DlmsData.OctetString.of(CLIENT),
            DlmsData.OctetString.of(new byte[32]),
            DlmsData.OctetString.of(new byte[33]));
    Protection side = Protection.ofMeter(SecurityContext.of(METER, ring()));
    side.peerTitle(CLIENT);
    HlsProver[] provers = {
      new GmacProver(side),
      Hls.md5(METER),
      Hls.sha256(METER),
      Hls.ecdsa(
          SecuritySuite.SUITE_1, (ECPrivateKey) OWN.getPrivate(), (ECPublicKey) PEER.getPublic())
    };
    int taken = 0;
    for (HlsProver prover : provers) {
      try {
        prover.check(bytes, exchange);
        taken++;
      } catch (DlmsException e) {
        assertThat(e.kind()).isEqualTo(DlmsException.Kind.UNAUTHENTICATED);
      }
    }
    assertThat(taken).isLessThan(2);
  }

  static Stream<Arguments> seeds() throws DlmsException {
    Instant until = NOW.plusSeconds(1_000_000);
    byte[] certificate =
        AUTHORITY.issue(
            METER, OWN.getPublic(), TestAuthority.SIGNATURE_USAGE, NOW.minusSeconds(1_000), until);
    Protection client =
        Protection.ofClient(
            SecurityContext.of(CLIENT, ring())
                .withSuite(SecuritySuite.SUITE_1)
                .withPeer(METER)
                .withPolicy(SecurityPolicy.of(true, true, true))
                .withPairs(
                    new AsymmetricKeys(
                        Optional.of((ECPrivateKey) PEER.getPrivate()),
                        Optional.of((ECPrivateKey) PEER.getPrivate()),
                        Optional.of((ECPublicKey) OWN.getPublic()),
                        Optional.of((ECPublicKey) OWN.getPublic())))
                .carriedBy(Carrier.GeneralCiphering.ONE_PASS));
    Apdu plain = Apdus.decode(HexFormat.of().parseHex("C001C100030100010800FF0200"));
    return Stream.of(
            seed(0, certificate),
            seed(0, AUTHORITY.own(NOW, until)),
            // methods 1 to 8, their parameters
            seed(1 | 1 << 3, HexFormat.of().parseHex("166C")),
            seed(1 | 2 << 3, HexFormat.of().parseHex("010102021600" + "0918" + "11".repeat(24))),
            seed(1 | 3 << 3, HexFormat.of().parseHex("010102021600" + "098180" + "11".repeat(128))),
            seed(1 | 4 << 3, HexFormat.of().parseHex("1600")),
            seed(1 | 5 << 3, HexFormat.of().parseHex("1601")),
            seed(1 | 6 << 3, Axdr.encode(DlmsData.OctetString.of(certificate))),
            seed(
                1 | 7 << 3,
                HexFormat.of().parseHex("0202160002031600160009084757" + "4D0000000001")),
            seed(1 | 8 << 3, HexFormat.of().parseHex("0202160102020901010900")),
            seed(2, client.protect(plain)),
            seed(3, new byte[17]),
            seed(3, new byte[64]),
            seed(4, EllipticCurve.P_256.encode((ECPublicKey) OWN.getPublic())),
            seed(5, new byte[24]))
        .map(bytes -> Arguments.of((Object) bytes));
  }

  private static byte[] seed(int which, byte[] bytes) {
    byte[] seed = new byte[1 + bytes.length];
    seed[0] = (byte) which;
    System.arraycopy(bytes, 0, seed, 1, bytes.length);
    return seed;
  }
}

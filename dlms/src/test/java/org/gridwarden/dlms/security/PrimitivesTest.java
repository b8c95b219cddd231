package org.gridwarden.dlms.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HlsExchange;
import org.gridwarden.dlms.HlsProver;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Key wrap, curves and the proofs of high level security. */
class PrimitivesTest {
  private static final byte[] SECRET = {11, 22, 33, 44, 55, 66, 77, 88, 99};
  private static final byte[] CLIENT = {'G', 'W', 'C', 0, 0, 0, 0, 1};
  private static final byte[] METER = {'G', 'W', 'M', 0, 0, 0, 0, 1};

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  @ParameterizedTest
  @CsvSource({
    // RFC 3394, 4.1: 128 bits with 128
    "000102030405060708090A0B0C0D0E0F, 00112233445566778899AABBCCDDEEFF,"
        + " 1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5",
    // 4.3: 128 bits with 256
    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F,"
        + " 00112233445566778899AABBCCDDEEFF, 64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7",
    // 4.6: 256 bits with 256
    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F,"
        + " 00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F,"
        + " 28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"
  })
  @DisplayName("RFC 3394's key wrap; C6: with one bit flipped nothing is unwrapped")
  void keyWrap(String master, String key, String wrapped) throws DlmsException {
    assertThat(KeyWrap.wrap(hex(master), hex(key))).isEqualTo(hex(wrapped));
    int length = key.length() / 2;
    assertThat(KeyWrap.unwrap(hex(master), hex(wrapped), length)).isEqualTo(hex(key));
    for (int at = 0; at < length + 8; at++) {
      byte[] bad = hex(wrapped);
      bad[at] ^= (byte) (1 << at % 8);
      assertThatThrownBy(() -> KeyWrap.unwrap(hex(master), bad, length))
          .isInstanceOf(DlmsException.class)
          .hasMessage("the wrapped key is not genuine");
    }
    assertThatThrownBy(() -> KeyWrap.unwrap(hex(master), hex(wrapped), 48 - length))
        .hasMessage("the wrapped key is not genuine");
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a point from outside is on the curve, or it is refused")
  void points(EllipticCurve curve) throws DlmsException {
    KeyPair pair = curve.generate();
    byte[] point = curve.encode((ECPublicKey) pair.getPublic());
    assertThat(point).hasSize(2 * curve.fieldLength());
    assertThat(curve.publicKey(point)).isEqualTo(pair.getPublic());
    for (int at = 0; at < point.length; at++) {
      byte[] bad = point.clone();
      bad[at] ^= (byte) (1 << at % 8);
      assertThatThrownBy(() -> curve.publicKey(bad)).isInstanceOf(DlmsException.class);
    }
    assertThatThrownBy(() -> curve.publicKey(new byte[2 * curve.fieldLength()]))
        .isInstanceOf(DlmsException.class);
    assertThatThrownBy(() -> curve.publicKey(Arrays.copyOf(point, point.length - 1)))
        .isInstanceOf(DlmsException.class);
    // a coordinate beyond the field is the same point modulo p, and no encoding of it
    byte[] beyond = new byte[2 * curve.fieldLength()];
    Arrays.fill(beyond, (byte) 0xFF);
    assertThatThrownBy(() -> curve.publicKey(beyond)).isInstanceOf(DlmsException.class);
    EllipticCurve other = curve == EllipticCurve.P_256 ? EllipticCurve.P_384 : EllipticCurve.P_256;
    ECPublicKey foreign = (ECPublicKey) other.generate().getPublic();
    assertThatThrownBy(() -> curve.require(foreign)).isInstanceOf(DlmsException.class);
    assertThatThrownBy(() -> curve.privateKey(new byte[curve.fieldLength()]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("coordinates with leading zeros keep their length")
  void leadingZeros(EllipticCurve curve) throws DlmsException {
    for (int i = 0; i < 2_000; i++) {
      ECPublicKey key = (ECPublicKey) curve.generate().getPublic();
      BigInteger x = key.getW().getAffineX();
      if (x.bitLength() <= 8 * curve.fieldLength() - 8) {
        byte[] point = curve.encode(key);
        assertThat(point[0]).isZero();
        assertThat(curve.publicKey(point)).isEqualTo(key);
        return;
      }
    }
    throw new AssertionError("no key of 2,000 begins with a zero");
  }

  @ParameterizedTest
  @EnumSource(names = {"SUITE_1", "SUITE_2"})
  @DisplayName("two sides agree on one key, for each purpose and scheme on another one")
  void agreement(SecuritySuite suite) throws DlmsException {
    EllipticCurve curve = suite.requireCurve();
    KeyPair u = curve.generate();
    KeyPair v = curve.generate();
    ECPrivateKey ownU = (ECPrivateKey) u.getPrivate();
    ECPrivateKey ownV = (ECPrivateKey) v.getPrivate();
    ECPublicKey ofU = (ECPublicKey) u.getPublic();
    ECPublicKey ofV = (ECPublicKey) v.getPublic();
    byte[] ciphering =
        KeyAgreement.ephemeral(suite, ownU, ofV, CLIENT, METER, KeyAgreement.Purpose.CIPHERING);
    byte[] wrapping =
        KeyAgreement.ephemeral(suite, ownU, ofV, CLIENT, METER, KeyAgreement.Purpose.WRAPPING);
    byte[] unified = KeyAgreement.staticUnified(suite, ownU, ofV, CLIENT, new byte[] {1}, METER);
    assertThat(ciphering).hasSize(suite.keyLength()).isNotEqualTo(wrapping);
    assertThat(unified).hasSize(suite.keyLength()).isNotEqualTo(ciphering);
    assertThat(
            KeyAgreement.ephemeral(suite, ownV, ofU, CLIENT, METER, KeyAgreement.Purpose.CIPHERING))
        .isEqualTo(ciphering);
    assertThat(
            KeyAgreement.ephemeral(suite, ownV, ofU, CLIENT, METER, KeyAgreement.Purpose.WRAPPING))
        .isEqualTo(wrapping);
    assertThat(KeyAgreement.staticUnified(suite, ownV, ofU, CLIENT, new byte[] {1}, METER))
        .isEqualTo(unified);
    assertThat(KeyAgreement.onePass(suite, ownV, ofU, METER, CLIENT)).isNotEqualTo(ciphering);
    assertThatThrownBy(() -> KeyAgreement.onePass(SecuritySuite.SUITE_0, ownU, ofV, CLIENT, METER))
        .isInstanceOf(DlmsException.class);
  }

  private static HlsExchange client(int length) {
    byte[] ours = new byte[length];
    byte[] theirs = new byte[length];
    Arrays.fill(ours, (byte) 0xC0);
    Arrays.fill(theirs, (byte) 0x5C);
    return new HlsExchange(
        DlmsData.OctetString.of(CLIENT),
        DlmsData.OctetString.of(METER),
        DlmsData.OctetString.of(ours),
        DlmsData.OctetString.of(theirs));
  }

  @Test
  @DisplayName("HLS 3, 4 and 6 hash what the clause's table says, in its order")
  void hashes() throws Exception {
    HlsExchange client = client(8);
    HlsExchange meter = client.reversed();
    byte[] cToS = client.ownChallenge().bytes();
    byte[] sToC = client.peerChallenge().bytes();
    assertThat(Hls.md5(SECRET).prove(client)).isEqualTo(digest("MD5", sToC, SECRET));
    assertThat(Hls.md5(SECRET).prove(meter)).isEqualTo(digest("MD5", cToS, SECRET));
    assertThat(Hls.sha1(SECRET).prove(client)).isEqualTo(digest("SHA-1", sToC, SECRET));
    assertThat(Hls.sha256(SECRET).prove(client))
        .isEqualTo(digest("SHA-256", SECRET, CLIENT, METER, sToC, cToS));
    assertThat(Hls.sha256(SECRET).prove(meter))
        .isEqualTo(digest("SHA-256", SECRET, METER, CLIENT, cToS, sToC));
  }

  private static byte[] digest(String name, byte[]... parts) throws Exception {
    MessageDigest digest = MessageDigest.getInstance(name);
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  @Test
  @DisplayName("HLS 3, 4, 6 and 7: each side's proof holds for the other; C6: nothing else does")
  void proofs() throws DlmsException {
    KeyPair client1 = EllipticCurve.P_256.generate();
    KeyPair meter1 = EllipticCurve.P_256.generate();
    KeyPair client2 = EllipticCurve.P_384.generate();
    KeyPair meter2 = EllipticCurve.P_384.generate();
    HlsProver[][] sides = {
      {Hls.md5(SECRET), Hls.md5(SECRET), Hls.md5(METER)},
      {Hls.sha1(SECRET), Hls.sha1(SECRET), Hls.sha1(METER)},
      {Hls.sha256(SECRET), Hls.sha256(SECRET), Hls.sha256(METER)},
      ecdsa(SecuritySuite.SUITE_1, client1, meter1),
      ecdsa(SecuritySuite.SUITE_2, client2, meter2)
    };
    for (HlsProver[] side : sides) {
      HlsProver client = side[0];
      HlsProver meter = side[1];
      HlsExchange atClient = client(client.shortestChallenge());
      HlsExchange atMeter = atClient.reversed();
      byte[] ofClient = client.prove(atClient);
      byte[] ofMeter = meter.prove(atMeter);
      meter.check(ofClient, atMeter);
      client.check(ofMeter, atClient);
      // sent back, by another one, with a bit flipped, too short
      refuses(client, ofClient, atClient);
      refuses(client, side[2].prove(atMeter), atClient);
      ofMeter[ofMeter.length - 1] ^= 1;
      refuses(client, ofMeter, atClient);
      refuses(client, Arrays.copyOf(ofMeter, 3), atClient);
      refuses(client, new byte[0], atClient);
    }
  }

  private static HlsProver[] ecdsa(SecuritySuite suite, KeyPair client, KeyPair meter) {
    ECPrivateKey clientKey = (ECPrivateKey) client.getPrivate();
    ECPublicKey clientPublic = (ECPublicKey) client.getPublic();
    ECPrivateKey meterKey = (ECPrivateKey) meter.getPrivate();
    ECPublicKey meterPublic = (ECPublicKey) meter.getPublic();
    return new HlsProver[] {
      Hls.ecdsa(suite, clientKey, meterPublic),
      Hls.ecdsa(suite, meterKey, clientPublic),
      Hls.ecdsa(suite, clientKey, meterPublic)
    };
  }

  private static void refuses(HlsProver prover, byte[] proof, HlsExchange exchange) {
    assertThatThrownBy(() -> prover.check(proof, exchange))
        .isInstanceOfSatisfying(
            DlmsException.class,
            e -> assertThat(e.kind()).isEqualTo(DlmsException.Kind.UNAUTHENTICATED));
  }

  @Test
  @DisplayName("a challenge of 8 to 64 bytes, with ECDSA of 32, is answered; our own is not")
  void challenges() throws DlmsException {
    for (int length : new int[] {8, 32, 64}) {
      client(length).checkChallenge(8);
    }
    client(32).checkChallenge(32);
    for (int length : new int[] {0, 7, 65}) {
      assertThatThrownBy(() -> client(length).checkChallenge(8)).isInstanceOf(DlmsException.class);
    }
    assertThatThrownBy(() -> client(31).checkChallenge(32)).isInstanceOf(DlmsException.class);
    HlsExchange sentBack =
        new HlsExchange(
            DlmsData.OctetString.of(CLIENT),
            DlmsData.OctetString.of(METER),
            DlmsData.OctetString.of(SECRET),
            DlmsData.OctetString.of(SECRET));
    assertThatThrownBy(() -> sentBack.checkChallenge(8)).isInstanceOf(DlmsException.class);
  }

  @Test
  @DisplayName("a manufacturer's mechanism is one more prover; C30: none prints its secret")
  void manufacturer() throws DlmsException {
    HlsProver own =
        new HlsProver() {
          @Override
          public Acse.Mechanism mechanism() {
            return Acse.Mechanism.HLS_MANUFACTURER;
          }

          @Override
          public byte[] prove(HlsExchange exchange) {
            byte[] answer = exchange.peerChallenge().bytes();
            answer[0] ^= 0x55;
            return answer;
          }

          @Override
          public void check(byte[] proof, HlsExchange exchange) throws DlmsException {
            if (!MessageDigest.isEqual(prove(exchange.reversed()), proof)) {
              throw new DlmsException(DlmsException.Kind.UNAUTHENTICATED, 0, "no");
            }
          }
        };
    own.check(own.prove(client(8)), client(8).reversed());
    assertThat(Hls.md5(SECRET).toString()).isEqualTo("HLS_MD5");
    KeyPair pair = EllipticCurve.P_256.generate();
    assertThat(
            Hls.ecdsa(
                    SecuritySuite.SUITE_1,
                    (ECPrivateKey) pair.getPrivate(),
                    (ECPublicKey) pair.getPublic())
                .toString())
        .isEqualTo("HLS_ECDSA on P_256");
  }
}

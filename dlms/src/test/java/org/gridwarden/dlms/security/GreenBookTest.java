package org.gridwarden.dlms.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.GeneralHeader;
import org.gridwarden.dlms.KeyInfo;
import org.gridwarden.dlms.SecurityControl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The worked examples of the DLMS UA Green Book for suite 1, and one for P-384, as {@code
 * vectors/greenbook-ecdsa-ecdh.txt} quotes them. Where a figure does not reproduce, docs/adr/0006
 * says why.
 */
class GreenBookTest {
  private static final Vectors BOOK = Vectors.of("greenbook-ecdsa-ecdh.txt");
  private static final EllipticCurve CURVE = EllipticCurve.P_256;
  private static final String RENEWAL = "ECDH C(2e,0s)";
  private static final String REQUEST = "ECDH C(1e,1s), request";
  private static final String RESPONSE = "ECDH C(1e,1s), response";
  private static final String AGREED = "derived keys with the DLMS UA's own arc";
  private static final byte[] CLIENT = BOOK.get(RENEWAL, "party U system title");
  private static final byte[] METER = BOOK.get(RENEWAL, "party V system title");
  private static final byte[] TRANSACTION = HexFormat.of().parseHex("0102030405060708");
  private static final byte[] AK = HexFormat.of().parseHex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF");

  private static ECPublicKey pub(String section, String name) throws DlmsException {
    return CURVE.publicKey(BOOK.get(section, name));
  }

  private static ECPrivateKey priv(String section, String name) {
    return CURVE.privateKey(BOOK.get(section, name));
  }

  @Test
  @DisplayName("the book's signatures hold, ours hold in its place; C6: with one bit flipped none")
  void signatures() throws DlmsException {
    String table = "ECDSA P-256, Table C.1";
    byte[] data = BOOK.get(table, "signed data");
    byte[] signature = BOOK.get(table, "signature");
    ECPublicKey key = pub(table, "signing public (client)");
    holds(CURVE, key, signature, data);
    byte[] ours = Signatures.sign(CURVE, priv(table, "signing private (client)"), data);
    assertThat(ours).hasSize(64);
    holds(CURVE, key, ours, data);
    String ephemeral = "signature over client ephemeral public";
    holds(CURVE, key, BOOK.get(REQUEST, ephemeral), BOOK.get(REQUEST, "client ephemeral public"));
    holds(
        CURVE,
        pub(RESPONSE, "server signing public"),
        BOOK.get(RESPONSE, "signature over server ephemeral public"),
        BOOK.get(RESPONSE, "server ephemeral public"));
    String p384 = "ECDSA P-384";
    ECPublicKey key384 = EllipticCurve.P_384.publicKey(BOOK.get(p384, "public"));
    byte[] message = BOOK.get(p384, "message");
    holds(EllipticCurve.P_384, key384, BOOK.get(p384, "signature"), message);
    byte[] ours384 =
        Signatures.sign(
            EllipticCurve.P_384,
            EllipticCurve.P_384.privateKey(BOOK.get(p384, "private")),
            message);
    assertThat(ours384).hasSize(96);
    holds(EllipticCurve.P_384, key384, ours384, message);
  }

  private static void holds(EllipticCurve curve, ECPublicKey key, byte[] signature, byte[] data) {
    assertThat(Signatures.verify(curve, key, signature, data)).isTrue();
    for (int at = 0; at < signature.length; at++) {
      byte[] bad = signature.clone();
      bad[at] ^= (byte) (1 << at % 8);
      assertThat(Signatures.verify(curve, key, bad, data)).isFalse();
    }
    byte[] other = data.clone();
    other[data.length - 1] ^= 1;
    assertThat(Signatures.verify(curve, key, signature, other)).isFalse();
    assertThat(Signatures.verify(curve, key, Arrays.copyOf(signature, 63), data)).isFalse();
    assertThat(Signatures.verify(curve, key, new byte[signature.length], data)).isFalse();
  }

  @Test
  @DisplayName("the shared secrets of the three exchanges, and the keys that both sides derive")
  void agreement() throws DlmsException {
    ECPrivateKey server = priv(RENEWAL, "server ephemeral private");
    ECPublicKey client = pub(RENEWAL, "client ephemeral public");
    assertThat(KeyAgreement.secret(SecuritySuite.SUITE_1, server, client))
        .isEqualTo(BOOK.get(RENEWAL, "shared secret Z"));
    assertThat(
            KeyAgreement.ephemeral(
                SecuritySuite.SUITE_1,
                server,
                client,
                CLIENT,
                METER,
                KeyAgreement.Purpose.CIPHERING))
        .isEqualTo(BOOK.get(AGREED, "GUEK of C(2e,0s)"));

    byte[] request = Arrays.copyOf(BOOK.get(AGREED, "key of C(1e,1s), request"), 16);
    for (boolean atClient : new boolean[] {true, false}) {
      ECPrivateKey own =
          atClient
              ? priv(REQUEST, "client ephemeral private")
              : priv(REQUEST, "server static private");
      ECPublicKey theirs =
          atClient ? pub(REQUEST, "server static public") : pub(REQUEST, "client ephemeral public");
      assertThat(KeyAgreement.secret(SecuritySuite.SUITE_1, own, theirs))
          .isEqualTo(BOOK.get(REQUEST, "shared secret Z"));
      assertThat(KeyAgreement.onePass(SecuritySuite.SUITE_1, own, theirs, CLIENT, METER))
          .isEqualTo(request);
    }

    ECPrivateKey own = priv(RESPONSE, "client static private");
    ECPublicKey theirs = pub(RESPONSE, "server ephemeral public");
    assertThat(KeyAgreement.secret(SecuritySuite.SUITE_1, own, theirs))
        .isEqualTo(BOOK.get(RESPONSE, "shared secret Z"));
    assertThat(KeyAgreement.onePass(SecuritySuite.SUITE_1, own, theirs, METER, CLIENT))
        .isEqualTo(BOOK.get(AGREED, "key of C(1e,1s), response"));

    // the static unified model, from either side's static key
    byte[] unified = BOOK.get("ECDH C(0e,2s)", "derived key");
    assertThat(
            KeyAgreement.staticUnified(
                SecuritySuite.SUITE_1,
                priv(REQUEST, "server static private"),
                pub(RESPONSE, "client static public"),
                CLIENT,
                TRANSACTION,
                METER))
        .isEqualTo(unified);
    assertThat(
            KeyAgreement.staticUnified(
                SecuritySuite.SUITE_1,
                priv(RESPONSE, "client static private"),
                pub(REQUEST, "server static public"),
                CLIENT,
                TRANSACTION,
                METER))
        .isEqualTo(unified);
  }

  @ParameterizedTest
  @CsvSource({
    "'ECDH C(2e,0s)', derived GUEK, true",
    "'ECDH C(1e,1s), request', derived key, true",
    "'ECDH C(1e,1s), response', derived key (U = server), false"
  })
  @DisplayName("ADR 6: the three derived keys that err have 6 for the DLMS UA's arc 5")
  void misprint(String section, String name, boolean clientBegins) throws Exception {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    hash.update(new byte[] {0, 0, 0, 1});
    hash.update(BOOK.get(section, "shared secret Z"));
    hash.update(HexFormat.of().parseHex("60857406080300"));
    hash.update(clientBegins ? CLIENT : METER);
    hash.update(clientBegins ? METER : CLIENT);
    assertThat(Arrays.copyOf(hash.digest(), 16)).isEqualTo(BOOK.get(section, name));
  }

  @Test
  @DisplayName(
      "Table 41 is read, is written the same, and decrypts to Table 133; ADR 6: not its tag")
  void generalCipheringWithAgreedKey() throws DlmsException {
    byte[] bytes = BOOK.get("general-ciphering ACCESS.request, Table 41", "apdu");
    var apdu = (Apdu.GeneralCiphering) Apdus.decode(bytes);
    assertThat(Apdus.encode(apdu)).isEqualTo(bytes);
    assertThat(apdu.header()).isEqualTo(GeneralHeader.of(TRANSACTION, CLIENT, METER));
    assertThat(apdu.control()).isEqualTo(SecurityControl.of(1, true, true, false));
    assertThat(apdu.counter()).isZero();
    var agreed = (KeyInfo.Agreed) apdu.keyInfo();
    assertThat(agreed.scheme()).isEqualTo(KeyInfo.Agreed.Scheme.ONE_PASS);
    byte[] ephemeral = Arrays.copyOf(agreed.data().bytes(), 64);
    assertThat(ephemeral).isEqualTo(BOOK.get(REQUEST, "client ephemeral public"));
    assertThat(
            Signatures.verify(
                CURVE,
                pub("ECDSA P-256, Table C.1", "signing public (client)"),
                Arrays.copyOfRange(agreed.data().bytes(), 64, 128),
                ephemeral))
        .isTrue();

    byte[] key =
        KeyAgreement.onePass(
            SecuritySuite.SUITE_1,
            priv(REQUEST, "server static private"),
            CURVE.publicKey(ephemeral),
            CLIENT,
            METER);
    byte[] plain = BOOK.get("Table 133", "plaintext");
    try (DlmsKeys keys = DlmsKeys.of(key, AK)) {
      // what is wrong with it is the tag alone
      byte[] ours =
          Ciphering.protect(apdu.header(), agreed, apdu.control(), 0, plain, keys)
              .content()
              .bytes();
      byte[] theirs = apdu.content().bytes();
      assertThat(ours).hasSameSizeAs(theirs);
      assertThat(Arrays.copyOf(ours, plain.length)).isEqualTo(Arrays.copyOf(theirs, plain.length));
      assertThat(
              catchThrowableOfType(DlmsException.class, () -> Ciphering.unprotect(apdu, keys))
                  .kind())
          .isEqualTo(DlmsException.Kind.UNAUTHENTICATED);
      var sealed = Ciphering.protect(apdu.header(), agreed, apdu.control(), 0, plain, keys);
      assertThat(Ciphering.unprotect(sealed, keys)).isEqualTo(plain);
    }
  }

  @Test
  @DisplayName("Table C.3's ciphertext is Table 133 under the static unified model's key")
  void generalCipheringWithStaticKeys() throws DlmsException {
    byte[] plain = BOOK.get("Table 133", "plaintext");
    byte[] theirs = BOOK.get("ECDH C(0e,2s)", "protected");
    try (DlmsKeys keys = DlmsKeys.of(BOOK.get("ECDH C(0e,2s)", "derived key"), AK)) {
      byte[] ours =
          Ciphering.protect(
                  GeneralHeader.of(TRANSACTION, CLIENT, METER),
                  KeyInfo.NONE,
                  SecurityControl.of(1, true, true, false),
                  0,
                  plain,
                  keys)
              .content()
              .bytes();
      assertThat(ours).hasSameSizeAs(theirs);
      assertThat(Arrays.copyOf(ours, plain.length)).isEqualTo(Arrays.copyOf(theirs, plain.length));
    }
  }
}

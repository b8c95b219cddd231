package org.gridwarden.channel.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.channel.xmpp.Accounts.Hash;
import org.gridwarden.channel.xmpp.Accounts.Verifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 5802, clause 5, and RFC 7677, clause 3. */
class AccountsTest {
  private static final Base64.Decoder BASE64 = Base64.getDecoder();

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "SHA1 SHA-1 HmacSHA1 QSXCR+Q6sek8bf92"
            + " n=user,r=fyko+d2lbbFgONRv9qkxdawL"
            + " r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"
            + " c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j"
            + " v0X8v3Bz2T0CJGbJQyF0X+HI4Ts= rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        "SHA256 SHA-256 HmacSHA256 W22ZaJ0SNY7soEsUEjb6gQ=="
            + " n=user,r=rOprNGfwEbeRWgbNEkqO"
            + " r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
            + " c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
            + " dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
            + " 6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
      })
  void aVerifierVerifies(
      Hash hash,
      String digest,
      String hmac,
      String salt,
      String clientFirst,
      String serverFirst,
      String clientLast,
      String proof,
      String signature)
      throws Exception {
    Verifier verifier =
        Accounts.verifier(
            "pencil".getBytes(StandardCharsets.US_ASCII), BASE64.decode(salt), 4_096, hash);
    assertThat(verifier.salt()).isEqualTo(salt);
    byte[] message =
        (clientFirst + "," + serverFirst + "," + clientLast).getBytes(StandardCharsets.US_ASCII);
    byte[] clientKey = mac(hmac, BASE64.decode(verifier.storedKey()), message);
    byte[] shown = BASE64.decode(proof);
    for (int i = 0; i < shown.length; i++) {
      clientKey[i] ^= shown[i];
    }
    // what a server does with a client's proof
    assertThat(MessageDigest.getInstance(digest).digest(clientKey))
        .isEqualTo(BASE64.decode(verifier.storedKey()));
    assertThat(mac(hmac, BASE64.decode(verifier.serverKey()), message))
        .isEqualTo(BASE64.decode(signature));
  }

  private static byte[] mac(String algorithm, byte[] key, byte[] message) throws Exception {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(key, algorithm));
    return mac.doFinal(message);
  }

  @Test
  void aVerifierIsNotPrinted() {
    Verifier verifier = Accounts.verifier(new byte[] {'a'}, new byte[16], 4_096, Hash.SHA256);
    assertThat(verifier.toString()).doesNotContain(verifier.storedKey(), verifier.serverKey());
  }
}

package org.gridwarden.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.gridwarden.core.Secret;

/**
 * Keys as text (RFC 7468). Private keys stand encrypted under PBES2 (RFC 8018): PBKDF2 with
 * HMAC-SHA-512 and 210,000 rounds, AES-256-CBC; {@code openssl pkey} reads them, too.
 */
final class Pem {
  private static final String PBE = "PBEWithHmacSHA512AndAES_256";
  private static final int ROUNDS = 210_000;

  private Pem() {}

  static String publicKey(PublicKey key) {
    return block("PUBLIC KEY", key.getEncoded());
  }

  static String encrypt(PrivateKey key, Secret passphrase) {
    byte[] plain = key.getEncoded();
    try {
      SecretKey pbe = pbeKey(passphrase);
      Cipher cipher = Cipher.getInstance(PBE);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          pbe,
          new PBEParameterSpec(
              Randomness.bytes(16), ROUNDS, new IvParameterSpec(Randomness.bytes(16))));
      byte[] sealed = cipher.doFinal(plain);
      // named by the scheme: the cipher's own parameters go by a name that has no object identifier
      AlgorithmParameters scheme = AlgorithmParameters.getInstance("PBES2");
      scheme.init(cipher.getParameters().getEncoded());
      return block(
          "ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(scheme, sealed).getEncoded());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java cannot encrypt a PKCS#8 key", e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  static PrivateKey decrypt(Path file, byte[] pem, Secret passphrase) throws IOException {
    try {
      EncryptedPrivateKeyInfo sealed =
          new EncryptedPrivateKeyInfo(bytes(file, pem, "ENCRYPTED PRIVATE KEY"));
      Cipher cipher = Cipher.getInstance(PBE);
      cipher.init(Cipher.DECRYPT_MODE, pbeKey(passphrase), sealed.getAlgParameters());
      return KeyFactory.getInstance("RSA").generatePrivate(sealed.getKeySpec(cipher));
    } catch (GeneralSecurityException e) {
      throw new IOException(
          file + " does not open: the master key or passphrase is another one, or it is damaged");
    }
  }

  static PublicKey publicOf(PrivateKey key) throws IOException {
    if (key instanceof RSAPrivateCrtKey rsa) {
      try {
        return KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
      } catch (GeneralSecurityException e) {
        throw new IOException("the office key's public half cannot be reckoned", e);
      }
    }
    throw new IOException("the office key is not an RSA key with its CRT parameters");
  }

  static String block(String label, byte[] der) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return "-----BEGIN "
        + label
        + "-----\n"
        + lines.encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  static byte[] bytes(Path file, byte[] pem, String label) throws IOException {
    String text = new String(pem, StandardCharsets.US_ASCII);
    String begin = "-----BEGIN " + label + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + label + "-----");
    if (from < 0 || to < from) {
      throw new IOException(file + " has no PEM block '" + label + "'");
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": its PEM block '" + label + "' is not base64");
    }
  }

  private static SecretKey pbeKey(Secret passphrase) throws GeneralSecurityException {
    byte[] utf8 = passphrase.copy();
    char[] chars = new String(utf8, StandardCharsets.UTF_8).toCharArray();
    for (char c : chars) {
      if (c < ' ' || c > '~') {
        throw new InvalidKeyException("not printable ASCII");
      }
    }
    PBEKeySpec spec = new PBEKeySpec(chars);
    try {
      return SecretKeyFactory.getInstance(PBE).generateSecret(spec);
    } finally {
      spec.clearPassword();
      Arrays.fill(chars, '\0');
      Arrays.fill(utf8, (byte) 0);
    }
  }
}

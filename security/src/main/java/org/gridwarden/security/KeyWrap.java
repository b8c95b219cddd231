package org.gridwarden.security;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.Secret;
import org.gridwarden.security.fips.FipsMode;

/**
 * The two ways in which meters' keys are wrapped.
 *
 * <ul>
 *   <li>For shipment: RSAES-OAEP with SHA-256 and MGF1 with SHA-256 (RFC 8017, clause 7.1), to the
 *       office's public key. 384 bytes under a 3,072-bit key.
 *   <li>For the office's own database: AES-256-GCM under the office's local key, bound to its place
 *       by additional data. A version byte 01, a 12-byte nonce, the ciphertext, a 16-byte tag.
 * </ul>
 *
 * Thread-safe.
 */
public final class KeyWrap {
  /** The parameters in full: the bare name in Java would take SHA-1 for the mask. */
  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

  private static final byte LOCAL = 1;
  private static final int NONCE = 12;
  private static final int TAG = 16;

  private KeyWrap() {}

  /**
   * Wraps a key for an office.
   *
   * @param office its public RSA key
   * @throws IllegalArgumentException where the public key is not RSA, or the secret too long for it
   */
  public static byte[] forShipment(PublicKey office, Secret key) {
    byte[] plain = key.copy();
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      if (FipsMode.on()) { // the module wraps keys, and enciphers nothing else under RSA
        cipher.init(Cipher.WRAP_MODE, office, OAEP, Randomness.drbg());
        return cipher.wrap(new SecretKeySpec(plain, "AES"));
      }
      cipher.init(Cipher.ENCRYPT_MODE, office, OAEP, Randomness.drbg());
      return cipher.doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "the key cannot be wrapped to this public key: " + office.getAlgorithm(), e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /** How many bytes a shipped key has when wrapped to this public key. */
  public static int shippedLength(PublicKey office) {
    if (office instanceof RSAKey rsa) {
      return (rsa.getModulus().bitLength() + 7) / 8;
    }
    throw new IllegalArgumentException("an office key is RSA, not " + office.getAlgorithm());
  }

  static Secret openShipped(PrivateKey office, byte[] wrapped) throws UnusableKeyException {
    byte[] plain = {};
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      if (FipsMode.on()) {
        cipher.init(Cipher.UNWRAP_MODE, office, OAEP);
        plain = cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY).getEncoded();
      } else {
        cipher.init(Cipher.DECRYPT_MODE, office, OAEP);
        plain = cipher.doFinal(wrapped);
      }
      return new Secret(plain);
    } catch (GeneralSecurityException e) {
      // the cause says which check failed, which is nobody's business
      throw new UnusableKeyException("the key is not wrapped to this office's public key");
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  static boolean isLocal(byte[] wrapped) {
    return wrapped.length > 1 + NONCE + TAG && wrapped.length < 256 && wrapped[0] == LOCAL;
  }

  static byte[] locally(SecretKeySpec local, Secret key, byte[] place) {
    byte[] plain = key.copy();
    byte[] nonce = Randomness.bytes(NONCE);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, local, new GCMParameterSpec(TAG * 8, nonce));
      cipher.updateAAD(place);
      byte[] wrapped = new byte[1 + NONCE + plain.length + TAG];
      wrapped[0] = LOCAL;
      System.arraycopy(nonce, 0, wrapped, 1, NONCE);
      cipher.doFinal(plain, 0, plain.length, wrapped, 1 + NONCE);
      return wrapped;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM is missing in this Java", e);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  static Secret openLocal(SecretKeySpec local, byte[] wrapped, byte[] place)
      throws UnusableKeyException {
    byte[] plain = {};
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, local, new GCMParameterSpec(TAG * 8, wrapped, 1, NONCE));
      cipher.updateAAD(place);
      plain = cipher.doFinal(wrapped, 1 + NONCE, wrapped.length - 1 - NONCE);
      return new Secret(plain);
    } catch (GeneralSecurityException e) {
      throw new UnusableKeyException("the locally wrapped key does not open in its place");
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }
}

package org.gridwarden.message;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.security.command.Cbor;

/**
 * What a meter's key gives for one direction and one algorithm: a key and an IV that counters are
 * laid over, by HKDF with SHA-256 (RFC 5869) as OSCORE does it (RFC 8613, clause 3.2.1). The
 * meter's own key is never used for anything else. Immutable, thread-safe; prints nothing of it.
 */
public final class MessageKeys implements AutoCloseable {
  private static final String HMAC = "HmacSHA256";
  private static final int HASH = 32;
  private static final String LABEL = "gridwarden message 1";

  private final MeterId meter;
  private final byte[] keyId;
  private final Direction direction;
  private final Algorithm algorithm;
  private final Secret key;
  private final byte[] iv;

  private MessageKeys(
      MeterId meter,
      byte[] keyId,
      Direction direction,
      Algorithm algorithm,
      Secret key,
      byte[] iv) {
    this.meter = meter;
    this.keyId = keyId;
    this.direction = direction;
    this.algorithm = algorithm;
    this.key = key;
    this.iv = iv;
  }

  /**
   * Derives the keys of one direction.
   *
   * @param set the meter's key for messages, in {@code encryption}
   * @throws IllegalArgumentException where the algorithm takes a key of another length: a meter
   *     with a long key is not heard under a short one (C7)
   */
  public static MessageKeys of(
      MeterId meter, KeySet set, Direction direction, Algorithm algorithm) {
    if (set.encryption().length() != algorithm.keyLength()) {
      throw new IllegalArgumentException(
          algorithm + " wants a key of " + algorithm.keyLength() + " bytes");
    }
    byte[] keyId = set.keyId();
    byte[] input = set.encryption().copy();
    byte[] prk = {};
    byte[] derived = {};
    try {
      prk = hmac(new byte[HASH], input); // HKDF-Extract without a salt
      derived =
          expand(
              prk,
              info(meter, keyId, direction, algorithm, "Key", algorithm.keyLength()),
              algorithm.keyLength());
      byte[] iv =
          expand(
              prk,
              info(meter, keyId, direction, algorithm, "IV", Algorithm.NONCE),
              Algorithm.NONCE);
      return new MessageKeys(meter, keyId, direction, algorithm, new Secret(derived), iv);
    } finally {
      Arrays.fill(input, (byte) 0);
      Arrays.fill(prk, (byte) 0);
      Arrays.fill(derived, (byte) 0);
    }
  }

  /** Whose they are. */
  MeterId meter() {
    return meter;
  }

  byte[] keyId() {
    return keyId.clone();
  }

  Direction direction() {
    return direction;
  }

  Algorithm algorithm() {
    return algorithm;
  }

  /** What is bound to the keys, in the order of RFC 8613's info, with our label before it. */
  static byte[] info(
      MeterId meter,
      byte[] keyId,
      Direction direction,
      Algorithm algorithm,
      String type,
      int length) {
    return Cbor.write(out -> {
      out.writeStartArray(null, 7);
      out.writeString(LABEL);
      out.writeString(meter.value());
      out.writeBinary(keyId);
      out.writeNumber(direction.number());
      out.writeNumber(algorithm.number());
      out.writeString(type);
      out.writeNumber(length);
      out.writeEndArray();
    });
  }

  /** HKDF-Expand (clause 2.3) to at most one hash's length, which is all that is ever asked. */
  private static byte[] expand(byte[] prk, byte[] info, int length) {
    byte[] input = Arrays.copyOf(info, info.length + 1);
    input[info.length] = 1;
    byte[] full = hmac(prk, input);
    byte[] some = Arrays.copyOf(full, length);
    Arrays.fill(full, (byte) 0);
    return some;
  }

  private static byte[] hmac(byte[] key, byte[] input) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }

  /** The counter, laid over the IV from its right end (RFC 9052, clause 3.1). */
  byte[] nonce(long counter) {
    byte[] nonce = iv.clone();
    for (int i = 0; i < Integer.BYTES; i++) {
      nonce[Algorithm.NONCE - 1 - i] ^= (byte) (counter >>> (8 * i));
    }
    return nonce;
  }

  byte[] encrypt(long counter, byte[] aad, byte[] plain) {
    try {
      return cipher(Cipher.ENCRYPT_MODE, counter, aad).doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(algorithm + " is missing in this Java", e);
    }
  }

  /**
   * @throws MessageException UNAUTHENTICATED, whatever was wrong (C6)
   */
  byte[] decrypt(long counter, byte[] aad, byte[] ciphertext) throws MessageException {
    try {
      return cipher(Cipher.DECRYPT_MODE, counter, aad).doFinal(ciphertext);
    } catch (GeneralSecurityException e) {
      throw new MessageException(
          MessageException.Kind.UNAUTHENTICATED, "it is not by who has the meter's key");
    }
  }

  private Cipher cipher(int mode, long counter, byte[] aad) throws GeneralSecurityException {
    boolean aes = algorithm != Algorithm.CHACHA20_POLY1305;
    byte[] nonce = nonce(counter);
    AlgorithmParameterSpec parameters =
        aes ? new GCMParameterSpec(Algorithm.TAG * 8, nonce) : new IvParameterSpec(nonce);
    byte[] raw = key.copy();
    try {
      Cipher cipher = Cipher.getInstance(aes ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305");
      cipher.init(mode, new SecretKeySpec(raw, aes ? "AES" : "ChaCha20"), parameters);
      cipher.updateAAD(aad);
      return cipher;
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
  }

  /** Wipes the key. */
  @Override
  public void close() {
    key.close();
  }

  @Override
  public String toString() {
    return "MessageKeys[" + meter + " " + direction + "]";
  }
}

package org.gridwarden.security.backup;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/**
 * The key of one run of a backup: AES-256-GCM with nonces that are counted from 0 and never come
 * again, since the key is made anew for each run and is nowhere kept in the clear. Thread-safe.
 */
public final class RunKey {
  /** How many bytes a run's id has. */
  public static final int ID_BYTES = 16;

  /** What sealing adds to a plaintext, in bytes. */
  public static final int OVERHEAD = ID_BYTES + Primitives.NONCE_BYTES + Primitives.TAG_BYTES;

  private final byte[] id;
  private final SecretKey key;
  private final byte[] wrapped;
  private final AtomicLong next;

  /**
   * @param fresh whether it was just made: only then nothing was sealed with it, and it may seal
   */
  RunKey(byte[] id, byte[] key, byte[] wrapped, boolean fresh) {
    this.id = id.clone();
    this.key = Primitives.aes(key);
    this.wrapped = wrapped.clone();
    this.next = new AtomicLong(fresh ? 0 : Long.MIN_VALUE);
  }

  /** The run's id in hex. */
  public String id() {
    return HexFormat.of().formatHex(id);
  }

  /** The key for the owner of the private half; nobody else opens it. */
  public byte[] wrapped() {
    return wrapped.clone();
  }

  /**
   * Enciphers: the run's id, a nonce, the ciphertext and its tag.
   *
   * @param about what it is bound to; it opens with the same only
   * @throws IllegalStateException where the key is an earlier run's, opened to read
   */
  public byte[] seal(byte[] about, byte[] plain) {
    long number = next.getAndIncrement();
    if (number < 0) {
      throw new IllegalStateException("this run's key only opens: its nonces were used");
    }
    byte[] nonce = ByteBuffer.allocate(Primitives.NONCE_BYTES).putInt(0).putLong(number).array();
    try {
      byte[] sealed =
          Primitives.gcm(Cipher.ENCRYPT_MODE, key, nonce, about, plain, 0, plain.length);
      return ByteBuffer.allocate(ID_BYTES + nonce.length + sealed.length)
          .put(id)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES-256-GCM", e);
    }
  }

  /** The id of the run whose key seals something, in hex; empty where it is too short. */
  public static String runOf(byte[] sealed) {
    return sealed.length < OVERHEAD ? "" : HexFormat.of().formatHex(sealed, 0, ID_BYTES);
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @throws BackupException where a bit of it is another, or it was made about something else
   */
  public byte[] open(byte[] about, byte[] sealed) throws BackupException {
    if (!runOf(sealed).equals(id())) {
      throw new BackupException("it is damaged, or of another run");
    }
    byte[] nonce = new byte[Primitives.NONCE_BYTES];
    System.arraycopy(sealed, ID_BYTES, nonce, 0, nonce.length);
    int from = ID_BYTES + nonce.length;
    try {
      return Primitives.gcm(
          Cipher.DECRYPT_MODE, key, nonce, about, sealed, from, sealed.length - from);
    } catch (AEADBadTagException e) {
      throw new BackupException("it was changed since it was written", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES-256-GCM", e);
    }
  }

  @Override
  public String toString() {
    return "RunKey[" + id() + "]";
  }
}

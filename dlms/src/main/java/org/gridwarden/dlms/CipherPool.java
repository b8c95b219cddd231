package org.gridwarden.dlms;

import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * Cipher objects, lent and given back: making one costs more than decrypting a push. A pool rather
 * than a thread-local, since virtual threads are many and short-lived. Thread-safe; never blocks.
 */
final class CipherPool {
  private static final CipherPool GCM = new CipherPool("AES/GCM/NoPadding");
  private static final CipherPool CTR = new CipherPool("AES/CTR/NoPadding");
  private static final int SLOTS = 64;

  private final String transformation;
  private final AtomicReferenceArray<@Nullable Cipher> slots = new AtomicReferenceArray<>(SLOTS);

  private CipherPool(String transformation) {
    this.transformation = transformation;
  }

  static Lease gcm() {
    return GCM.lease();
  }

  static Lease ctr() {
    return CTR.lease();
  }

  private Lease lease() {
    int slot = (int) Thread.currentThread().threadId() & SLOTS - 1;
    Cipher cipher = slots.getAndSet(slot, null);
    return new Lease(this, slot, cipher != null ? cipher : make());
  }

  private Cipher make() {
    try {
      return Cipher.getInstance(transformation);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime lacks " + transformation, e);
    }
  }

  /** A cipher for the time of one operation. */
  record Lease(CipherPool pool, int slot, Cipher cipher) {
    void giveBack() {
      pool.slots.set(slot, cipher);
    }
  }
}

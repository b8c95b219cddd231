package org.gridwarden.channel.sip;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The challenges of the digest (RFC 7616, clause 3.3). They are not kept: each has its time and a
 * MAC over that and over the address that it went to, so that who answers one has shown that it is
 * where it says it is. Kept are the counts of those that were answered rightly: each count is taken
 * once, in ascending order. Thread-safe.
 */
final class Nonces {
  /** So many answered ones are remembered; those that are older than a forgotten one are stale. */
  static final int REMEMBERED = 65_536;

  private static final String HMAC = "HmacSHA256";
  private static final int TAG = 12;
  private static final int LENGTH = 27; // of 20 bytes in base64url

  private final SecretKeySpec secret;
  private final long lasting;
  private final AtomicLong last = new AtomicLong(System.nanoTime());
  private final Map<Long, Long> counts = new LinkedHashMap<>();
  private long floor = Long.MIN_VALUE;

  /**
   * @param lasting how long one may be used
   */
  Nonces(Duration lasting) {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    this.secret = new SecretKeySpec(bytes, HMAC);
    this.lasting = lasting.toNanos();
  }

  /** A new one. */
  String make(InetAddress source) {
    // no two alike: else their counts would be taken for each other's
    return make(source, last.accumulateAndGet(System.nanoTime(), (a, b) -> Math.max(a + 1, b)));
  }

  private String make(InetAddress source, long at) {
    byte[] time = ByteBuffer.allocate(Long.BYTES).putLong(at).array();
    byte[] whole = Arrays.copyOf(time, Long.BYTES + TAG);
    System.arraycopy(mac(time, source.getAddress()), 0, whole, Long.BYTES, TAG);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
  }

  /** What names the answer to a request that is not remembered: the same for the same. */
  String tag(String callId, String branch) {
    byte[] mac = mac((callId + " " + branch).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return java.util.HexFormat.of().formatHex(mac, 0, 6);
  }

  private byte[] mac(byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(secret);
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }

  /**
   * Whether one is of this office, went to that address, and may be used still.
   *
   * @return when it was made; empty where it is none such
   */
  OptionalLong check(String nonce, InetAddress source) {
    Optional<Long> at = time(nonce);
    if (at.isEmpty()
        || !MessageDigest.isEqual(
            make(source, at.get()).getBytes(java.nio.charset.StandardCharsets.US_ASCII),
            nonce.getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
      return OptionalLong.empty();
    }
    return System.nanoTime() - at.get() < lasting
        ? OptionalLong.of(at.get())
        : OptionalLong.empty();
  }

  private static Optional<Long> time(String nonce) {
    if (nonce.length() != LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(ByteBuffer.wrap(Base64.getUrlDecoder().decode(nonce)).getLong());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Takes a count, of a digest that was right.
   *
   * @param made when its nonce was made
   * @return false where it, or a later one, was taken before, or that is not known any more
   */
  synchronized boolean use(long made, long count) {
    if (floor != Long.MIN_VALUE && made - floor <= 0) {
      return false;
    }
    Long before = counts.get(made);
    if (before != null && count <= before) {
      return false;
    }
    counts.put(made, count);
    forget();
    return true;
  }

  private void forget() {
    Iterator<Long> oldest = counts.keySet().iterator();
    while (oldest.hasNext()) {
      long first = oldest.next();
      boolean over = System.nanoTime() - first >= lasting;
      if (!over && counts.size() <= REMEMBERED) {
        return;
      }
      if (!over) {
        floor = floor == Long.MIN_VALUE || first - floor > 0 ? first : floor;
      }
      oldest.remove();
    }
  }
}

package org.gridwarden.channel.coap;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Values of the Echo option (RFC 9175): who sends one back is where it says it is, and was there
 * just now. Nothing is kept of them. Thread-safe.
 */
final class Echoes {
  private static final String HMAC = "HmacSHA256";
  private static final Duration FRESH = Duration.ofSeconds(60);
  private static final int TAG = 8;
  private static final int LENGTH = Integer.BYTES + TAG;

  private final SecretKeySpec key;
  private final LongSupplier nanoTime;

  Echoes() {
    this(System::nanoTime);
  }

  Echoes(LongSupplier nanoTime) {
    byte[] fresh = new byte[32];
    new SecureRandom().nextBytes(fresh);
    this.key = new SecretKeySpec(fresh, HMAC);
    this.nanoTime = nanoTime;
  }

  /** A value for whoever is there now. */
  byte[] make(InetSocketAddress there) {
    return value(seconds(), there);
  }

  /** Whether a value was made for that place just now. */
  boolean isFresh(byte[] value, InetSocketAddress there) {
    if (value.length != LENGTH) {
      return false;
    }
    int made = ByteBuffer.wrap(value).getInt();
    int age = seconds() - made;
    return age >= 0 && age <= FRESH.toSeconds() && MessageDigest.isEqual(value, value(made, there));
  }

  private int seconds() {
    return (int) Duration.ofNanos(nanoTime.getAsLong()).toSeconds();
  }

  private byte[] value(int seconds, InetSocketAddress there) {
    byte[] time = ByteBuffer.allocate(Integer.BYTES).putInt(seconds).array();
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      mac.update(time);
      mac.update(there.getAddress().getAddress());
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(there.getPort()).flip());
      return ByteBuffer.allocate(LENGTH).put(time).put(Arrays.copyOf(mac.doFinal(), TAG)).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }
}

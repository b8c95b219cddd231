package org.gridwarden.simulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.Secret;
import org.gridwarden.security.command.Signer;

/**
 * From which a street's keys are made: 32 random bytes, or a seed's, which everybody who knows the
 * seed can make, too.
 */
final class StreetSecret {
  private static final int LENGTH = 32;
  private final Secret root;

  private StreetSecret(Secret root) {
    this.root = root;
  }

  static StreetSecret of(OptionalLong seed) {
    byte[] bytes = new byte[LENGTH];
    if (seed.isPresent()) {
      ByteBuffer.wrap(bytes).putLong(seed.getAsLong());
    } else {
      new SecureRandom().nextBytes(bytes);
    }
    return of(bytes);
  }

  /**
   * Takes over the bytes, which it wipes.
   *
   * @throws IllegalArgumentException where they are not 32
   */
  static StreetSecret of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a street's secret has " + LENGTH + " bytes");
    }
    Secret secret = new Secret(bytes);
    Arrays.fill(bytes, (byte) 0);
    return new StreetSecret(secret);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StreetSecret that && root.equals(that.root);
  }

  @Override
  public int hashCode() {
    return root.hashCode();
  }

  /** A copy for the state file, which the caller wipes. */
  byte[] copy() {
    return root.copy();
  }

  /** A meter's 16-byte key for a use. */
  Secret key(String use, int meter) {
    byte[] full = derive(use, meter);
    byte[] key = Arrays.copyOf(full, 16);
    Secret secret = new Secret(key);
    Arrays.fill(full, (byte) 0);
    Arrays.fill(key, (byte) 0);
    return secret;
  }

  /** The key from which those of a meter's secured messages follow, 32 bytes. */
  Secret message(int meter) {
    byte[] key = derive("message", meter);
    Secret secret = new Secret(key);
    Arrays.fill(key, (byte) 0);
    return secret;
  }

  /** The key under which the head-end seals commands for a meter, 32 bytes. */
  Secret seal(int meter) {
    byte[] key = derive("seal", meter);
    Secret secret = new Secret(key);
    Arrays.fill(key, (byte) 0);
    return secret;
  }

  /** With what a meter signs its receipts. */
  Signer signer(int meter) {
    return MeterKeyPair.lazily(() -> {
      byte[] scalar = derive("sign", meter);
      scalar[0] &= 0x7F; // below the curve's order
      return scalar;
    });
  }

  /** Dice for the meters' behaviour, from which the keys cannot be reckoned back. */
  Dice dice() {
    return new Dice(ByteBuffer.wrap(derive("behaviour", 0)).getLong());
  }

  private byte[] derive(String use, int meter) {
    byte[] key = root.copy();
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(use.getBytes(StandardCharsets.US_ASCII));
      return mac.doFinal(ByteBuffer.allocate(4).putInt(meter).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}

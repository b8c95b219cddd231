package org.gridwarden.core;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * What makes a message the same message. Copies its arrays in and out.
 *
 * @param meter whose it is
 * @param keyId which of the meter's keys counted it; empty where unciphered
 * @param counter the invocation counter, unsigned; -1 where there is none
 * @param digest SHA-256 over the message's bytes as they arrived
 */
public record MessageId(MeterId meter, byte[] keyId, long counter, byte[] digest) {
  public MessageId {
    keyId = keyId.clone();
    digest = digest.clone();
  }

  @Override
  public byte[] keyId() {
    return keyId.clone();
  }

  @Override
  public byte[] digest() {
    return digest.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MessageId that
        && meter.equals(that.meter)
        && counter == that.counter
        && Arrays.equals(keyId, that.keyId)
        && Arrays.equals(digest, that.digest);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * meter.hashCode() + Long.hashCode(counter)) + Arrays.hashCode(digest);
  }

  @Override
  public String toString() {
    String count = counter == -1 ? "uncounted" : Long.toUnsignedString(counter);
    return meter + "/" + HexFormat.of().formatHex(keyId) + "/" + count;
  }
}

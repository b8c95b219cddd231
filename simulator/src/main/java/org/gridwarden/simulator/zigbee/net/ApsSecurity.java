package org.gridwarden.simulator.zigbee.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.security.cbke.MmoHash;
import org.gridwarden.simulator.zigbee.security.CcmStar;

/**
 * Security of the application support layer (clause 4.4): level 5 under a link key, or under the
 * key-transport key that follows from it. Pure functions.
 */
final class ApsSecurity {
  static final int MIC = 4;
  private static final int LEVEL = 5;
  private static final int TRANSPORT = 2 << 3;
  private static final int EXTENDED = 0x20;
  private static final byte KEY_TRANSPORT = 0x00;

  private ApsSecurity() {}

  /** A payload under a link key: its auxiliary header, its ciphertext, its tag. */
  static byte[] seal(ApsFrame frame, LinkKey key, long sender) {
    return seal(frame, key.key(), 0, key.next(), sender);
  }

  /** A command that carries a key, under the key-transport key of a link key. */
  static byte[] sealTransport(ApsFrame frame, LinkKey key, long sender) {
    return seal(
        frame, MmoHash.keyed(key.key(), KEY_TRANSPORT), TRANSPORT | EXTENDED, key.next(), sender);
  }

  private static byte[] seal(ApsFrame frame, byte[] key, int kind, long counter, long sender) {
    byte[] header = frame.header();
    byte control = (byte) (LEVEL | kind);
    byte[] auxiliary = auxiliary(control, counter, sender);
    byte[] aad = joined(header, auxiliary);
    byte[] sealed =
        CcmStar.seal(key, NwkFrame.nonce(sender, counter, control), aad, frame.payload(), MIC);
    auxiliary[0] = (byte) kind; // the level is not sent
    return joined(auxiliary, sealed);
  }

  private static byte[] auxiliary(byte control, long counter, long sender) {
    boolean extended = (control & EXTENDED) != 0;
    ByteBuffer out = ByteBuffer.allocate(extended ? 13 : 5).order(ByteOrder.LITTLE_ENDIAN);
    out.put(control).putInt((int) counter);
    if (extended) {
      out.putLong(sender);
    }
    return out.array();
  }

  /** The counter that stands beside a sealed payload; empty where it is too short. */
  static Optional<Long> counter(byte[] payload) {
    return payload.length < 5 + MIC
        ? Optional.empty()
        : Optional.of(
            ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getInt(1) & 0xFFFF_FFFFL);
  }

  /** Opens a payload; empty where it is not genuine. */
  static Optional<byte[]> open(ApsFrame frame, byte[] linkKey, long sender) {
    byte[] payload = frame.payload();
    Optional<Long> counter = counter(payload);
    if (counter.isEmpty()) {
      return Optional.empty();
    }
    int kind = payload[0];
    byte[] key;
    if (kind == 0) {
      key = linkKey;
    } else if (kind == (TRANSPORT | EXTENDED)) {
      key = MmoHash.keyed(linkKey, KEY_TRANSPORT);
    } else {
      return Optional.empty();
    }
    byte control = (byte) (kind | LEVEL);
    int length = kind == 0 ? 5 : 13;
    if (payload.length < length + MIC) {
      return Optional.empty();
    }
    long from =
        kind == 0 ? sender : ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).getLong(5);
    byte[] aad = joined(frame.header(), auxiliary(control, counter.get(), from));
    return CcmStar.open(
        key,
        NwkFrame.nonce(from, counter.get(), control),
        aad,
        Arrays.copyOfRange(payload, length, payload.length),
        MIC);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }
}

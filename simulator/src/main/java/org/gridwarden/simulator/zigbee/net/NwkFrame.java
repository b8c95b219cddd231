package org.gridwarden.simulator.zigbee.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.simulator.zigbee.security.CcmStar;

/**
 * A data frame of the network layer (Zigbee specification 05-3474, clause 3.3), and its security:
 * level 5, which is encryption with a tag of 4 bytes, hop by hop.
 */
@SuppressWarnings("ArrayRecordComponent") // stays within the model
public record NwkFrame(
    int to, int from, int radius, int sequence, boolean secured, byte[] payload) {
  static final int HEADER = 8;
  static final int AUXILIARY = 14;
  static final int MIC = 4;

  /** From here on addresses mean many. */
  static final int BROADCAST = 0xFFF8;

  /** Data, of protocol version 2. */
  private static final int DATA = 0x0008;

  private static final int SECURED = 0x0200;

  /** Level 5, the network's key, the sender's address with it. */
  private static final byte CONTROL = 0x2D;

  /** On the air the level is left out (clause 4.3.1.1). */
  private static final byte CONTROL_SENT = 0x28;

  /** What was said beside a secured frame. */
  record Auxiliary(long counter, long sender, int keySequence) {}

  /** A frame that was opened. */
  record Opened(NwkFrame frame, Auxiliary auxiliary) {}

  private ByteBuffer header(int more) {
    ByteBuffer out =
        ByteBuffer.allocate(HEADER + more + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort((short) (DATA | (secured ? SECURED : 0)))
        .putShort((short) to)
        .putShort((short) from)
        .put((byte) radius)
        .put((byte) sequence);
    return out;
  }

  /** In the clear, as only the key on its way to a newcomer goes. */
  byte[] plain() {
    return header(0).put(payload).array();
  }

  /** Secured by its sender of this hop. */
  byte[] sealed(NetworkKey key, long counter, long sender) {
    ByteBuffer out = header(AUXILIARY + MIC);
    out.put(CONTROL).putInt((int) counter).putLong(sender).put((byte) key.sequence());
    byte[] aad = Arrays.copyOf(out.array(), HEADER + AUXILIARY);
    out.put(CcmStar.seal(key.key(), nonce(sender, counter, CONTROL), aad, payload, MIC));
    return out.put(HEADER, CONTROL_SENT).array();
  }

  /** A nonce: sender, counter, security control. */
  static byte[] nonce(long sender, long counter, byte control) {
    return ByteBuffer.allocate(CcmStar.NONCE)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(sender)
        .putInt((int) counter)
        .put(control)
        .array();
  }

  /** Reads what can be read without a key; a secured payload stays closed. */
  static Optional<NwkFrame> parse(byte[] bytes) {
    if (bytes.length < HEADER) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int control = in.getShort() & 0xFFFF;
    if ((control & ~SECURED) != DATA) {
      return Optional.empty();
    }
    int to = in.getShort() & 0xFFFF;
    int from = in.getShort() & 0xFFFF;
    int radius = in.get() & 0xFF;
    int sequence = in.get() & 0xFF;
    return Optional.of(
        new NwkFrame(
            to,
            from,
            radius,
            sequence,
            (control & SECURED) != 0,
            Arrays.copyOfRange(bytes, HEADER, bytes.length)));
  }

  /** What stands beside this secured frame; empty where it is too short. */
  Optional<Auxiliary> auxiliary() {
    if (payload.length < AUXILIARY + MIC || payload[0] != CONTROL_SENT) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    in.get();
    return Optional.of(new Auxiliary(in.getInt() & 0xFFFF_FFFFL, in.getLong(), in.get() & 0xFF));
  }

  /** Opens it; empty where it is not genuine. */
  Optional<NwkFrame> open(NetworkKey key, Auxiliary auxiliary) {
    NwkFrame bare =
        new NwkFrame(to, from, radius, sequence, true, Arrays.copyOfRange(payload, 0, AUXILIARY));
    byte[] aad = bare.header(0).put(bare.payload).array();
    aad[HEADER] = CONTROL;
    byte[] sealed = Arrays.copyOfRange(payload, AUXILIARY, payload.length);
    return CcmStar.open(
            key.key(), nonce(auxiliary.sender, auxiliary.counter, CONTROL), aad, sealed, MIC)
        .map(open -> new NwkFrame(to, from, radius, sequence, true, open));
  }
}

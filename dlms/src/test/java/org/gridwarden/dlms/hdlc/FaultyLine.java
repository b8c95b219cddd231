package org.gridwarden.dlms.hdlc;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.gridwarden.dlms.ByteLine;

/**
 * A line to a station in the same thread, by a clock that only moves where somebody waits: frames
 * are lost, damaged, cut short, doubled, late or surrounded by noise, the same ones for the same
 * seed. Never overtakes.
 */
final class FaultyLine implements ByteLine {
  /** How long a byte takes: 9600 baud. */
  private static final long BYTE = 1_041_667;

  private static final long LATE = Duration.ofMillis(1_300).toNanos();

  private final HdlcStation station;
  private final Random random;
  private final double rate;
  private final ArrayDeque<Piece> inbound = new ArrayDeque<>();
  private long now = 1_000_000_000_000L;
  private long lastAt;
  private int faults;
  private boolean closed;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Piece(long at, byte[] bytes) {}

  /**
   * @param rate how many of the frames have a fault, 0 to 1
   */
  FaultyLine(HdlcStation station, long seed, double rate) {
    this.station = station;
    this.random = new Random(seed);
    this.rate = rate;
  }

  long now() {
    return now;
  }

  int faults() {
    return faults;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public int read(byte[] into, int from, int length, Duration patience) {
    Piece next = inbound.peek();
    long until = now + patience.toNanos();
    if (next == null || next.at() > until) {
      now = until;
      return 0;
    }
    inbound.remove();
    now = Math.max(now, next.at());
    byte[] bytes = next.bytes();
    int count = Math.min(length, Math.min(bytes.length, 1 + random.nextInt(300)));
    System.arraycopy(bytes, 0, into, from, count);
    if (count < bytes.length) {
      inbound.addFirst(new Piece(now, Arrays.copyOfRange(bytes, count, bytes.length)));
    }
    return count;
  }

  @Override
  public void write(byte[] bytes) {
    // longer than the inter-octet timeout: the station knows that what had begun is over
    now += Duration.ofMillis(1).toNanos();
    answer(station.silence(now));
    byte[] arrives = faulty(bytes);
    now += bytes.length * BYTE;
    for (int at = 0; at < arrives.length; ) {
      int count = Math.min(arrives.length - at, 1 + random.nextInt(300));
      answer(station.hear(arrives, at, count, now));
      at += count;
    }
  }

  private void answer(byte[] bytes) {
    byte[] arrives = faulty(bytes);
    if (arrives.length > 0) {
      boolean late = random.nextDouble() < rate / 4;
      faults += late ? 1 : 0;
      lastAt = Math.max(lastAt, now + arrives.length * BYTE + (late ? LATE : 0));
      inbound.add(new Piece(lastAt, arrives));
    }
  }

  private byte[] faulty(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] frame : frames(bytes)) {
      if (random.nextDouble() >= rate) {
        out.writeBytes(frame);
        continue;
      }
      faults++;
      switch (random.nextInt(5)) {
        case 0 -> {} // lost
        case 1 -> { // up to three bits, which the check always finds
          for (int i = 1 + random.nextInt(3); i > 0; i--) {
            frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
          }
          out.writeBytes(frame);
        }
        case 2 -> out.write(frame, 0, random.nextInt(frame.length));
        case 3 -> {
          out.writeBytes(frame);
          out.writeBytes(frame);
        }
        default -> {
          byte[] noise = new byte[random.nextInt(40)];
          random.nextBytes(noise);
          for (int i = 0; i < noise.length; i += 5) {
            noise[i] = 0x7E;
          }
          out.writeBytes(noise);
          out.writeBytes(frame);
        }
      }
    }
    return out.toByteArray();
  }

  /** Cuts whole frames apart by their lengths. */
  static List<byte[]> frames(byte[] bytes) {
    List<byte[]> frames = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int length = ((bytes[at + 1] & 7) << 8 | (bytes[at + 2] & 0xFF)) + 2;
      frames.add(Arrays.copyOfRange(bytes, at, at + length));
      at += length;
    }
    return frames;
  }

  @Override
  public void close() {
    closed = true;
  }
}

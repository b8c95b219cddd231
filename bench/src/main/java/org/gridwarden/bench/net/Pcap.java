package org.gridwarden.bench.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Writes packets as other programs read them: pcap 2.4, raw IP (LINKTYPE_RAW, 101). */
public final class Pcap {
  private static final int MAGIC = 0xA1B2C3D4;
  private static final int LINKTYPE_RAW = 101;
  private static final long NANOS = 1_000_000_000L;

  private Pcap() {}

  /**
   * Writes a capture; packets that the link lost are in it, since they were sent.
   *
   * @param zero when {@link System#nanoTime} was 0
   */
  public static void write(Path file, List<Packet> packets, Instant zero) throws IOException {
    try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(
          ints(24)
              .putInt(MAGIC)
              .putShort((short) 2)
              .putShort((short) 4)
              .putInt(0)
              .putInt(0)
              .putInt(Tun.LONGEST)
              .putInt(LINKTYPE_RAW)
              .array());
      for (Packet packet : packets) {
        Instant at = zero.plusNanos(packet.nanos());
        out.write(
            ints(16)
                .putInt((int) at.getEpochSecond())
                .putInt((int) (at.getNano() * 1_000_000L / NANOS))
                .putInt(packet.bytes().length)
                .putInt(packet.bytes().length)
                .array());
        out.write(packet.bytes());
      }
    }
  }

  private static ByteBuffer ints(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.BIG_ENDIAN);
  }
}

package org.gridwarden.bench.store;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.core.IntervalBlock;

/**
 * Day rows in PostgreSQL's binary COPY format, made before the clock runs: the bare COPY's input.
 */
final class CopyRows {
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int EPOCH_DAYS = 10_957; // 2000-01-01
  private static final long MICROS_A_DAY = 86_400_000_000L;

  private CopyRows() {}

  /** One COPY's bytes a batch; meters are numbered as the benchmark registered them. */
  static List<byte[]> encode(List<IntervalBlock> blocks, int batch) {
    List<byte[]> batches = new ArrayList<>();
    for (int from = 0; from < blocks.size(); from += batch) {
      batches.add(one(blocks.subList(from, Math.min(from + batch, blocks.size())), from));
    }
    return batches;
  }

  /**
   * One COPY's bytes.
   *
   * @param before how many meters come before the first block's
   */
  static byte[] rows(List<IntervalBlock> blocks, long before) {
    return one(blocks, before);
  }

  private static byte[] one(List<IntervalBlock> blocks, long first) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(blocks.size() * 900);
      DataOutputStream out = new DataOutputStream(bytes);
      out.write(HEADER);
      int meter = Math.toIntExact(first);
      for (IntervalBlock block : blocks) {
        row(out, block, ++meter);
      }
      out.writeShort(-1);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // streams in memory do not fail
    }
  }

  private static void row(DataOutputStream out, IntervalBlock block, int meter) throws IOException {
    int day = Math.toIntExact(block.day().date().toEpochDay() - EPOCH_DAYS);
    out.writeShort(9);
    out.writeInt(8); // day_start
    out.writeLong(day * MICROS_A_DAY);
    out.writeInt(4); // meter
    out.writeInt(meter);
    out.writeInt(4); // channel
    out.writeInt(1);
    out.writeInt(4); // day
    out.writeInt(day);
    out.writeInt(4); // interval_s
    out.writeInt(900);
    out.writeInt(2); // layer
    out.writeShort(0);
    out.writeInt(20 + 8 * block.values().length); // values: one dimension, no nulls, int4
    out.writeInt(1);
    out.writeInt(0);
    out.writeInt(23);
    out.writeInt(block.values().length);
    out.writeInt(1);
    for (long value : block.values()) {
      out.writeInt(4);
      out.writeInt(Math.toIntExact(value));
    }
    out.writeInt(-1); // wide
    if (block.quality().length == 0) {
      out.writeInt(-1);
    } else {
      out.writeInt(block.quality().length);
      out.write(block.quality());
    }
  }
}

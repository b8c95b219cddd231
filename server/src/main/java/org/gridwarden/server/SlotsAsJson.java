package org.gridwarden.server;

import java.io.OutputStream;
import java.util.List;
import java.util.stream.Collectors;
import org.gridwarden.core.Quality;
import org.gridwarden.store.Holds;
import org.gridwarden.store.Readings;

/** Writes slots as the elements of a JSON array. Not thread-safe. */
final class SlotsAsJson extends SlotsWithGaps {
  private static final byte[] FIRST = SlotOut.bytes("{\"start\":\"");
  private static final byte[] NEXT = SlotOut.bytes(",{\"start\":\"");
  private static final byte[] VALUE = SlotOut.bytes("\",\"value\":\"");
  private static final byte[] QUALITY = SlotOut.bytes("\",\"quality\":");
  private static final byte[] NO_VALUE = SlotOut.bytes("\",\"value\":null,\"quality\":");
  private static final byte[] END = SlotOut.bytes("}");
  private static final byte[] MISSING = SlotOut.bytes(array(Fields.quality(Quality.MISSING)));

  private final SlotOut out;
  private final SlotQuality words;
  private byte[] begin = FIRST;

  SlotsAsJson(OutputStream out, List<Holds.Span> held) {
    this.out = new SlotOut(out);
    this.words = new SlotQuality(held, SlotsAsJson::array);
  }

  @Override
  void missing(long start) {
    begin(start).put(NO_VALUE).put(MISSING).put(END);
  }

  @Override
  void present(long start, Readings.Scale scale, long raw, byte quality) {
    byte[] its = words.of(quality, start, scale.interval().toSeconds());
    begin(start).put(VALUE).value(raw, scale.scaler()).put(QUALITY).put(its).put(END);
  }

  /** All have been taken: hands over the rest. */
  void end() {
    out.flush();
  }

  private SlotOut begin(long start) {
    out.put(begin).stamp(start);
    begin = NEXT;
    return out;
  }

  /** Words of our own, in which nothing wants escaping. */
  private static String array(List<String> words) {
    return words.stream().map(word -> '"' + word + '"').collect(Collectors.joining(",", "[", "]"));
  }
}

package org.gridwarden.exchange.load;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Received;
import org.gridwarden.core.Usage;
import org.gridwarden.store.ImportBook;

/** A file's series as messages, as if their meters had sent them; nobody's key stands behind. */
final class Messages {
  /** Which way they came. */
  static final ChannelId WAY = new ChannelId("import", "file");

  private static final byte[] KEY_ID = ImportBook.KEY_ID.getBytes(StandardCharsets.US_ASCII);

  /** A message's intervals: about a month of quarter-hours. */
  private static final int SLOTS = 3_000;

  private Messages() {}

  /** Takes one message. */
  interface Each {
    void take(Received message) throws InterruptedException;
  }

  static void each(String sha256, FileLoad file, Instant now, Each each)
      throws InterruptedException {
    for (Series series : file.series()) {
      for (int from = 0; from < series.points().size(); ) {
        int to = until(series, from);
        each.take(message(sha256, file, series, from, to, now));
        from = to;
      }
    }
  }

  /** Whole days, as many as make a message. */
  private static int until(Series series, int from) {
    int to = Math.min(series.points().size(), from + SLOTS);
    if (to == series.points().size()) {
      return to;
    }
    Day day = day(series, to);
    int at = to;
    while (at > from + 1 && series.points().start(at - 1) >= day.start().getEpochSecond()) {
      at--;
    }
    return at > from + 1 ? at : to;
  }

  private static Day day(Series series, int i) {
    return Day.containing(
        Instant.ofEpochSecond(series.points().start(i)),
        series.meter().zone(),
        Duration.ofSeconds(series.seconds()));
  }

  private static Received message(
      String sha256, FileLoad file, Series series, int from, int to, Instant now) {
    byte[] raw = Evidence.of(sha256, file, series, from, to);
    List<IntervalBlock> blocks = new ArrayList<>();
    for (int i = from; i < to; ) {
      Day day = day(series, i);
      long[] values = new long[day.slots()];
      byte[] quality = new byte[day.slots()];
      Arrays.fill(quality, Quality.MISSING);
      boolean good = true;
      int filled = 0;
      while (i < to) {
        int slot = day.indexOf(Instant.ofEpochSecond(series.points().start(i)));
        if (slot < 0) {
          break;
        }
        values[slot] = series.points().value(i);
        quality[slot] = series.points().quality(i);
        good &= quality[slot] == Quality.GOOD;
        filled++;
        i++;
      }
      boolean plain = good && filled == day.slots();
      blocks.add(
          new IntervalBlock(
              series.meter().id(),
              series.measure().channel(),
              Layer.RAW,
              day,
              series.scaler(),
              series.measure().unit(),
              values,
              plain ? new byte[0] : quality));
    }
    return new Received(
        new MessageId(series.meter().id(), KEY_ID, -1, Evidence.sha256().digest(raw)),
        WAY,
        now,
        Assurance.NONE,
        raw,
        List.of(new Usage(series.meter().id(), List.of(), List.of(), blocks, List.of())));
  }
}

package org.gridwarden.store;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Quality;

/**
 * A row of interval_block in hand: merges what arrives slot by slot and keeps what did not come to
 * stand as revisions. The rules are those of a set, so that the order of arrival matters only where
 * two authenticated values differ. Not thread-safe.
 */
final class DayRow {
  /** Which row. */
  record Key(int meter, int channel, Layer layer, LocalDate day) implements Comparable<Key> {
    @Override
    public int compareTo(Key o) {
      int by = Integer.compare(meter, o.meter);
      by = by != 0 ? by : Integer.compare(channel, o.channel);
      by = by != 0 ? by : layer.compareTo(o.layer);
      return by != 0 ? by : day.compareTo(o.day);
    }
  }

  /** A value that does not stand. */
  record Revision(Instant start, long value, byte quality) {}

  private final Key key;
  private final Instant start;
  private final int intervalSeconds;
  private long[] values;
  private byte[] quality; // length 0 while all are good
  private final boolean stored;
  private boolean changed;
  private boolean borrowed;
  private final List<Revision> revisions = new ArrayList<>(0);

  private DayRow(
      Key key, Instant start, int intervalSeconds, long[] values, byte[] quality, boolean stored) {
    this.key = key;
    this.start = start;
    this.intervalSeconds = intervalSeconds;
    this.values = values;
    this.quality = quality;
    this.stored = stored;
  }

  /** A row as the database holds it. */
  static DayRow stored(Key key, Instant start, int intervalSeconds, long[] values, byte[] quality) {
    return new DayRow(key, start, intervalSeconds, values, quality, true);
  }

  /** A row that the database does not hold yet, made of what arrived; copies before it writes. */
  static DayRow arrived(
      Key key, Instant start, int intervalSeconds, long[] values, byte[] quality) {
    DayRow row = new DayRow(key, start, intervalSeconds, values, quality, false);
    row.changed = true;
    row.borrowed = true;
    return row;
  }

  /** A row in which nothing is known yet. */
  static DayRow empty(Key key, Instant start, int intervalSeconds, int slots) {
    byte[] missing = new byte[slots];
    Arrays.fill(missing, Quality.MISSING);
    return new DayRow(key, start, intervalSeconds, new long[slots], missing, false);
  }

  /** Merges a day of slots that starts at an instant. */
  void merge(Instant from, long[] more, byte[] moreQuality) {
    for (int i = 0; i < more.length; i++) {
      byte q = moreQuality.length == 0 ? Quality.GOOD : moreQuality[i];
      if (q != Quality.MISSING) {
        merge(from.plusSeconds((long) i * intervalSeconds), more[i], q);
      }
    }
  }

  /** Merges one slot. */
  void merge(Instant slotStart, long value, byte q) {
    if (q == Quality.MISSING) {
      return;
    }
    long off = slotStart.getEpochSecond() - start.getEpochSecond();
    if (off < 0 || off % intervalSeconds != 0 || off / intervalSeconds >= values.length) {
      // the meter's zone was changed and this instant is another day's by now: kept beside
      revisions.add(new Revision(slotStart, value, q));
      return;
    }
    int i = (int) (off / intervalSeconds);
    byte old = qualityOf(i);
    if (old == Quality.MISSING) {
      set(i, value, q);
      return;
    }
    if (values[i] == value && old == q) {
      return;
    }
    boolean replaces = key.layer() == Layer.FINAL || unauthenticated(old) && !unauthenticated(q);
    if (replaces) {
      if (values[i] != value || key.layer() == Layer.FINAL) {
        revisions.add(new Revision(slotStart, values[i], old));
      }
      set(i, value, q);
    } else if (values[i] != value || !unauthenticated(q)) {
      revisions.add(new Revision(slotStart, value, q));
    }
  }

  private void set(int i, long value, byte q) {
    if (borrowed) {
      // the arrival keeps its arrays: its transaction may have to run again
      values = values.clone();
      quality = quality.clone();
      borrowed = false;
    }
    values[i] = value;
    if (q != Quality.GOOD && quality.length == 0) {
      quality = new byte[values.length];
    }
    if (quality.length != 0) {
      quality[i] = q;
    }
    changed = true;
  }

  private static boolean unauthenticated(byte q) {
    return (q & Quality.UNAUTHENTICATED) != 0;
  }

  Key key() {
    return key;
  }

  Instant start() {
    return start;
  }

  int intervalSeconds() {
    return intervalSeconds;
  }

  long[] values() {
    return values;
  }

  /** One byte a slot, or of length 0 where all are good. */
  byte[] quality() {
    if (quality.length != 0) {
      for (byte q : quality) {
        if (q != Quality.GOOD) {
          return quality;
        }
      }
      quality = new byte[0];
    }
    return quality;
  }

  byte qualityOf(int slot) {
    return quality.length == 0 ? Quality.GOOD : quality[slot];
  }

  /** Whether the database holds an older version of it. */
  boolean isStored() {
    return stored;
  }

  /** Whether it must be written. */
  boolean isChanged() {
    return changed;
  }

  List<Revision> revisions() {
    return revisions;
  }

  /** Whether a value needs 64 bits. */
  boolean wide() {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != (int) values[i]) {
        if (qualityOf(i) != Quality.MISSING) {
          return true;
        }
        set(i, 0, Quality.MISSING); // what stands there means nothing
      }
    }
    return false;
  }
}

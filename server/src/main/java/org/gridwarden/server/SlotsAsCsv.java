package org.gridwarden.server;

import java.io.OutputStream;
import java.util.List;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.store.Holds;
import org.gridwarden.store.Readings;
import org.jspecify.annotations.Nullable;

/** Writes slots as lines of CSV (RFC 4180). Not thread-safe. */
final class SlotsAsCsv implements Readings.EachSlot {
  private static final byte[] HEAD =
      SlotOut.bytes("meter,channel,start,end,value,unit,quality\r\n");
  private static final byte[] COMMA = SlotOut.bytes(",");
  private static final byte[] END = SlotOut.bytes("\r\n");

  private final SlotOut out;
  private final SlotQuality words;
  private final byte[] meter;
  private Readings.@Nullable Scale scale;
  private byte[] unit = COMMA;

  SlotsAsCsv(OutputStream out, MeterId meter, ObisCode channel, List<Holds.Span> held) {
    this.out = new SlotOut(out).put(HEAD);
    this.words = new SlotQuality(held, some -> String.join(" ", some));
    this.meter = SlotOut.bytes(meter + "," + channel + ",");
  }

  @Override
  public void take(long start, Readings.Scale scale, long raw, byte quality) {
    long seconds = scale.interval().toSeconds();
    if (!scale.equals(this.scale)) {
      this.scale = scale;
      unit = SlotOut.bytes("," + scale.unit().symbol() + ",");
    }
    out.put(meter).stamp(start).put(COMMA).stamp(start + seconds).put(COMMA);
    out.value(raw, scale.scaler()).put(unit).put(words.of(quality, start, seconds)).put(END);
  }

  /** All have been taken: hands over the rest. */
  void end() {
    out.flush();
  }
}

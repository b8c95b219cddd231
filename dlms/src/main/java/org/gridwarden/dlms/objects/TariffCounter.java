package org.gridwarden.dlms.objects;

import java.util.function.LongSupplier;
import org.gridwarden.dlms.DlmsData;

/**
 * What a total counted while this counter was switched on, as a register of one tariff shows it
 * (IEC 62056-6-2, clause 4.3.5). Thread-safe.
 */
public final class TariffCounter implements ValueSource {
  private final LongSupplier total;
  private long counted;
  private long since;
  private boolean on;

  /**
   * @param total only ever grows
   * @param counted what it begins with
   */
  public TariffCounter(LongSupplier total, long counted, boolean on) {
    this.total = total;
    this.counted = counted;
    this.on = on;
    this.since = total.getAsLong();
  }

  /** Switches it on or off, from now on. */
  public synchronized void on(boolean changed) {
    if (on) {
      counted = value();
    }
    since = total.getAsLong();
    on = changed;
  }

  private synchronized long value() {
    return on ? counted + Math.max(0, total.getAsLong() - since) : counted;
  }

  /** A double-long-unsigned, which begins again after 2^32 - 1. */
  @Override
  public DlmsData get() {
    return new DlmsData.DoubleLongUnsigned(value() & 0xFFFF_FFFFL);
  }
}

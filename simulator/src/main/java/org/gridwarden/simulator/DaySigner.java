package org.gridwarden.simulator;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.gridwarden.cosem.Unit;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.integrity.MeterDay;

/**
 * Signs what a meter measured on civil days that are over, with the key that only the meter has. A
 * day on which its clock was wrong it does not sign: what it told then is not what it would say
 * now. One thread.
 */
final class DaySigner {
  private final VirtualMeter meter;
  private final ZoneId zone;
  private final boolean on;
  private final Set<LocalDate> doubtful = new HashSet<>();

  /**
   * @param on false: it signs nothing
   */
  DaySigner(VirtualMeter meter, ZoneId zone, boolean on) {
    this.meter = meter;
    this.zone = zone;
    this.on = on;
  }

  /** The day on which this moment lies is not signed. */
  void doubt(Instant at) {
    doubtful.add(LocalDate.ofInstant(at, zone));
  }

  /**
   * The days that lie wholly within what was told, the first first: COSE_Sign1 messages.
   *
   * @param from where the first slot begins
   * @param to where the last one ends
   */
  List<byte[]> within(Instant from, Instant to) {
    List<byte[]> signed = new ArrayList<>();
    if (on) {
      LocalDate day = LocalDate.ofInstant(from, zone);
      if (start(day).isBefore(from)) {
        day = day.plusDays(1);
      }
      for (; !start(day.plusDays(1)).isAfter(to); day = day.plusDays(1)) {
        if (!doubtful.contains(day)) {
          signed.add(sign(day));
        }
      }
    }
    return signed;
  }

  /** The first day's start at or after a moment. */
  Instant nextDay(Instant at) {
    LocalDate day = LocalDate.ofInstant(at, zone);
    return start(day).isBefore(at) ? start(day.plusDays(1)) : start(day);
  }

  /** The start of the day on which a moment lies. */
  Instant dayOf(Instant at) {
    return start(LocalDate.ofInstant(at, zone));
  }

  private Instant start(LocalDate day) {
    return day.atStartOfDay(zone).toInstant();
  }

  private byte[] sign(LocalDate day) {
    Instant begin = start(day);
    Instant end = start(day.plusDays(1));
    long[] values =
        new long[(int) ((end.getEpochSecond() - begin.getEpochSecond()) / LoadCurve.QUARTER)];
    for (int i = 0; i < values.length; i++) {
      values[i] = meter.curve().wattHours(begin.plusSeconds((long) i * LoadCurve.QUARTER));
    }
    MeterDay said =
        new MeterDay(
            meter.serial(),
            PushBodies.INTERVAL.toString(),
            begin,
            LoadCurve.QUARTER,
            Unit.WATT_HOUR.symbol(),
            0,
            MeterDay.digest(values));
    try {
      return meter.control().sign(said);
    } catch (CommandException e) {
      throw new IllegalStateException("a meter has its key", e);
    }
  }
}

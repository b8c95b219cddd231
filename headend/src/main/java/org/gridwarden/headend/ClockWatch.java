package org.gridwarden.headend;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.ClockReading;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Severity;
import org.gridwarden.store.CollectionClock;

/**
 * Looks after meters' clocks (C36): a little off is set right, with an event; more raises an alarm,
 * and nothing is set or overwritten. A correction goes under the meter's keys only, is audited
 * before it is sent, and is not repeated for a while. Thread-safe.
 */
final class ClockWatch {
  private final ClockLimits limits;
  private final CollectionBook book;
  private final OfficeWarnings warnings;
  private final CollectionMetrics metrics;

  ClockWatch(ClockLimits limits, CollectionBook book, Intake intake, CollectionMetrics metrics) {
    this.limits = limits;
    this.book = book;
    this.warnings =
        new OfficeWarnings(intake, new ChannelId("collection", "clock"), Duration.ofHours(1));
    this.metrics = metrics;
  }

  /**
   * Reads a meter's clock, and does about it what the limits say.
   *
   * @param corrected when it was last corrected
   */
  CollectionClock look(MeterId meter, MeterSession session, Optional<Instant> corrected)
      throws ChannelException, InterruptedException {
    ClockReading reading = session.clock();
    Duration off = reading.off();
    Duration surely = off.abs().minus(reading.within());
    Instant now = reading.at();
    boolean rests = corrected.isPresent() && now.isBefore(corrected.get().plus(limits.rest()));
    if (surely.compareTo(limits.tolerance()) <= 0) {
      return new CollectionClock(meter, now, off, false);
    }
    if (off.abs().compareTo(limits.correction()) > 0) {
      metrics.clockAlarm();
      warnings.tell(
          meter,
          now,
          "clock.alarm",
          Severity.FAULT,
          "",
          "The clock is "
              + off.toSeconds()
              + " s off, more than is corrected; nothing was set: look after the meter");
    } else if (rests) {
      metrics.clockAlarm();
      warnings.tell(
          meter,
          now,
          "clock.runaway",
          Severity.FAULT,
          "",
          "The clock is "
              + off.toSeconds()
              + " s off again soon after it was corrected: it does not keep time");
    } else if (session.assurance().compareTo(Assurance.MAC) >= 0 && shift(meter, session, off)) {
      metrics.clockCorrected();
      warnings.tell(
          meter,
          now,
          "clock.corrected",
          Severity.INFO,
          "",
          "The clock was " + off.toSeconds() + " s off and was corrected");
      return new CollectionClock(meter, now, off, true);
    } else {
      warnings.tell(
          meter,
          now,
          "clock.skew",
          Severity.ATTENTION,
          "",
          "The clock is " + off.toSeconds() + " s off, and the meter does not let it be corrected");
    }
    return new CollectionClock(meter, now, off, false);
  }

  /** False where the meter refuses. */
  private boolean shift(MeterId meter, MeterSession session, Duration off)
      throws ChannelException, InterruptedException {
    Duration by = Duration.ofSeconds(-Math.round(off.toMillis() / 1_000.0));
    if (by.isZero()) {
      return true;
    }
    book.auditCorrection(meter, by);
    try {
      session.shiftClock(by);
      return true;
    } catch (ChannelException e) {
      if (e.fault().code() == Fault.Code.FORBIDDEN) {
        return false;
      }
      throw e;
    }
  }
}

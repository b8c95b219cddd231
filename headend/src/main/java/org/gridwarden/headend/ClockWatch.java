package org.gridwarden.headend;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.ClockReading;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;
import org.gridwarden.store.CollectionClock;

/**
 * Looks after meters' clocks (C36): a little off is set right, with an event; more raises an alarm,
 * and nothing is set or overwritten. A correction goes under the meter's keys only, is audited
 * before it is sent, and is not repeated for a while. Thread-safe.
 */
final class ClockWatch {
  private static final ChannelId VIA = new ChannelId("collection", "clock");

  private final ClockLimits limits;
  private final CollectionBook book;
  private final Intake intake;
  private final CollectionMetrics metrics;

  ClockWatch(ClockLimits limits, CollectionBook book, Intake intake, CollectionMetrics metrics) {
    this.limits = limits;
    this.book = book;
    this.intake = intake;
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
      tell(
          meter,
          now,
          "clock.alarm",
          Severity.FAULT,
          "The clock is "
              + off.toSeconds()
              + " s off, more than is corrected; nothing was set: look after the meter");
    } else if (rests) {
      metrics.clockAlarm();
      tell(
          meter,
          now,
          "clock.runaway",
          Severity.FAULT,
          "The clock is "
              + off.toSeconds()
              + " s off again soon after it was corrected: it does not keep time");
    } else if (session.assurance().compareTo(Assurance.MAC) >= 0 && shift(meter, session, off)) {
      metrics.clockCorrected();
      tell(
          meter,
          now,
          "clock.corrected",
          Severity.INFO,
          "The clock was " + off.toSeconds() + " s off and was corrected");
      return new CollectionClock(meter, now, off, true);
    } else {
      tell(
          meter,
          now,
          "clock.skew",
          Severity.ATTENTION,
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

  /** The same thing within an hour is one event. */
  private void tell(MeterId meter, Instant at, String code, Severity severity, String text)
      throws InterruptedException {
    Instant hour = Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), 3_600) * 3_600);
    UUID same =
        UUID.nameUUIDFromBytes((meter + " " + code + " " + hour).getBytes(StandardCharsets.UTF_8));
    // UUID version 7 (RFC 9562, clause 5.7): milliseconds, then bits that are always the same
    long high = hour.toEpochMilli() << 16 | 0x7000 | (same.getMostSignificantBits() & 0x0FFF);
    long low = (same.getLeastSignificantBits() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    Warning warning =
        new Warning(
            meter,
            new EventId(new UUID(high, low)),
            at,
            code,
            severity,
            text,
            Warning.Source.OFFICE);
    byte[] words = (code + " " + hour + " " + text).getBytes(StandardCharsets.UTF_8);
    MessageId id = new MessageId(meter, new byte[0], -1, sha256(meter, words));
    var _ = intake.submit(new Received(id, VIA, at, Assurance.NONE, words, List.of(warning)));
  }

  private static byte[] sha256(MeterId meter, byte[] words) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.wrap(meter.value().getBytes(StandardCharsets.UTF_8)));
      return digest.digest(words);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}

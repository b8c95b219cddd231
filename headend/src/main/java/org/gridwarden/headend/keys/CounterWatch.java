package org.gridwarden.headend.keys;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Intake;
import org.gridwarden.core.Severity;
import org.gridwarden.headend.OfficeWarnings;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.store.KeyBook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for keys whose counters come to their end (C4): raises an alarm, and drafts the order that
 * an operator takes over, has approved and signs. Below 2^32 nothing more is sent under a key.
 * Thread-safe.
 */
public final class CounterWatch {
  private static final Logger LOG = LoggerFactory.getLogger(CounterWatch.class);
  private static final ChannelId VIA = new ChannelId("keys", "watch");

  /** From so much of the counters on. */
  public static final double WORN = 0.75;

  private static final int AT_ONCE = 200;

  private final KeyBook book;
  private final KeyOffice office;
  private final OfficeWarnings warnings;
  private final InstantSource clock;

  public CounterWatch(KeyBook book, KeyOffice office, Intake intake, InstantSource clock) {
    this.book = book;
    this.office = office;
    this.warnings = new OfficeWarnings(intake, VIA, Duration.ofDays(1));
    this.clock = clock;
  }

  /**
   * Looks once; ends early where its thread is interrupted.
   *
   * @return how many orders were drafted
   */
  public int look() {
    int drafted = 0;
    for (KeyBook.Worn worn : book.worn(WORN, AT_ONCE)) {
      String words =
          String.format(
              Locale.ROOT, "%.1f %% of the counters of its DLMS key are used", 100 * worn.part());
      try {
        warnings.tell(worn.meter(), clock.instant(), "key.worn", Severity.FAULT, "", words);
        drafted +=
            office
                .rotate(
                    List.of(worn.meter()),
                    Set.of(),
                    words,
                    Optional.of(clock.instant().plus(Duration.ofDays(30))),
                    CommandOffice.KEY_WATCH)
                .size();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return drafted;
      } catch (CommandFault e) {
        LOG.warn("the keys of meter {} cannot be changed: {}", worn.meter(), e.getMessage());
      }
    }
    return drafted;
  }
}

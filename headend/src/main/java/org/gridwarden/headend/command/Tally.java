package org.gridwarden.headend.command;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Tx;
import org.gridwarden.store.CommandBook;

/**
 * What was let through in the policy's window, counted once in a transaction and then by hand. What
 * it says holds as long as the windows are held; without, it is what would be. For one thread.
 */
final class Tally {
  private final Tx tx;
  private final CommandBook book;
  private final CommandPolicy policy;
  private final Instant since;
  private final Map<String, Integer> ofFeeder = new HashMap<>();
  private final Map<String, Optional<Instant>> lastDue = new HashMap<>();
  private final boolean counting;
  private int inWindow;
  private int ofUser;

  Tally(Tx tx, CommandBook book, CommandPolicy policy, Instant now, String user) {
    this(tx, book, policy, now, user, true);
  }

  private Tally(
      Tx tx, CommandBook book, CommandPolicy policy, Instant now, String user, boolean counting) {
    this.tx = tx;
    this.book = book;
    this.policy = policy;
    this.since = now.minus(policy.window());
    this.counting = counting;
    if (counting) {
      inWindow = book.releasedSince(tx, since, Optional.empty(), Optional.empty());
      ofUser = book.releasedSince(tx, since, Optional.empty(), Optional.of(user));
    }
  }

  /**
   * For a second person's release. What was let through is counted to ask a second person, and does
   * not bind them: counting it for each of many releases would cost more than all the rest.
   */
  static Tally uncounted(Tx tx, CommandBook book, CommandPolicy policy, Instant now, String user) {
    return new Tally(tx, book, policy, now, user, false);
  }

  CommandPolicy policy() {
    return policy;
  }

  /** What a verdict upon a command to this meter follows from. */
  Facts facts(Meter meter, String feeder) {
    return new Facts(
        meter.state(),
        meter.signing(),
        book.protection(tx, meter.id()),
        inWindow,
        ofFeeder(feeder),
        ofUser);
  }

  private int ofFeeder(String feeder) {
    return feeder.isEmpty() || !counting
        ? 0
        : ofFeeder.computeIfAbsent(
            feeder, f -> book.releasedSince(tx, since, Optional.of(f), Optional.empty()));
  }

  /**
   * When a command that is let through may be sent: after its feeder's last one, where it switches.
   *
   * @param expires by then it must have been sent
   * @return empty where its turn comes too late
   */
  Optional<Instant> turn(boolean switching, String feeder, Instant notBefore, Instant expires) {
    if (!switching) {
      return Optional.of(notBefore).filter(expires::isAfter);
    }
    Instant due = notBefore;
    if (!feeder.isEmpty()) {
      Optional<Instant> last = lastDue.computeIfAbsent(feeder, f -> book.lastDue(tx, f));
      if (last.isPresent() && last.get().plus(policy.spacing()).isAfter(due)) {
        due = last.get().plus(policy.spacing());
      }
    }
    if (!due.isBefore(expires)) {
      return Optional.empty();
    }
    if (!feeder.isEmpty()) {
      lastDue.put(feeder, Optional.of(due));
      ofFeeder.put(feeder, ofFeeder(feeder) + 1);
    }
    inWindow++;
    ofUser++;
    return Optional.of(due);
  }
}

package org.gridwarden.channel.xmpp;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.Header;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.Secured;
import org.gridwarden.message.listener.Rates;
import org.gridwarden.message.listener.Tally;
import org.jspecify.annotations.Nullable;

/**
 * Takes what meters send: to intake, or to whoever waits for a receipt; and tells what became of it
 * once that is durable. So many may wait for their commit; beyond that it blocks, and the link is
 * read no further. Thread-safe.
 */
final class Uplink {
  private final OfficeInbox inbox;
  private final CommandDesk desk;
  private final Rates rates;
  private final Tally tally;
  private final Semaphore inFlight;

  /** What became of a message. */
  sealed interface Result {
    /**
     * Durable, or handed to who waits for it: {@code stored}, {@code duplicate}, {@code answer}.
     */
    record Taken(String word) implements Result {}

    /** Not taken. */
    record Refused(Fault fault) implements Result {}
  }

  Uplink(OfficeInbox inbox, CommandDesk desk, Rates rates, int inFlight, Tally tally) {
    this.inbox = inbox;
    this.desk = desk;
    this.rates = rates;
    this.tally = tally;
    this.inFlight = new Semaphore(inFlight);
  }

  /**
   * Takes a message.
   *
   * @param from whose account it came from; where that is empty only the message says whose it is
   * @param told gets what became of it, after the commit
   */
  void take(byte[] bytes, Optional<Jid> from, Consumer<Result> told) throws InterruptedException {
    String where = from.map(Jid::toString).orElse("publish-subscribe");
    Header header;
    try {
      header = Secured.parse(bytes).header();
    } catch (MessageException e) {
      told.accept(refused(e, where));
      return;
    }
    MeterId meter = header.meter();
    if (from.isPresent() && !from.get().isOf(meter)) {
      // C22: an account speaks for its own meter
      tally.fault(Tally.What.FORBIDDEN, where, "a message of meter " + meter);
      told.accept(
          refused(Fault.Code.FORBIDDEN, "the message", "it is not of the meter that logged in"));
      return;
    }
    if (from.isPresent() && !rates.take(meter)) {
      tally.count(Tally.What.TOO_FAST);
      told.accept(refused(Fault.Code.BUSY, "meter " + meter, "it sends too fast; wait a second"));
      return;
    }
    inFlight.acquire();
    boolean handed = false;
    try {
      switch (inbox.take(bytes, Optional.of(meter), Optional.empty())) {
        case OfficeInbox.Taken.Answer(MeterId who, byte[] signed) -> {
          tally.count(Tally.What.ANSWER);
          desk.answered(who, signed);
          told.accept(new Result.Taken("answer"));
        }
        case OfficeInbox.Taken.Submitted submitted -> {
          handed = true;
          var unused =
              submitted
                  .outcome()
                  .whenComplete((outcome, failure) -> {
                    inFlight.release();
                    told.accept(settle(where, outcome, failure));
                  });
        }
      }
    } catch (MessageException e) {
      told.accept(refused(e, where));
    } finally {
      if (!handed) {
        inFlight.release();
      }
    }
  }

  /** A warning that a meter left behind; nobody waits for what becomes of it. */
  void will(MeterId meter, byte[] message) {
    try {
      if (inbox.take(message, Optional.of(meter), Optional.of(MessageClass.WARNING))
          instanceof OfficeInbox.Taken.Submitted) {
        tally.count(Tally.What.WILL);
      }
    } catch (MessageException e) {
      tally.fault(Tally.What.MALFORMED, "meter " + meter, "a will: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Result refused(Fault.Code code, String where, String remedy) {
    return new Result.Refused(new Fault(code, where, remedy));
  }

  private Result refused(MessageException e, String where) {
    String said = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case MALFORMED -> {
        tally.fault(Tally.What.MALFORMED, where, said);
        yield refused(Fault.Code.MALFORMED, "the message", said);
      }
      case UNSUPPORTED -> {
        tally.fault(Tally.What.UNSUPPORTED, where, said);
        yield refused(Fault.Code.MALFORMED, "the message", said);
      }
      case UNAUTHENTICATED -> {
        tally.fault(Tally.What.UNAUTHENTICATED, where, said);
        yield refused(Fault.Code.UNAUTHENTICATED, "the message", "it is not genuine");
      }
    };
  }

  /** The commit is known: now, and not before, the meter hears of it. */
  private Result settle(String where, @Nullable Outcome outcome, @Nullable Throwable failure) {
    return switch (outcome) {
      case null -> {
        tally.fault(Tally.What.FAILED, where, "intake failed: " + failure);
        yield refused(Fault.Code.INTERNAL, "the office", "keep it, and send it again");
      }
      case Outcome.Stored _ -> {
        tally.count(Tally.What.STORED);
        yield new Result.Taken("stored");
      }
      case Outcome.Duplicate _ -> {
        tally.count(Tally.What.DUPLICATE);
        yield new Result.Taken("duplicate");
      }
      case Outcome.Waiting _ -> {
        tally.count(Tally.What.WAITING);
        yield refused(
            Fault.Code.UNKNOWN_METER,
            "the meter",
            "it is not registered here yet; keep the message, and send it again later");
      }
      case Outcome.Refused(Fault fault) -> {
        tally.fault(
            Tally.What.REFUSED,
            where,
            fault.code() + " at " + fault.where() + ": " + fault.remedy());
        yield new Result.Refused(fault);
      }
    };
  }
}

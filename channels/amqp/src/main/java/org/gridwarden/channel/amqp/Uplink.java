package org.gridwarden.channel.amqp;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Modified;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.messaging.Released;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.gridwarden.core.Channel;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Rates;
import org.gridwarden.message.listener.Tally;
import org.jspecify.annotations.Nullable;

/**
 * Takes what meters send, over their own links or through a broker: to intake, or to whoever waits
 * for a receipt; and tells what became of it once that is durable, as a delivery's outcome.
 * Thread-safe.
 */
final class Uplink {
  private static final String NOT_ALLOWED = "amqp:not-allowed";
  private static final String UNAUTHORIZED = "amqp:unauthorized-access";
  private static final String DECODE_ERROR = "amqp:decode-error";
  private static final String NOT_IMPLEMENTED = "amqp:not-implemented";

  private final OfficeInbox inbox;
  private final CommandDesk desk;
  private final Consumer<MeterId> heard;
  private final Consumer<MeterId> answered;
  private final Rates rates;
  private final Tally tally;

  /**
   * @param heard is told whose genuine messages come
   * @param answered is told whose order was answered, before the next one can be sent
   */
  Uplink(
      Channel.Host host,
      OfficeInbox inbox,
      Rates rates,
      Tally tally,
      Consumer<MeterId> heard,
      Consumer<MeterId> answered) {
    this.inbox = inbox;
    this.desk = new CommandDesk(host);
    this.heard = heard;
    this.answered = answered;
    this.rates = rates;
    this.tally = tally;
  }

  /** Who waits for receipts. */
  CommandDesk desk() {
    return desk;
  }

  /**
   * Takes a message. Blocks while intake is full.
   *
   * @param sender under whose name it is counted; empty where a broker brings it
   * @param where it came from, for people
   * @return completes after the commit; how the delivery ended
   */
  CompletionStage<DeliveryState> take(
      Inflow.Arrived message, Optional<MeterId> sender, String where) throws InterruptedException {
    if (sender.isPresent() && !rates.take(sender.get())) {
      tally.count(Tally.What.TOO_FAST);
      return done(Released.getInstance()); // to be sent again, later
    }
    try {
      byte[] secured = Body.of(message.bytes());
      return switch (inbox.take(secured, message.meter(), message.kind())) {
        case OfficeInbox.Taken.Answer(MeterId from, byte[] signed) -> {
          tally.count(Tally.What.ANSWER);
          heard.accept(from);
          desk.answered(from, signed, () -> answered.accept(from));
          yield done(Accepted.getInstance());
        }
        case OfficeInbox.Taken.Submitted(MeterId from, boolean authentic, var outcome) -> {
          if (authentic) {
            heard.accept(from);
          }
          yield outcome.handle((result, failure) -> settle(where, result, failure));
        }
      };
    } catch (AmqpException e) {
      tally.fault(Tally.What.MALFORMED, where, String.valueOf(e.getMessage()));
      return done(rejected(DECODE_ERROR, String.valueOf(e.getMessage())));
    } catch (MessageException e) {
      return done(refused(e, where));
    }
  }

  private static CompletionStage<DeliveryState> done(DeliveryState outcome) {
    return CompletableFuture.completedStage(outcome);
  }

  private static Rejected rejected(String condition, String why) {
    return new Rejected(new ErrorCondition(condition, why));
  }

  private Rejected refused(MessageException e, String where) {
    String said = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case MALFORMED -> {
        tally.fault(Tally.What.MALFORMED, where, said);
        yield rejected(DECODE_ERROR, said);
      }
      case UNSUPPORTED -> {
        tally.fault(Tally.What.UNSUPPORTED, where, said);
        yield rejected(NOT_IMPLEMENTED, said);
      }
      case UNAUTHENTICATED -> {
        tally.fault(Tally.What.UNAUTHENTICATED, where, said);
        yield rejected(UNAUTHORIZED, "it is not genuine, or not of the meter that it is sent for");
      }
    };
  }

  /** The commit is known: now, and not before, the other end hears of it. */
  private DeliveryState settle(
      String where, @Nullable Outcome outcome, @Nullable Throwable failure) {
    return switch (outcome) {
      case null -> {
        tally.fault(Tally.What.FAILED, where, "intake failed: " + failure);
        yield new Modified(true, false); // it failed here, and is to be sent again
      }
      case Outcome.Stored _ -> {
        tally.count(Tally.What.STORED);
        yield Accepted.getInstance();
      }
      case Outcome.Duplicate _ -> {
        tally.count(Tally.What.DUPLICATE);
        yield Accepted.getInstance();
      }
      case Outcome.Waiting _ -> {
        tally.count(Tally.What.WAITING);
        yield Released.getInstance(); // its meter is not registered yet
      }
      case Outcome.Refused(Fault fault) -> {
        tally.fault(
            Tally.What.REFUSED,
            where,
            fault.code() + " at " + fault.where() + ": " + fault.remedy());
        yield fault.code() == Fault.Code.BUSY
            ? Released.getInstance()
            : rejected(NOT_ALLOWED, fault.where() + ": " + fault.remedy());
      }
    };
  }
}

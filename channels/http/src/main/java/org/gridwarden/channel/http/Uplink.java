package org.gridwarden.channel.http;

import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.Channel;
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
 * Takes what meters send, over whichever of the three protocols: to intake, or to whoever waits for
 * a receipt; and tells what became of it once that is durable. Thread-safe.
 */
final class Uplink {
  private final Channel.Host host;
  private final OfficeInbox inbox;
  private final CommandDesk desk;
  private final Orders orders;
  private final Rates rates;
  private final Tally tally;
  private final Map<MeterId, Last> last = new ConcurrentHashMap<>();

  /**
   * What became of a message.
   *
   * @param status as HTTP has it
   * @param word the same as a word
   * @param problem where it was not taken
   */
  record Result(int status, String word, Optional<Problem> problem) {
    static final Result STORED = new Result(201, "stored", Optional.empty());
    static final Result DUPLICATE = new Result(200, "duplicate", Optional.empty());
    static final Result ANSWERED = new Result(200, "answered", Optional.empty());

    static Result of(Problem problem) {
      return new Result(problem.status(), "refused", Optional.of(problem));
    }

    boolean isTaken() {
      return problem.isEmpty();
    }
  }

  /**
   * The last message of a meter that was acknowledged here.
   *
   * @param keyId of its key, in hex
   * @param at by the office's clock, in ISO 8601
   */
  record Last(String keyId, long counter, String kind, String at) {}

  Uplink(
      Channel.Host host,
      OfficeInbox inbox,
      CommandDesk desk,
      Orders orders,
      Rates rates,
      Tally tally) {
    this.host = host;
    this.inbox = inbox;
    this.desk = desk;
    this.orders = orders;
    this.rates = rates;
    this.tally = tally;
  }

  /**
   * Takes a message. Blocks while intake is full.
   *
   * @param bytes a secured message, which the caller gives up
   * @param who sent it
   * @param meter whose it must be; empty where a concentrator may bring anybody's
   * @param kind which class it must have; empty where any
   * @param where it came from, for people
   * @return completes after the commit
   */
  CompletionStage<Result> take(
      byte[] bytes,
      Login.Who who,
      Optional<MeterId> meter,
      Optional<MessageClass> kind,
      String where)
      throws InterruptedException {
    if (!rates.take(who.name())) {
      tally.count(Tally.What.TOO_FAST);
      return done(
          Problem.of(
              429, Fault.Code.BUSY, "meter " + who.name(), "it sends too fast; wait a second"));
    }
    try {
      Header header = Secured.parse(bytes).header();
      return switch (inbox.take(bytes, meter, kind)) {
        case OfficeInbox.Taken.Answer(MeterId from, byte[] signed) -> {
          tally.count(Tally.What.ANSWER);
          desk.answered(from, signed, () -> orders.answered(from));
          yield CompletableFuture.completedStage(Result.ANSWERED);
        }
        case OfficeInbox.Taken.Submitted submitted ->
            submitted
                .outcome()
                .handle((outcome, failure) -> settle(header, where, outcome, failure));
      };
    } catch (MessageException e) {
      return done(refused(e, where));
    }
  }

  private static CompletionStage<Result> done(Problem problem) {
    return CompletableFuture.completedStage(Result.of(problem));
  }

  private Problem refused(MessageException e, String where) {
    String said = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case MALFORMED -> {
        tally.fault(Tally.What.MALFORMED, where, said);
        yield Problem.of(400, Fault.Code.MALFORMED, "the message", said);
      }
      case UNSUPPORTED -> {
        tally.fault(Tally.What.UNSUPPORTED, where, said);
        yield Problem.of(501, Fault.Code.MALFORMED, "the message", said);
      }
      case UNAUTHENTICATED -> {
        tally.fault(Tally.What.UNAUTHENTICATED, where, said);
        yield Problem.of(
            403,
            Fault.Code.UNAUTHENTICATED,
            "the message",
            "it is not genuine, or not of the meter that it is sent for");
      }
    };
  }

  /** The commit is known: now, and not before, the meter hears of it. */
  private Result settle(
      Header header, String where, @Nullable Outcome outcome, @Nullable Throwable failure) {
    return switch (outcome) {
      case null -> {
        tally.fault(Tally.What.FAILED, where, "intake failed: " + failure);
        yield Result.of(
            Problem.of(500, Fault.Code.INTERNAL, "the office", "keep it, and send it again"));
      }
      case Outcome.Stored _ -> {
        tally.count(Tally.What.STORED);
        remember(header);
        yield Result.STORED;
      }
      case Outcome.Duplicate _ -> {
        tally.count(Tally.What.DUPLICATE);
        remember(header);
        yield Result.DUPLICATE;
      }
      case Outcome.Waiting _ -> {
        tally.count(Tally.What.WAITING);
        yield Result.of(
            Problem.of(
                404,
                Fault.Code.UNKNOWN_METER,
                "meter " + header.meter(),
                "it is not registered here yet; keep the message, and send it again later"));
      }
      case Outcome.Refused(Fault fault) -> {
        tally.fault(
            Tally.What.REFUSED,
            where,
            fault.code() + " at " + fault.where() + ": " + fault.remedy());
        yield Result.of(Problem.of(fault));
      }
    };
  }

  private void remember(Header header) {
    last.put(
        header.meter(),
        new Last(
            HexFormat.of().formatHex(header.keyId()),
            header.counter(),
            header.kind().word(),
            host.clock().instant().toString()));
  }

  /** The last that was acknowledged to a meter since this office started. */
  Optional<Last> last(MeterId meter) {
    return Optional.ofNullable(last.get(meter));
  }
}

package org.gridwarden.channel.sip;

import java.util.Optional;
import org.gridwarden.channel.sip.Fields.Field;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Tally;
import org.jspecify.annotations.Nullable;

/**
 * Takes a MESSAGE (RFC 3428): to intake, or to whoever waits for a receipt; 200 follows the commit.
 * Thread-safe.
 */
final class Uplink {
  static final Field LATER = new Field("Retry-After", "5");

  private final OfficeInbox inbox;
  private final CommandDesk desk;
  private final Orders orders;
  private final Tally tally;

  Uplink(OfficeInbox inbox, CommandDesk desk, Orders orders, Tally tally) {
    this.inbox = inbox;
    this.desk = desk;
    this.orders = orders;
    this.tally = tally;
  }

  /** Answers it, now or once its commit is known. Blocks while intake is full. */
  void take(Asked asked, Request request, Login.Who who) throws SipException, InterruptedException {
    Optional<MessageClass> kind = MessageClass.of(request.uri().user());
    if (kind.isEmpty()) {
      throw new SipException(404, "a message goes to a class, such as usage");
    }
    byte[] message = Body.read(request.fields(), asked.body());
    if (!asked.flow().begin()) {
      tally.count(Tally.What.OVER_LIMIT);
      asked.answer(503, LATER);
      return;
    }
    boolean handed = false;
    try {
      switch (inbox.take(message, who.meter(), kind)) {
        case OfficeInbox.Taken.Answer(MeterId meter, byte[] signed) -> {
          tally.count(Tally.What.ANSWER);
          desk.answered(meter, signed, () -> orders.answered(meter));
          asked.answer(200);
        }
        case OfficeInbox.Taken.Submitted submitted -> {
          handed = true;
          submitted
              .outcome()
              .whenComplete((outcome, failure) -> {
                try {
                  settle(asked, outcome, failure);
                } finally {
                  asked.flow().done();
                }
              });
        }
      }
    } catch (MessageException e) {
      refuse(asked, e);
    } finally {
      if (!handed) {
        asked.flow().done();
      }
    }
  }

  private void refuse(Asked asked, MessageException e) {
    String said = String.valueOf(e.getMessage());
    switch (e.kind()) {
      case MALFORMED -> {
        tally.fault(Tally.What.MALFORMED, asked.where(), said);
        asked.answer(400);
      }
      case UNSUPPORTED -> {
        tally.fault(Tally.What.UNSUPPORTED, asked.where(), said);
        asked.answer(488);
      }
      case UNAUTHENTICATED -> {
        tally.fault(Tally.What.UNAUTHENTICATED, asked.where(), said);
        asked.answer(403);
      }
    }
  }

  /** The commit is known: now, and not before, the meter hears of it. */
  private void settle(Asked asked, @Nullable Outcome outcome, @Nullable Throwable failure) {
    switch (outcome) {
      case null -> {
        tally.fault(Tally.What.FAILED, asked.where(), "intake failed: " + failure);
        asked.answer(500, LATER);
      }
      case Outcome.Stored _ -> {
        tally.count(Tally.What.STORED);
        asked.answer(200);
      }
      case Outcome.Duplicate _ -> {
        tally.count(Tally.What.DUPLICATE);
        asked.answer(200);
      }
      case Outcome.Waiting _ -> {
        // a concentrator's: the meter behind is not registered here yet
        tally.count(Tally.What.WAITING);
        asked.answer(404, LATER);
      }
      case Outcome.Refused(Fault fault) -> {
        tally.fault(
            Tally.What.REFUSED,
            asked.where(),
            fault.code() + " at " + fault.where() + ": " + fault.remedy());
        asked.answer(status(fault.code()));
      }
    }
  }

  private static int status(Fault.Code code) {
    return switch (code) {
      case MALFORMED -> 400;
      case UNAUTHENTICATED, FORBIDDEN, REPLAYED, CONFLICT -> 403;
      case UNKNOWN_METER -> 404;
      case BUSY, TIMEOUT -> 503;
      case INTERNAL -> 500;
    };
  }
}

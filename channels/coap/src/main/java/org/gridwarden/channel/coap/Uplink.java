package org.gridwarden.channel.coap;

import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Response;
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
 * Takes the secured messages that are posted to {@code gw/<class>}. Its answer leaves after the
 * commit and never before; where the commit takes long, an empty acknowledgement goes ahead, so
 * that the meter need not send again. Thread-safe.
 */
final class Uplink {
  /** The content-format of what is posted: {@code application/cose}, COSE_Encrypt0. */
  static final int COSE_ENCRYPT0 = 16;

  /** A meter that is not known yet asks again after so many seconds. */
  private static final int UNKNOWN_RETRY = 300;

  private static final int BUSY_RETRY = 2;

  private final OfficeInbox inbox;
  private final CommandDesk desk;
  private final Mailboxes mailboxes;
  private final InFlight inFlight;
  private final CoapSettings.Limits limits;
  private final Work work;
  private final Tally tally;

  Uplink(
      OfficeInbox inbox,
      CommandDesk desk,
      Mailboxes mailboxes,
      CoapSettings.Limits limits,
      Work work,
      Tally tally) {
    this.inbox = inbox;
    this.desk = desk;
    this.mailboxes = mailboxes;
    this.inFlight = new InFlight(limits.inFlight(), limits.waiting());
    this.limits = limits;
    this.work = work;
    this.tally = tally;
  }

  /** Takes one, in a thread of its own: intake may be full, and the keys may have to be fetched. */
  void take(Ask ask, MessageClass kind) {
    OptionSet options = ask.request().getOptions();
    if (options.hasContentFormat() && options.getContentFormat() != COSE_ENCRYPT0) {
      ask.answer(ResponseCode.UNSUPPORTED_CONTENT_FORMAT);
      return;
    }
    if (!inFlight.take(ask.caller().identity())) {
      tally.count(Tally.What.OVER_LIMIT);
      later(ask, BUSY_RETRY, "too many wait for their commit");
      return;
    }
    Future<?> accept =
        work.schedule(ask::accept, limits.piggyback().toNanos(), TimeUnit.NANOSECONDS);
    Thread.ofVirtual().name("coap-post").start(() -> submit(ask, kind, accept));
  }

  private void submit(Ask ask, MessageClass kind, Future<?> accept) {
    boolean handed = false;
    try {
      OfficeInbox.Taken taken = inbox.take(ask.body(), ask.caller().meter(), Optional.of(kind));
      switch (taken) {
        case OfficeInbox.Taken.Answer(MeterId meter, byte[] signed) -> {
          tally.count(Tally.What.ANSWER);
          desk.answered(meter, signed, () -> mailboxes.answered(meter));
          ask.answer(ResponseCode.CHANGED);
        }
        case OfficeInbox.Taken.Submitted submitted -> {
          handed = true;
          submitted
              .outcome()
              .whenComplete((outcome, failure) -> settle(ask, accept, outcome, failure));
        }
      }
    } catch (MessageException e) {
      refused(ask, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      tally.fault(Tally.What.FAILED, ask.caller().toString(), "a message failed: " + e);
      ask.answer(ResponseCode.INTERNAL_SERVER_ERROR);
    } finally {
      if (!handed) {
        done(ask, accept);
      }
    }
  }

  private void refused(Ask ask, MessageException e) {
    tally.fault(
        switch (e.kind()) {
          case MALFORMED -> Tally.What.MALFORMED;
          case UNSUPPORTED -> Tally.What.UNSUPPORTED;
          case UNAUTHENTICATED -> Tally.What.UNAUTHENTICATED;
        },
        ask.caller().toString(),
        String.valueOf(e.getMessage()));
    ask.answer(
        switch (e.kind()) {
          case MALFORMED -> ResponseCode.BAD_REQUEST;
          case UNSUPPORTED -> ResponseCode.NOT_IMPLEMENTED;
          case UNAUTHENTICATED -> ResponseCode.FORBIDDEN;
        });
  }

  private void settle(
      Ask ask, Future<?> accept, @Nullable Outcome outcome, @Nullable Throwable failure) {
    try {
      switch (outcome) {
        case null -> {
          tally.fault(Tally.What.FAILED, ask.caller().toString(), "intake failed: " + failure);
          ask.answer(ResponseCode.INTERNAL_SERVER_ERROR);
        }
        case Outcome.Stored _ -> {
          tally.count(Tally.What.STORED);
          ask.answer(ResponseCode.CHANGED);
        }
        case Outcome.Duplicate _ -> {
          tally.count(Tally.What.DUPLICATE);
          ask.answer(ResponseCode.CHANGED);
        }
        case Outcome.Waiting _ -> {
          tally.count(Tally.What.WAITING);
          later(ask, UNKNOWN_RETRY, "not known here yet");
        }
        case Outcome.Refused(Fault fault) -> {
          tally.fault(
              Tally.What.REFUSED,
              ask.caller().toString(),
              fault.code() + " at " + fault.where() + ": " + fault.remedy());
          ask.answer(code(fault.code()));
        }
      }
    } finally {
      done(ask, accept);
    }
  }

  private void done(Ask ask, Future<?> accept) {
    accept.cancel(false);
    inFlight.giveBack(ask.caller().identity());
  }

  private static void later(Ask ask, int seconds, String why) {
    Response response = new Response(ResponseCode.SERVICE_UNAVAILABLE);
    response.getOptions().setMaxAge(seconds);
    response.setPayload(why);
    ask.answer(response);
  }

  private static ResponseCode code(Fault.Code code) {
    return switch (code) {
      case MALFORMED -> ResponseCode.BAD_REQUEST;
      case UNAUTHENTICATED, FORBIDDEN -> ResponseCode.FORBIDDEN;
      case REPLAYED, CONFLICT -> ResponseCode.CONFLICT;
      case UNKNOWN_METER, TIMEOUT, BUSY -> ResponseCode.SERVICE_UNAVAILABLE;
      case INTERNAL -> ResponseCode.INTERNAL_SERVER_ERROR;
    };
  }

  /** Lets what is under way be committed and answered. */
  void drain(long millis) throws InterruptedException {
    inFlight.drain(millis);
  }
}

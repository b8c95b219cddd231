package org.gridwarden.channel.sip;

import java.util.List;
import java.util.Optional;
import org.gridwarden.channel.sip.Fields.Field;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.listener.Rates;
import org.gridwarden.message.listener.Tally;

/**
 * Takes whole messages, whichever way they came: answers go to the calls that wait for them,
 * requests are answered, those that matter once it is known who asks. What a stranger says leaves
 * nothing behind. Thread-safe.
 */
final class Agent {
  /** The shortest registration or subscription, in seconds. */
  static final int SHORTEST = 60;

  private static final String METHODS = "REGISTER, MESSAGE, SUBSCRIBE, OPTIONS";
  private static final String PATH = "path"; // RFC 3327

  private final Login login;
  private final Nonces nonces;
  private final Transactions transactions = new Transactions();
  private final Calls calls;
  private final Registrar registrar;
  private final Subscriptions subscriptions;
  private final Uplink uplink;
  private final Orders orders;
  private final Rates rates;
  private final Tally tally;

  Agent(
      Login login,
      Nonces nonces,
      Calls calls,
      Registrar registrar,
      Subscriptions subscriptions,
      Uplink uplink,
      Orders orders,
      Rates rates,
      Tally tally) {
    this.login = login;
    this.nonces = nonces;
    this.calls = calls;
    this.registrar = registrar;
    this.subscriptions = subscriptions;
    this.uplink = uplink;
    this.orders = orders;
    this.rates = rates;
    this.tally = tally;
  }

  /**
   * Takes a message. Blocks while intake is full.
   *
   * @param body not to be changed afterwards
   * @param key by which a datagram is known where it comes again; empty on a connection
   * @param length of all of it, in bytes
   */
  void take(Head head, byte[] body, Optional<Transactions.Key> key, int length, Flow flow)
      throws InterruptedException {
    Asked asked = new Asked(head, body, length, flow, nonces, tally);
    try {
      if (head.isResponse()) {
        calls.answered(head, flow);
        return;
      }
      if (key.isEmpty() || isNew(key.get(), flow)) {
        serve(asked, Request.of(head), key);
      }
    } catch (SipException e) {
      refuse(asked, head, e);
    }
  }

  /** What came before is answered as before, and not at all while its answer is awaited. */
  private boolean isNew(Transactions.Key key, Flow flow) {
    Transactions.Before before = transactions.look(key);
    if (before instanceof Transactions.Before.Answered(byte[] answer)) {
      flow.send(answer);
    }
    boolean fresh = before instanceof Transactions.Before.Never;
    if (!fresh) {
      tally.count(Tally.What.REPEATED);
    }
    return fresh;
  }

  /** Refuses what cannot be taken. */
  void refuse(Asked asked, Head head, SipException e) {
    tally.fault(
        e.status() == 400 ? Tally.What.MALFORMED : Tally.What.UNSUPPORTED,
        asked.where(),
        String.valueOf(e.getMessage()));
    if (head.isResponse() || head.start().startsWith("ACK ")) {
      return; // is never answered
    }
    asked.answer(
        e.status(),
        switch (e.status()) {
          case 405, 501 -> List.of(new Field("Allow", METHODS));
          case 406, 415 -> List.of(new Field("Accept", Body.TYPE));
          case 420 -> List.of(new Field("Unsupported", String.valueOf(e.getMessage())));
          case 423 -> List.of(new Field("Min-Expires", Integer.toString(SHORTEST)));
          case 489 -> List.of(new Field("Allow-Events", Orders.EVENT));
          default -> List.of();
        });
  }

  /** The same for a message of which the head alone was read. */
  void refuse(Head head, int length, Flow flow, SipException e) {
    refuse(new Asked(head, new byte[0], length, flow, nonces, tally), head, e);
  }

  private void serve(Asked asked, Request request, Optional<Transactions.Key> key)
      throws SipException, InterruptedException {
    switch (request.method()) {
      case "REGISTER", "MESSAGE", "SUBSCRIBE" -> admit(asked, request, key);
      case "OPTIONS" -> {
        supported(request);
        asked.answer(200, new Field("Allow", METHODS), new Field("Accept", Body.TYPE));
      }
      case "ACK" -> {} // of an answer that needed none
      case "BYE", "CANCEL", "NOTIFY" -> throw new SipException(481, "there is no such call");
      default ->
          throw Request.OTHERS.contains(request.method())
              ? new SipException(405, "nobody takes " + request.method() + " here")
              : new SipException(501, "a method that nobody knows");
    }
  }

  /** Looks who asks, before anything is done for them. */
  private void admit(Asked asked, Request request, Optional<Transactions.Key> key)
      throws SipException, InterruptedException {
    Flow flow = asked.flow();
    switch (login.of(request, flow)) {
      case Login.Result.Unknown(boolean stale) -> challenge(asked, stale);
      case Login.Result.Proven proven -> {
        if (key.isPresent() && !transactions.begin(key.get())) {
          return; // its twin is being answered
        }
        if (proven.made().isPresent() && !nonces.use(proven.made().getAsLong(), proven.count())) {
          key.ifPresent(transactions::drop);
          challenge(asked, true);
          return;
        }
        if (!flow.proven(proven.who().name())) {
          key.ifPresent(transactions::drop);
          tally.fault(
              Tally.What.OVER_LIMIT, asked.where(), proven.who().name() + " holds too many");
          asked.answer(503, Uplink.LATER);
          return;
        }
        asked.proven(answer -> key.ifPresent(k -> transactions.answered(k, answer)));
        try {
          dispatch(asked, request, proven.who());
        } catch (RuntimeException e) {
          key.ifPresent(transactions::drop);
          throw e;
        }
      }
    }
  }

  private void challenge(Asked asked, boolean stale) {
    tally.count(Tally.What.CHALLENGED);
    asked.answer(401, login.challenges(asked.flow(), stale));
  }

  private void dispatch(Asked asked, Request request, Login.Who who)
      throws SipException, InterruptedException {
    supported(request);
    if (!rates.take(who.name())) {
      tally.count(Tally.What.TOO_FAST);
      asked.answer(503, Uplink.LATER);
      return;
    }
    Optional<MeterId> meter = who.meter();
    if (meter.isPresent() && !request.said().equals(meter)) {
      tally.fault(Tally.What.FORBIDDEN, asked.where(), who.name() + " speaks as somebody else");
      asked.answer(403);
      return;
    }
    meter.ifPresent(m -> orders.line(m).heard());
    if (request.method().equals("MESSAGE")) {
      uplink.take(asked, request, who);
    } else if (meter.isEmpty()) {
      challenge(
          asked, false); // a concentrator has no line: the meter behind it is to say who it is
    } else if (request.method().equals("REGISTER")) {
      registrar.take(asked, request, meter.get());
    } else {
      subscriptions.take(asked, request, meter.get());
    }
  }

  /** What must be understood is (clause 8.2.2.3). */
  private static void supported(Request request) throws SipException {
    for (String wanted : request.fields().items("require")) {
      if (!wanted.equals(PATH)) {
        throw new SipException(420, Text.isToken(wanted) ? wanted : "what is required");
      }
    }
  }
}

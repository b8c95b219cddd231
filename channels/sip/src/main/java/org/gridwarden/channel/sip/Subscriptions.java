package org.gridwarden.channel.sip;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.channel.sip.Fields.Field;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.listener.Tally;

/**
 * Takes a SUBSCRIBE (RFC 6665) to a meter's own orders: one subscription a meter, the latest. Each
 * is followed by a NOTIFY with the order that lies there. Thread-safe.
 */
final class Subscriptions {
  private final Orders orders;
  private final SipSettings.Terms terms;
  private final Tally tally;

  Subscriptions(Orders orders, SipSettings.Terms terms, Tally tally) {
    this.orders = orders;
    this.terms = terms;
    this.tally = tally;
  }

  /** Answers it. */
  void take(Asked asked, Request request, MeterId meter) throws SipException {
    String event = request.fields().must("event");
    if (!Text.split(event, ';').getFirst().equals(Orders.EVENT)) {
      throw new SipException(489, "there is the event " + Orders.EVENT + " alone");
    }
    if (!isAccepted(request.fields().items("accept"))) {
      throw new SipException(406, "orders are " + Body.TYPE);
    }
    Line line = orders.line(meter);
    Optional<String> tag = request.to().tag();
    Optional<Line.Dialog> before = line.dialog();
    boolean again =
        tag.isPresent() && before.filter(d -> d.isSame(request.callId(), tag.get())).isPresent();
    if (!again && (tag.isPresent() || !request.uri().user().equals(Orders.USER))) {
      throw new SipException(
          tag.isPresent() ? 481 : 404, "subscribe to " + Orders.USER + " of this office anew");
    }
    long wanted = request.expires().orElse(terms.longest().toSeconds());
    Deadline until = wanted == 0 ? new Deadline(System.nanoTime()) : Registrar.until(terms, wanted);
    List<String> contacts = request.fields().items("contact");
    if (contacts.size() != 1) {
      throw SipException.malformed("a subscriber has one contact");
    }
    Line.Dialog dialog =
        new Line.Dialog(
            Way.of(
                asked.flow(),
                NameAddr.parse(contacts.getFirst()),
                again
                    ? before.orElseThrow().way().routes()
                    : request.fields().items("record-route")),
            request.callId(),
            asked.to(),
            request.fields().must("from"),
            event,
            until,
            again ? before.orElseThrow().number() : new AtomicLong());
    tally.count(Tally.What.SUBSCRIBED);
    asked.answer(
        200,
        new Field("Expires", Long.toString(Math.max(0, until.left().toSeconds()))),
        new Field("Contact", Orders.contact(asked.flow())));
    line.heard();
    if (wanted == 0) {
      line.listen(Optional.empty());
      orders.bye(dialog);
    } else {
      line.listen(Optional.of(dialog));
      orders.tell(meter, line);
    }
  }

  private static boolean isAccepted(List<String> accepted) {
    return accepted.isEmpty()
        || accepted.stream()
            .map(a -> a.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
            .anyMatch(a -> a.equals(Body.TYPE) || a.equals("*/*") || a.equals("application/*"));
  }
}

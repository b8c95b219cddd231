package org.gridwarden.channel.sip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.channel.sip.Fields.Field;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.listener.Tally;

/**
 * The way down: an order lies on its meter's line, and is told by NOTIFY where the meter has
 * subscribed, else by MESSAGE where it is registered; once more whenever it comes anew. A meter
 * that was silent for long is asked by OPTIONS whether it lives. Lines are of proven meters, so
 * there are as many as meters at most. Thread-safe.
 */
final class Orders {
  /** The event package (RFC 6665) that meters subscribe to. */
  static final String EVENT = "gridwarden-orders";

  /** The user part of the office's own address. */
  static final String USER = "orders";

  private static final int REFUSED = 300;
  private static final byte[] NOTHING = {};

  private final Calls calls;
  private final SipSettings.Terms terms;
  private final Tally tally;
  private final Map<MeterId, Line> lines = new ConcurrentHashMap<>();

  Orders(Calls calls, SipSettings.Terms terms, Tally tally) {
    this.calls = calls;
    this.terms = terms;
    this.tally = tally;
  }

  /** A meter's line. */
  Line line(MeterId meter) {
    return lines.computeIfAbsent(meter, m -> new Line());
  }

  boolean reaches(MeterId meter) {
    Line line = lines.get(meter);
    return line != null && line.way().isPresent();
  }

  /** How many meters can be called now. */
  long reached() {
    return lines.values().stream().filter(line -> line.way().isPresent()).count();
  }

  /**
   * Lays an order on a meter's line, and tells it.
   *
   * @throws ChannelException TIMEOUT where it cannot be called: nothing was sent
   */
  void send(MeterId meter, byte[] message, Deadline until) throws ChannelException {
    Line line = line(meter);
    if (line.way().isEmpty()) {
      throw new ChannelException(
          new Fault(
              Fault.Code.TIMEOUT,
              "meter " + meter,
              "it is registered no longer; nothing was sent"));
    }
    line.lay(new Line.Order(message.clone(), until));
    tell(meter, line);
  }

  /** A meter has answered its order. */
  void answered(MeterId meter) {
    Optional.ofNullable(lines.get(meter)).ifPresent(Line::empty);
  }

  /** Tells what lies on a line; a subscriber also that nothing does. */
  void tell(MeterId meter, Line line) {
    Optional<Line.Dialog> dialog = line.dialog();
    if (dialog.isPresent()) {
      tellSubscriber(meter, line, dialog.get(), line.order());
    } else if (line.order().isPresent()) {
      line.binding().ifPresent(b -> tellRegistered(meter, line, b, line.order().get()));
    }
  }

  private void tellSubscriber(
      MeterId meter, Line line, Line.Dialog dialog, Optional<Line.Order> order) {
    long left = Math.max(0, dialog.until().left().toSeconds());
    var _ =
        notify(dialog, left > 0 ? "active;expires=" + left : "terminated;reason=timeout", order)
            .thenAccept(status -> {
              if (status < REFUSED) {
                line.heard();
                return;
              }
              tally.count(Tally.What.GONE);
              line.end(dialog);
              if (order.isPresent()) {
                tell(meter, line); // it may be registered
              }
            });
  }

  /** A subscriber is told the last: it has ended. */
  void bye(Line.Dialog dialog) {
    var _ = notify(dialog, "terminated;reason=timeout", Optional.empty());
  }

  private java.util.concurrent.CompletableFuture<Integer> notify(
      Line.Dialog dialog, String state, Optional<Line.Order> order) {
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("From", dialog.local()));
    fields.add(new Field("To", dialog.remote()));
    fields.add(new Field("Call-ID", dialog.callId()));
    fields.add(new Field("CSeq", dialog.number().incrementAndGet() + " NOTIFY"));
    fields.add(new Field("Contact", contact(dialog.way().flow())));
    fields.add(new Field("Event", dialog.event()));
    fields.add(new Field("Subscription-State", state));
    byte[] body = body(fields, order);
    return calls.call(dialog.way(), "NOTIFY", fields, body);
  }

  private byte[] body(List<Field> fields, Optional<Line.Order> order) {
    order.ifPresent(o -> {
      tally.count(Tally.What.ORDER);
      fields.add(new Field("Content-Type", Body.TYPE));
    });
    return order.map(Line.Order::message).orElse(NOTHING);
  }

  private void tellRegistered(MeterId meter, Line line, Line.Binding binding, Line.Order order) {
    List<Field> fields = outside(meter, binding.way().flow(), "MESSAGE");
    byte[] body = body(fields, Optional.of(order));
    var _ =
        calls
            .call(binding.way(), "MESSAGE", fields, body)
            .thenAccept(status -> settle(line, binding.way(), status));
  }

  private void settle(Line line, Way way, int status) {
    if (status == Calls.TIMEOUT) {
      tally.count(Tally.What.GONE);
      line.lost(way);
    }
    line.heard(); // whatever it said; where it said nothing, there is nobody to ask any more
  }

  /** What a request outside a dialog says. */
  private List<Field> outside(MeterId meter, Flow flow, String method) {
    String host = terms.host().orElse(flow.local());
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("From", "<sip:" + USER + "@" + host + ">;tag=" + calls.id()));
    fields.add(new Field("To", "<sip:" + meter + "@" + host + ">"));
    fields.add(new Field("Call-ID", calls.id()));
    fields.add(new Field("CSeq", "1 " + method));
    return fields;
  }

  /** The office's own Contact on a flow. */
  static String contact(Flow flow) {
    String transport = flow.transport().equals("UDP") ? "" : ";transport=tcp";
    String scheme = flow.transport().equals("TLS") ? "sips:" : "sip:";
    return "<" + scheme + USER + "@" + flow.local() + transport + ">";
  }

  /** Asks those that were silent for long whether they live. */
  void sweep() {
    long silence = terms.ping().toNanos();
    lines.forEach((meter, line) -> {
      Optional<Way> way = line.way();
      if (way.isPresent() && line.ask(silence)) {
        Way asked = way.get();
        var _ =
            calls
                .call(asked, "OPTIONS", outside(meter, asked.flow(), "OPTIONS"), NOTHING)
                .thenAccept(status -> settle(line, asked, status));
      }
    });
  }
}

package org.gridwarden.channel.sip;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.channel.sip.Fields.Field;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.listener.Tally;

/**
 * Takes a REGISTER (RFC 3261, clause 10.3): one registration a meter, the latest, of the way that
 * it came by. Thread-safe.
 */
final class Registrar {
  private final Orders orders;
  private final SipSettings.Terms terms;
  private final Tally tally;

  Registrar(Orders orders, SipSettings.Terms terms, Tally tally) {
    this.orders = orders;
    this.terms = terms;
    this.tally = tally;
  }

  /** Answers it. */
  void take(Asked asked, Request request, MeterId meter) throws SipException {
    if (!Request.meter(request.to()).equals(Optional.of(meter))) {
      throw new SipException(403, "meter " + meter + " registers another");
    }
    List<String> contacts = request.fields().items("contact");
    Optional<Long> expires = request.expires();
    Line line = orders.line(meter);
    if (contacts.equals(List.of("*"))) {
      if (!expires.equals(Optional.of(0L))) {
        throw SipException.malformed("all registrations end at once, or none");
      }
      line.bind(Optional.empty());
    } else if (contacts.size() > 1) {
      throw new SipException(403, "a meter is in one place");
    } else if (!contacts.isEmpty()) {
      bind(asked, request, line, NameAddr.parse(contacts.getFirst()), expires);
    }
    tally.count(Tally.What.REGISTERED);
    List<Field> more = new ArrayList<>();
    line.binding()
        .ifPresent(b ->
            more.add(
                new Field(
                    "Contact",
                    "<" + b.contact() + ">;expires=" + Math.max(0, b.until().left().toSeconds()))));
    request.fields().lines("path").forEach(path -> more.add(new Field("Path", path)));
    asked.answer(200, more);
    if (!contacts.isEmpty()) {
      line.heard();
      if (line.dialog().isEmpty()) {
        orders.tell(meter, line); // what came while it was away
      }
    }
  }

  private void bind(
      Asked asked, Request request, Line line, NameAddr contact, Optional<Long> expires)
      throws SipException {
    String own = contact.parameters().getOrDefault("expires", "");
    long wanted =
        own.isEmpty() ? expires.orElse(terms.longest().toSeconds()) : Request.seconds(own);
    if (wanted == 0) {
      line.bind(Optional.empty());
      return;
    }
    Way way = Way.of(asked.flow(), contact, request.fields().items("path"));
    line.bind(Optional.of(new Line.Binding(way, contact.uri(), until(terms, wanted))));
  }

  /**
   * When something ends that is wanted for so long.
   *
   * @throws SipException 423 where it is wanted too briefly
   */
  static Deadline until(SipSettings.Terms terms, long wanted) throws SipException {
    if (wanted < Agent.SHORTEST) {
      throw new SipException(423, "not for less than " + Agent.SHORTEST + " s");
    }
    return Deadline.in(Duration.ofSeconds(Math.min(wanted, terms.longest().toSeconds())));
  }
}

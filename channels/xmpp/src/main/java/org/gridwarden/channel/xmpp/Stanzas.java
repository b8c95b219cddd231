package org.gridwarden.channel.xmpp;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.listener.Tally;

/**
 * What the office does with a stanza. Each comes from an address that the server vouches for: of a
 * meter that has logged in, of the server itself, or of the publish-subscribe service. One thread.
 */
final class Stanzas {
  /** Before the number of a question that carries an order. */
  static final String ORDER = "order-";

  private static final List<String> AWAY = List.of("away", "xa", "dnd");

  private final String domain;
  private final Parts parts;
  private final Consumer<Element> out;

  /** Who is asked. */
  record Parts(
      MeterDirectory meters,
      Uplink uplink,
      CommandDesk desk,
      Presences presences,
      Accounts accounts,
      Optional<PubSub> pubSub,
      Tally tally) {}

  /**
   * @param domain where meters have their accounts
   * @param out takes what is to be sent
   */
  Stanzas(String domain, Parts parts, Consumer<Element> out) {
    this.domain = domain;
    this.parts = parts;
    this.out = out;
  }

  void take(Element stanza) throws InterruptedException {
    Optional<Jid> from = stanza.attribute("from").flatMap(Jid::of);
    if (from.isEmpty()) {
      parts.tally().count(Tally.What.MALFORMED);
    } else if (parts.pubSub().filter(p -> p.isService(from.get())).isPresent()) {
      service(parts.pubSub().get(), stanza);
    } else if (!from.get().domain().equals(domain)) {
      parts.tally().fault(Tally.What.FORBIDDEN, from.get().toString(), "is of another server");
      refuse(stanza, "cancel", "forbidden");
    } else {
      switch (stanza.name()) {
        case "iq" -> iq(stanza, from.get());
        case "presence" -> presence(stanza, from.get());
        default -> {
          // a message gets no answer, so it is nothing to rely on: IQ, or publish-subscribe
          parts.tally().count(Tally.What.UNSUPPORTED);
          refuse(stanza, "cancel", "feature-not-implemented");
        }
      }
    }
  }

  private void service(PubSub pubSub, Element stanza) throws InterruptedException {
    if (stanza.name().equals("iq")) {
      pubSub.answered(stanza);
    }
    for (byte[] message : pubSub.messages(stanza)) {
      parts.uplink().take(message, Optional.empty(), _ -> {});
    }
  }

  private void iq(Element iq, Jid from) throws InterruptedException {
    Optional<MeterId> meter = Jid.meter(from.local(), parts.meters());
    boolean known = meter.isEmpty() || parts.presences().heard(meter.get(), from);
    Optional<Element> asked = iq.firstChild();
    switch (iq.attribute("type").orElse("")) {
      case "get" -> get(iq, from, asked);
      case "set" -> {
        if (asked.filter(a -> a.is(Words.OURS, Words.SECURED)).isEmpty() || from.isServer()) {
          refuse(iq, "cancel", "service-unavailable");
          return;
        }
        if (!known) {
          // the office has come back and knows nothing of this meter: it may say that it is there
          out.accept(
              Element.of(Words.COMPONENT, "presence")
                  .with("from", iq.attribute("to").orElse(""))
                  .with("to", from.toString()));
        }
        secured(iq, from, asked.get());
      }
      case "error" -> {
        if (iq.attribute("id").filter(id -> id.startsWith(ORDER)).isPresent()) {
          meter.ifPresent(parts.desk()::gone);
        }
      }
      default -> {
        // a result: the order has arrived, or the ping
      }
    }
  }

  private void get(Element iq, Jid from, Optional<Element> asked) {
    Element what = asked.orElse(iq);
    if (what.is(Words.OURS, "account") && from.isServer()) {
      account(iq, what);
    } else if (what.is(Words.PING, "ping")) {
      out.accept(Words.answer(iq, "result"));
    } else if (what.is(Words.DISCO, "query")) {
      Element query =
          Element.of(Words.DISCO, "query")
              .with(
                  Element.of(Words.DISCO, "identity")
                      .with("category", "component")
                      .with("type", "generic")
                      .with("name", "Gridwarden"));
      for (String feature : List.of(Words.DISCO, Words.PING, Words.OURS)) {
        query = query.with(Element.of(Words.DISCO, "feature").with("var", feature));
      }
      out.accept(Words.answer(iq, "result").with(query));
    } else {
      refuse(iq, "cancel", "service-unavailable");
    }
  }

  /** The server asks how a meter logs in. */
  private void account(Element iq, Element what) {
    Optional<Accounts.Verifier> verifier =
        what.attribute("hash")
            .flatMap(Accounts.Hash::of)
            .flatMap(hash -> what.attribute("name").flatMap(n -> parts.accounts().find(n, hash)));
    if (verifier.isEmpty()) {
      parts.tally().count(Tally.What.UNAUTHENTICATED);
      refuse(iq, "cancel", "item-not-found");
      return;
    }
    out.accept(
        Words.answer(iq, "result")
            .with(
                Element.of(Words.OURS, "account")
                    .with("iterations", Integer.toString(Accounts.ITERATIONS))
                    .with("salt", verifier.get().salt())
                    .with("stored", verifier.get().storedKey())
                    .with("server", verifier.get().serverKey())));
  }

  private void secured(Element iq, Jid from, Element secured) throws InterruptedException {
    Optional<byte[]> message = Words.message(secured);
    if (message.isEmpty()) {
      parts.tally().count(Tally.What.MALFORMED);
      out.accept(
          Words.error(
              iq, "modify", "bad-request", "the element 'secured' holds a COSE message in base64"));
      return;
    }
    parts
        .uplink()
        .take(
            message.get(),
            Optional.of(from),
            result ->
                out.accept(
                    switch (result) {
                      case Uplink.Result.Taken(String word) ->
                          Words.answer(iq, "result").with(Element.of(Words.OURS, word));
                      case Uplink.Result.Refused(var fault) -> Words.error(iq, fault);
                    }));
  }

  private void presence(Element presence, Jid from) {
    Optional<MeterId> meter = Jid.meter(from.local(), parts.meters());
    if (meter.isEmpty() || from.resource().isEmpty()) {
      return;
    }
    switch (presence.attribute("type").orElse("available")) {
      case "available" -> {
        boolean away =
            presence
                .child(Words.COMPONENT, "show")
                .filter(show -> AWAY.contains(show.text()))
                .isPresent();
        Function<Element, Optional<byte[]>> bytes = Words::message;
        parts
            .presences()
            .available(meter.get(), from, presence.child(Words.OURS, "will").flatMap(bytes), away);
      }
      case "unavailable" ->
          parts
              .presences()
              .unavailable(meter.get(), from, presence.child(Words.OURS, "leave").isPresent());
      default -> {
        // nobody subscribes to the office's presence, and errors are of none of its own
      }
    }
  }

  private void refuse(Element stanza, String type, String condition) {
    String kind = stanza.attribute("type").orElse("");
    if (stanza.name().equals("iq") && (kind.equals("get") || kind.equals("set"))) {
      out.accept(Words.error(stanza, type, condition, ""));
    }
  }
}

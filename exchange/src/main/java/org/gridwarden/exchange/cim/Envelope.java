package org.gridwarden.exchange.cim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.gridwarden.exchange.xml.Element;

/**
 * What stands around a payload: the message's kind, header and, of an answer, its result.
 *
 * @param kind ResponseMessage or EventMessage
 * @param before Header and, of an answer, Reply
 */
public record Envelope(String kind, List<Element> before) {
  public Envelope {
    before = List.copyOf(before);
  }

  /** An answer that it was done. */
  public static Envelope done(CimMessage asked, UUID id, Instant at) {
    return reply(asked.header(), id, at, "OK", List.of(error("0.0", "")));
  }

  /** An answer with the message's own number where it made something. */
  static Envelope reply(CimHeader asked, UUID id, Instant at, String result, List<Element> errors) {
    List<Element> reply = new ArrayList<>();
    reply.add(Element.of(Cim.MESSAGE, "Result", result));
    reply.addAll(errors);
    return new Envelope(
        "ResponseMessage",
        List.of(asked.reply(id.toString()).element(at), Element.of(Cim.MESSAGE, "Reply", reply)));
  }

  /** An answer that it was not. */
  public static Envelope failed(CimHeader asked, UUID id, Instant at, CimException why) {
    return reply(
        asked,
        id,
        at,
        "FAILED",
        List.of(error(why.code().number(), String.valueOf(why.getMessage()))));
  }

  /** A message of our own accord. */
  public static Envelope event(String noun, UUID id, Instant at) {
    return new Envelope(
        "EventMessage",
        List.of(new CimHeader("created", noun, "Gridwarden", id.toString(), "").element(at)));
  }

  static Element error(String code, String details) {
    List<Element> error = new ArrayList<>();
    error.add(Element.of(Cim.MESSAGE, "code", code));
    if (!details.isEmpty()) {
      error.add(Element.of(Cim.MESSAGE, "level", "FATAL"));
      error.add(Element.of(Cim.MESSAGE, "details", details));
    }
    return Element.of(Cim.MESSAGE, "Error", error);
  }

  /** As one element, without a payload. */
  public Element element() {
    return Element.of(Cim.MESSAGE, kind, before);
  }

  /** As one element around a payload. */
  public Element around(Element payload) {
    List<Element> all = new ArrayList<>(before);
    all.add(Element.of(Cim.MESSAGE, "Payload", List.of(payload)));
    return Element.of(Cim.MESSAGE, kind, all);
  }
}

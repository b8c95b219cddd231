package org.gridwarden.exchange.cim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.exchange.xml.Element;

/**
 * A message's header.
 *
 * @param verb get, create, created, change, changed, reply ...
 * @param noun what it is about: MeterReadings, EndDeviceControls ...
 * @param source who sent it; may be empty
 * @param messageId its own; may be empty
 * @param correlationId what it answers, or what an answer names; may be empty
 */
public record CimHeader(
    String verb, String noun, String source, String messageId, String correlationId) {
  private static final int LONGEST = 200;

  static CimHeader of(Element header) throws CimException {
    CimHeader its =
        new CimHeader(
            header.textOf("Verb"),
            header.textOf("Noun"),
            header.textOf("Source"),
            header.textOf("MessageID"),
            header.textOf("CorrelationID"));
    for (String text : List.of(its.verb, its.noun, its.source, its.messageId, its.correlationId)) {
      if (text.length() > LONGEST) {
        throw new CimException(
            CimException.Code.HEADER, "a header's texts have at most " + LONGEST + " characters");
      }
    }
    if (its.verb.isEmpty() || its.noun.isEmpty()) {
      throw new CimException(
          CimException.Code.HEADER, "the Header needs Verb and Noun: add what is missing");
    }
    return its;
  }

  /** The header of an answer to a message. */
  CimHeader reply(String id) {
    return new CimHeader(
        "reply", noun, "Gridwarden", id, correlationId.isEmpty() ? messageId : correlationId);
  }

  Element element(Instant at) {
    List<Element> children = new ArrayList<>();
    children.add(Element.of(Cim.MESSAGE, "Verb", verb));
    children.add(Element.of(Cim.MESSAGE, "Noun", noun));
    children.add(Element.of(Cim.MESSAGE, "Revision", "2.0"));
    children.add(Element.of(Cim.MESSAGE, "Timestamp", at.toString()));
    children.add(Element.of(Cim.MESSAGE, "Source", source));
    children.add(Element.of(Cim.MESSAGE, "MessageID", messageId));
    if (!correlationId.isEmpty()) {
      children.add(Element.of(Cim.MESSAGE, "CorrelationID", correlationId));
    }
    return Element.of(Cim.MESSAGE, "Header", children);
  }
}

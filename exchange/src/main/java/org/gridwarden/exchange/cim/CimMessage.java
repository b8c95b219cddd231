package org.gridwarden.exchange.cim;

import java.util.Optional;
import org.gridwarden.exchange.xml.Element;

/**
 * A message as it came.
 *
 * @param kind RequestMessage, EventMessage or ResponseMessage
 * @param request what is asked for, where it asks
 * @param payload what it carries: the one element in its Payload
 */
public record CimMessage(
    String kind, CimHeader header, Optional<Element> request, Optional<Element> payload) {
  /**
   * Of a message's element, whether it was XML or JSON.
   *
   * @throws CimException where it is no message
   */
  public static CimMessage of(Element root) throws CimException {
    if (!isMessage(root)) {
      throw new CimException(
          CimException.Code.CONTENT,
          "the root is <"
              + root.name()
              + ">; send a RequestMessage or EventMessage of "
              + Cim.MESSAGE);
    }
    Element header =
        root.child("Header")
            .orElseThrow(
                () -> new CimException(CimException.Code.HEADER, "the Header is missing: add it"));
    Optional<Element> payload = root.child("Payload");
    if (payload.isPresent() && payload.get().children().size() > 1) {
      throw new CimException(
          CimException.Code.CONTENT, "the Payload holds more than one element: send them apart");
    }
    return new CimMessage(
        root.name(),
        CimHeader.of(header),
        root.child("Request"),
        payload.flatMap(p -> p.children().stream().findFirst()));
  }

  /** Whether a root is a message's. */
  public static boolean isMessage(Element root) {
    return (root.namespace().equals(Cim.MESSAGE) || root.namespace().isEmpty())
        && (root.name().equals("RequestMessage")
            || root.name().equals("EventMessage")
            || root.name().equals("ResponseMessage"));
  }

  /**
   * The payload, which must be of the header's noun.
   *
   * @throws CimException where it is not
   */
  public Element needed() throws CimException {
    return payload
        .filter(p -> p.name().equals(header.noun()))
        .orElseThrow(() ->
            new CimException(
                CimException.Code.CONTENT,
                "the Payload does not hold a " + header.noun() + ", which the Noun names"));
  }
}

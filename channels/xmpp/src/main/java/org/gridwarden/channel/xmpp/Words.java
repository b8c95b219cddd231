package org.gridwarden.channel.xmpp;

import java.util.Base64;
import java.util.Optional;
import org.gridwarden.core.Fault;
import org.gridwarden.message.Secured;

/** The names and stanzas of this protocol. Pure functions. */
final class Words {
  /** Of all that is ours. */
  static final String OURS = "urn:gridwarden:xmpp:1";

  /** Of a component's stream (XEP-0114). */
  static final String COMPONENT = "jabber:component:accept";

  static final String PING = "urn:xmpp:ping";
  static final String DISCO = "http://jabber.org/protocol/disco#info";
  static final String PUBSUB = "http://jabber.org/protocol/pubsub";
  static final String PUBSUB_EVENT = PUBSUB + "#event";
  static final String ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";
  static final String SECURED = "secured";
  private static final int LONGEST_REMEDY = 200;

  private Words() {}

  static Element stanza(String name, String type) {
    return Element.of(COMPONENT, name).with("type", type);
  }

  /** A secured message: a COSE message in base64 (RFC 4648, clause 4). */
  static Element secured(byte[] message) {
    return Element.of(OURS, SECURED).saying(Base64.getEncoder().encodeToString(message));
  }

  /**
   * The bytes of such an element.
   *
   * @return empty where it is no base64, or longer than a message may be
   */
  static Optional<byte[]> message(Element secured) {
    String text = secured.text().strip();
    if (!secured.children().isEmpty() || text.length() > (Secured.LONGEST + 2) / 3 * 4) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The answer to a question: from where it was asked to who asked. */
  static Element answer(Element question, String type) {
    Element answer = stanza("iq", type);
    for (String[] turned : new String[][] {{"id", "id"}, {"from", "to"}, {"to", "from"}}) {
      Optional<String> value = question.attribute(turned[0]);
      if (value.isPresent()) {
        answer = answer.with(turned[1], value.get());
      }
    }
    return answer;
  }

  /**
   * An answer that says what is wrong (RFC 6120, 8.3).
   *
   * @param type what to do: {@code wait} and send again, {@code modify}, {@code auth}, or {@code
   *     cancel}
   */
  static Element error(Element question, String type, String condition, String remedy) {
    Element error =
        Element.of(COMPONENT, "error").with("type", type).with(Element.of(ERRORS, condition));
    if (!remedy.isEmpty()) {
      error =
          error.with(
              Element.of(ERRORS, "text")
                  .saying(remedy.substring(0, Math.min(remedy.length(), LONGEST_REMEDY))));
    }
    return answer(question, "error").with(error);
  }

  /** A fault as a stanza's error. */
  static Element error(Element question, Fault fault) {
    String said = fault.where() + ": " + fault.remedy();
    return switch (fault.code()) {
      case MALFORMED -> error(question, "modify", "bad-request", said);
      case UNAUTHENTICATED, FORBIDDEN -> error(question, "auth", "forbidden", said);
      case REPLAYED, CONFLICT -> error(question, "cancel", "conflict", said);
      case UNKNOWN_METER -> error(question, "wait", "item-not-found", said);
      case BUSY, TIMEOUT -> error(question, "wait", "resource-constraint", said);
      case INTERNAL -> error(question, "wait", "internal-server-error", said);
    };
  }
}

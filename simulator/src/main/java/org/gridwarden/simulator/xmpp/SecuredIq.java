package org.gridwarden.simulator.xmpp;

import java.io.IOException;
import java.util.Base64;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.parsing.SmackParsingException;
import org.jivesoftware.smack.provider.IQProvider;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;

/** A question whose one element is a secured message in base64. */
final class SecuredIq extends IQ {
  static final String NAMESPACE = "urn:gridwarden:xmpp:1";
  static final String ELEMENT = "secured";

  private final byte[] message;

  SecuredIq(byte[] message) {
    super(ELEMENT, NAMESPACE);
    this.message = message.clone();
    setType(Type.set);
  }

  byte[] message() {
    return message.clone();
  }

  static String base64(byte[] message) {
    return Base64.getEncoder().encodeToString(message);
  }

  @Override
  protected IQChildElementXmlStringBuilder getIQChildElementBuilder(
      IQChildElementXmlStringBuilder xml) {
    xml.rightAngleBracket();
    xml.append(base64(message));
    return xml;
  }

  /** Reads one that came. */
  static final class Provider extends IQProvider<SecuredIq> {
    @Override
    public SecuredIq parse(XmlPullParser parser, int initialDepth, XmlEnvironment environment)
        throws XmlPullParserException, IOException, SmackParsingException {
      String text = parser.nextText();
      try {
        return new SecuredIq(Base64.getDecoder().decode(text.strip()));
      } catch (IllegalArgumentException e) {
        throw new SmackParsingException("an order is no base64: " + e.getMessage());
      }
    }
  }
}

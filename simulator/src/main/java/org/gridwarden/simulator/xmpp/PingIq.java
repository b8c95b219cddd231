package org.gridwarden.simulator.xmpp;

import java.io.IOException;
import org.jivesoftware.smack.iqrequest.AbstractIqRequestHandler;
import org.jivesoftware.smack.iqrequest.IQRequestHandler.Mode;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.IQProvider;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;

/**
 * Whether somebody is there (XEP-0199). What Smack 4.4.8 says by itself to a question that it does
 * not know is not well-formed, and ends the stream.
 */
final class PingIq extends IQ {
  static final String ELEMENT = "ping";
  static final String NAMESPACE = "urn:xmpp:ping";

  PingIq() {
    super(ELEMENT, NAMESPACE);
  }

  @Override
  protected IQChildElementXmlStringBuilder getIQChildElementBuilder(
      IQChildElementXmlStringBuilder xml) {
    xml.setEmptyElement();
    return xml;
  }

  /** Reads one that came. */
  static final class Provider extends IQProvider<PingIq> {
    @Override
    public PingIq parse(XmlPullParser parser, int initialDepth, XmlEnvironment environment)
        throws XmlPullParserException, IOException {
      return new PingIq();
    }
  }

  /** It is. */
  static final class Answer extends AbstractIqRequestHandler {
    Answer() {
      super(ELEMENT, NAMESPACE, Type.get, Mode.async);
    }

    @Override
    public IQ handleIQRequest(IQ question) {
      return IQ.createResultIQ(question);
    }
  }
}

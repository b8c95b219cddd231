package org.gridwarden.channel.xmpp;

/** The other end of a stream does not speak XMPP as it should, or has refused to go on. */
final class XmppException extends Exception {
  private static final long serialVersionUID = 1L;

  XmppException(String what) {
    super(what);
  }
}

package org.gridwarden.dlms;

/**
 * Which encryption key protects an APDU (IEC 62056-5-3, clause 9.2.3.4.4 and 9.2.7.2): each has its
 * own invocation counters. The authentication key is one for all.
 */
public enum KeyUse {
  /** The global unicast encryption key: glo- services, general-glo, identified key 0. */
  UNICAST("global encryption key"),
  /** The global broadcast encryption key: to many meters at once; identified key 1. */
  BROADCAST("global broadcast encryption key"),
  /** An association's own key, from its initiate: ded- services, general-ded. */
  DEDICATED("dedicated key"),
  /** A key made for one message of general-ciphering: wrapped or agreed. */
  ONE_MESSAGE("message's own key");

  private final String words;

  KeyUse(String words) {
    this.words = words;
  }

  /** For a message to a person. */
  String words() {
    return words;
  }
}

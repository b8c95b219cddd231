package org.gridwarden.exchange.cim;

/** The namespaces of messages. */
final class Cim {
  /** The envelope, IEC 61968-100. */
  static final String MESSAGE = "http://iec.ch/TC57/2011/schema/message";

  private Cim() {}

  /** The namespace of a payload of IEC 61968-9, second edition. */
  static String of(String noun) {
    return "http://iec.ch/TC57/2011/" + noun + "#";
  }
}

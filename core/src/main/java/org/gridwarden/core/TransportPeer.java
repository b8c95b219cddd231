package org.gridwarden.core;

import java.util.Arrays;
import java.util.Optional;

/**
 * Who stands at the other end of a connection, as its certificate or its shared key proves.
 *
 * @param kind what it is
 * @param name a meter's id, or a concentrator's name; of the same letters
 * @param systemTitle a meter's 8-byte DLMS system title; empty where the certificate states none
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record TransportPeer(Kind kind, MeterId name, byte[] systemTitle) {
  /** What may connect to a device port. */
  public enum Kind {
    METER,
    /** Brings other meters' messages along. */
    CONCENTRATOR
  }

  public TransportPeer {
    systemTitle = systemTitle.clone();
  }

  @Override
  public byte[] systemTitle() {
    return systemTitle.clone();
  }

  /**
   * Whether what a message says of its meter fits (C22). A meter speaks for itself alone; a
   * concentrator for any meter whose own keys stand behind the message.
   *
   * @param underItsKeys whether the message must prove the meter's keys
   */
  public boolean speaksFor(MeterId meter, boolean underItsKeys) {
    return kind == Kind.METER ? name.equals(meter) : underItsKeys;
  }

  /** The same where a meter's system title alone is known. */
  public boolean speaksForTitle(byte[] title) {
    return kind == Kind.CONCENTRATOR || Arrays.equals(systemTitle, title);
  }

  /** The meter at the other end itself; empty at a concentrator. */
  public Optional<MeterId> meter() {
    return kind == Kind.METER ? Optional.of(name) : Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TransportPeer that
        && kind == that.kind
        && name.equals(that.name)
        && Arrays.equals(systemTitle, that.systemTitle);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return (kind == Kind.METER ? "meter " : "concentrator ") + name;
  }
}

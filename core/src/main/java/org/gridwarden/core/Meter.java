package org.gridwarden.core;

import java.time.ZoneId;
import java.util.Arrays;

/**
 * What a channel must know of a meter.
 *
 * @param id its name in the office
 * @param serial the maker's number
 * @param systemTitle its 8-byte DLMS system title; empty where it has none
 * @param profile which profile file describes its layouts and quirks
 * @param zone where its civil days are cut
 * @param state whether it is in service
 * @param policy what security its pushes must have, and what is read of it, too
 * @param reach how the office reaches it
 * @param signing in which form it has operators' signatures checked
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record Meter(
    MeterId id,
    String serial,
    byte[] systemTitle,
    String profile,
    ZoneId zone,
    State state,
    PushPolicy policy,
    Reach reach,
    Signing signing) {
  /** In service, or put aside: a quarantined meter's data is kept and held. */
  public enum State {
    ACTIVE,
    QUARANTINED,
    RETIRED
  }

  /** The least security that a push must have to be taken. */
  public enum PushPolicy {
    /** Encrypted and authenticated. */
    AUTHENTICATED,
    /** Encrypted is enough; such a push is marked and never billed alone. */
    ENCRYPTED,
    /** Even a plain push is taken, as from a customer port; marked likewise. */
    PLAIN
  }

  public Meter {
    systemTitle = systemTitle.clone();
  }

  /** A meter with a command desk, behind the last gate, or that is given no commands. */
  public Meter(
      MeterId id,
      String serial,
      byte[] systemTitle,
      String profile,
      ZoneId zone,
      State state,
      PushPolicy policy,
      Reach reach) {
    this(id, serial, systemTitle, profile, zone, state, policy, reach, Signing.COSE);
  }

  /** A meter that only pushes. */
  public Meter(
      MeterId id,
      String serial,
      byte[] systemTitle,
      String profile,
      ZoneId zone,
      State state,
      PushPolicy policy) {
    this(id, serial, systemTitle, profile, zone, state, policy, Reach.NONE);
  }

  @Override
  public byte[] systemTitle() {
    return systemTitle.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Meter that
        && id.equals(that.id)
        && serial.equals(that.serial)
        && Arrays.equals(systemTitle, that.systemTitle)
        && profile.equals(that.profile)
        && zone.equals(that.zone)
        && state == that.state
        && policy == that.policy
        && reach.equals(that.reach)
        && signing == that.signing;
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }
}

package org.gridwarden.channel.zigbee;

import org.gridwarden.core.MeterId;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a device.
 *
 * @param address in the network; {@link #NOWHERE} before it joined
 * @param meter which meter it is; null where an operator has not said
 * @param multiplier by which its raw energy is multiplied, and
 * @param divisor by which it is divided, to be kilowatt-hours
 * @param deciVolts how many tenths of a volt its raw voltage's unit is; 0 where it tells none
 * @param reports whether it was told how often to report
 * @param status its metering status, as last told
 */
record Known(
    Eui64 eui64,
    State state,
    int address,
    @Nullable MeterId meter,
    int multiplier,
    int divisor,
    int deciVolts,
    boolean reports,
    int status) {
  static final int NOWHERE = 0xFFFE;

  /** Where it stands. */
  enum State {
    /** It knocked, and nobody knows it. */
    UNKNOWN,
    /** An operator gave its install code. */
    EXPECTED,
    /** It is in the network. */
    JOINED,
    /** It left, or was sent away. */
    LEFT
  }

  static Known unknown(Eui64 eui64) {
    return new Known(eui64, State.UNKNOWN, NOWHERE, null, 0, 0, 0, false, 0);
  }

  Known expected(MeterId as) {
    return new Known(eui64, State.EXPECTED, NOWHERE, as, 0, 0, 0, false, 0);
  }

  Known joined(int at) {
    return new Known(eui64, State.JOINED, at, meter, multiplier, divisor, deciVolts, false, status);
  }

  Known left() {
    return new Known(
        eui64, State.LEFT, NOWHERE, meter, multiplier, divisor, deciVolts, false, status);
  }

  Known reporting(int by, int over, int volts) {
    return new Known(eui64, state, address, meter, by, over, volts, true, status);
  }

  Known status(int now) {
    return new Known(eui64, state, address, meter, multiplier, divisor, deciVolts, reports, now);
  }

  boolean inside() {
    return state == State.JOINED && meter != null;
  }
}

package org.gridwarden.dlms.companion;

import org.gridwarden.cosem.ObisCode;

/**
 * A meter's clock (IEC 62056-6-2, class 8).
 *
 * @param object its logical name
 * @param correction how it is set right by a little
 */
public record ClockObject(ObisCode object, Correction correction) {
  /** How a clock is set right. */
  public enum Correction {
    /** By method 6, shift_time. */
    SHIFT,
    /** By writing attribute 2, time. */
    SET
  }
}

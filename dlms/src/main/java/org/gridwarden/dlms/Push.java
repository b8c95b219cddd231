package org.gridwarden.dlms;

import java.util.List;
import java.util.Optional;

/**
 * What a layout makes of a push.
 *
 * @param layout the name of the layout that matched
 * @param clock when the meter says it is: the push's own clock, else the notification's date-time;
 *     {@link CosemDateTime#UNSPECIFIED} where there is neither
 * @param status the push's own status, unsigned; -1 where there is none
 * @param values the values in their order
 */
public record Push(String layout, CosemDateTime clock, long status, List<PushValue> values) {
  public Push {
    values = List.copyOf(values);
  }

  /** The meter's serial number, where the push names it. */
  public Optional<String> serial() {
    for (PushValue value : values) {
      if (value.role() == Role.SERIAL) {
        return Optional.of(value.text());
      }
    }
    return Optional.empty();
  }
}

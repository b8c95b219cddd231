package org.gridwarden.core;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a meter says of how it is set up: attributes by their names, {@code OBIS:class:attribute},
 * with their values as they are encoded on the wire; none where the meter refuses one.
 *
 * @param objects what an operator may set
 * @param calibration what turns pulses into energy
 * @param firmware which firmware it says it runs
 */
@SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
public record Configuration(
    Map<String, byte[]> objects, Map<String, byte[]> calibration, Optional<String> firmware) {
  public Configuration {
    objects = Map.copyOf(new HashMap<>(objects));
    calibration = Map.copyOf(new HashMap<>(calibration));
  }
}

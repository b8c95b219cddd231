package org.gridwarden.mdm.vee;

import java.time.Instant;
import java.util.List;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reading;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Timeline;
import org.gridwarden.store.Readings;
import org.gridwarden.store.SlotVersions;

/**
 * What the store knows of a meter besides its curve: the readings of the register that counts what
 * the curve's slots hold. Thread-safe.
 */
final class StoredContext {
  /** Group D of an interval's energy, and of the register that counts it (DLMS UA 1000-1, 7.5). */
  private static final int INTERVAL = 29;

  private static final int REGISTER = 8;

  private final Readings readings;

  StoredContext(Readings readings) {
    this.readings = readings;
  }

  Context of(MeterId meter, SlotVersions.Channel channel, Curve curve) {
    ObisCode slots = channel.obis();
    if (slots.d() != INTERVAL) {
      return Context.NONE;
    }
    ObisCode register =
        ObisCode.of(slots.a(), slots.b(), slots.c(), REGISTER, slots.e(), slots.f());
    Timeline time = curve.time();
    // the reading on the last day's end is that day's, too
    Instant after = time.startOf(0).plusSeconds((long) time.slots() * time.stepSeconds() + 1);
    try (var found = readings.registers(meter, register, time.startOf(0), after)) {
      List<Reading> counted =
          found.filter(r -> r.value().unit() == Unit.WATT_HOUR && r.quality() >= 0).toList();
      if (counted.size() < 2) {
        return Context.NONE;
      }
      double step = Math.pow(10, counted.getLast().value().scaler()) / 1000;
      return Context.NONE.withRegisters(
          counted.stream()
              .map(r -> new Context.Register(r.at(), r.value().decimal().doubleValue() / 1000))
              .toList(),
          0,
          step);
    }
  }
}

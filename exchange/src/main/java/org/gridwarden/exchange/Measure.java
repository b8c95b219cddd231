package org.gridwarden.exchange;

import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;

/**
 * What is measured over an interval, as three vocabularies say it: OBIS here; unit and flow
 * direction, by the same codes, in ESPI and in IEC 61968-9.
 *
 * @param channel under which channel intervals of it are stored
 * @param unit in which unit
 * @param uom the unit's code: 72 Wh, 73 varh, 71 VAh
 * @param flow the direction's code: 1 forward (delivered), 19 reverse (received), 4 net, 20 total
 * @param words what people call it
 */
public record Measure(ObisCode channel, Unit unit, int uom, int flow, String words) {
  private static final List<Measure> ALL =
      List.of(
          energy(1, Unit.WATT_HOUR, 72, 1, "Energy delivered"),
          energy(2, Unit.WATT_HOUR, 72, 19, "Energy received"),
          energy(15, Unit.WATT_HOUR, 72, 20, "Energy, both directions"),
          energy(16, Unit.WATT_HOUR, 72, 4, "Energy, net"),
          energy(3, Unit.VAR_HOUR, 73, 1, "Reactive energy delivered"),
          energy(4, Unit.VAR_HOUR, 73, 19, "Reactive energy received"),
          energy(9, Unit.VOLT_AMPERE_HOUR, 71, 1, "Apparent energy delivered"),
          energy(10, Unit.VOLT_AMPERE_HOUR, 71, 19, "Apparent energy received"));

  /** Active energy that is delivered, which is meant where nothing is said. */
  public static final Measure DELIVERED = ALL.getFirst();

  private static Measure energy(int c, Unit unit, int uom, int flow, String words) {
    return new Measure(ObisCode.of(1, 0, c, 29, 0, 255), unit, uom, flow, words);
  }

  /** What a stored channel measures; empty where nobody else has words for it. */
  public static Optional<Measure> of(ObisCode channel, Unit unit) {
    return ALL.stream()
        .filter(m -> channel.a() == 1 && m.channel.c() == channel.c() && m.unit == unit)
        .findFirst();
  }

  /** What two codes mean; a direction that is not said (0) is delivered. */
  public static Optional<Measure> of(int uom, int flow) {
    int direction = flow == 0 ? 1 : flow;
    return ALL.stream().filter(m -> m.uom == uom && m.flow == direction).findFirst();
  }
}

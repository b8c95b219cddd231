package org.gridwarden.simulator.zigbee.meter;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * The supply as Metering's own ChangeSupply switches it. A meter with a tunnel refuses that: it
 * obeys signed orders alone. On the model's thread only.
 */
final class SupplySwitch implements MeterCluster {
  static final int CHANGE_SUPPLY = 0x0B;
  static final int SUPPLY_STATUS = 0x0C;
  private static final int STATUS_ATTRIBUTE = 0x0014;
  private static final int NOT_AUTHORIZED = 0x7E;
  private static final int LENGTH = 18;
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final Timeline time;
  private final Supplier<Instant> clock;
  private final MeterValues values;
  private final BooleanSupplier obeys;
  private final Consumer<Zcl> answer;
  private Timeline.@Nullable Due next;
  private long latest;

  /**
   * @param obeys whether it does as it is told by whoever has the link key
   * @param answer goes back by the same cluster
   */
  SupplySwitch(
      Timeline time,
      Supplier<Instant> clock,
      MeterValues values,
      BooleanSupplier obeys,
      Consumer<Zcl> answer) {
    this.time = time;
    this.clock = clock;
    this.values = values;
    this.obeys = obeys;
    this.answer = answer;
  }

  @Override
  public boolean take(int cluster, Zcl zcl) {
    if (cluster != SmartEnergyMeter.METERING
        || !zcl.cluster()
        || zcl.fromServer()
        || zcl.command() != CHANGE_SUPPLY) {
      return false;
    }
    if (!obeys.getAsBoolean() || zcl.payload().length != LENGTH) {
      byte[] refused = {
        (byte) zcl.command(), (byte) (obeys.getAsBoolean() ? 0x80 : NOT_AUTHORIZED) // malformed
      };
      answer.accept(new Zcl(false, true, zcl.sequence(), Zcl.DEFAULT_RESPONSE, refused));
      return true;
    }
    byte[] all = zcl.payload();
    long event = Zcl.number(all, 4, 4);
    if (event < latest) {
      return true; // overtaken by a later one
    }
    latest = event;
    long when = Zcl.number(all, 12, 4);
    long wait =
        when == 0
            ? 0
            : Math.max(0, Duration.between(clock.get(), EPOCH.plusSeconds(when)).toNanos() / 1_000);
    if (next != null) {
      next.cancel();
    }
    next = time.after(wait, () -> change(zcl));
    return true;
  }

  private void change(Zcl zcl) {
    byte[] all = zcl.payload();
    int wanted = all[16] & 0xFF;
    if (wanted <= MeterValues.ON) {
      values.supply(wanted);
    }
    if ((all[17] & 1) != 0) { // to be acknowledged
      byte[] status =
          new Zcl.Out()
              .number(4, Zcl.number(all, 0, 4))
              .number(4, Zcl.number(all, 4, 4))
              .number(4, clock.get().getEpochSecond() - EPOCH.getEpochSecond())
              .number(1, values.supply())
              .done();
      answer.accept(new Zcl(true, true, zcl.sequence(), SUPPLY_STATUS, status));
    }
  }

  @Override
  public Optional<Attribute> attribute(int cluster, int id) {
    return cluster == SmartEnergyMeter.METERING && id == STATUS_ATTRIBUTE
        ? Optional.of(Attribute.enum8(values.supply()))
        : Optional.empty();
  }
}

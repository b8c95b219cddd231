package org.gridwarden.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.objects.CommandDesk;

/**
 * Lays out what a meter of the street tells. A momentary or slot push is a structure of the clock,
 * the status and a structure {OBIS, value, {scaler, unit}} for each value; a profile push is a
 * structure of the profile's OBIS and an array of rows {clock at the interval's end, status, Wh}.
 */
final class PushBodies {
  static final ObisCode INTERVAL = ObisCode.parse("1.0.1.29.0.255");
  static final ObisCode REGISTER = ObisCode.parse("1.0.1.8.0.255");
  static final ObisCode EXPORT = ObisCode.parse("1.0.2.8.0.255");
  static final ObisCode REACTIVE = ObisCode.parse("1.0.3.8.0.255");
  static final ObisCode DEMAND = ObisCode.parse("1.0.1.5.0.255");
  static final ObisCode POWER = ObisCode.parse("1.0.1.7.0.255");
  static final ObisCode VOLTAGE = ObisCode.parse("1.0.32.7.0.255");
  static final ObisCode CURRENT = ObisCode.parse("1.0.31.7.0.255");
  static final ObisCode POWER_FACTOR = ObisCode.parse("1.0.13.7.0.255");
  static final ObisCode PROFILE = ObisCode.parse("1.0.99.1.0.255");

  private static final ObisCode STANDARD_EVENT = ObisCode.parse("0.0.96.11.0.255");
  private static final ObisCode FRAUD_EVENT = ObisCode.parse("0.0.96.11.1.255");
  private static final ObisCode POWER_QUALITY_EVENT = ObisCode.parse("0.0.96.11.4.255");

  /** What happens now and then; sags more often than opened covers. */
  private static final List<Happening> HAPPENINGS =
      List.of(
          new Happening(POWER_QUALITY_EVENT, 76), // under-voltage L1
          new Happening(POWER_QUALITY_EVENT, 76),
          new Happening(POWER_QUALITY_EVENT, 79), // over-voltage L1
          new Happening(STANDARD_EVENT, 2), // power up
          new Happening(STANDARD_EVENT, 5), // clock adjusted
          new Happening(FRAUD_EVENT, 40), // terminal cover removed
          new Happening(FRAUD_EVENT, 44)); // meter cover removed

  private static final ObisCode ALARMS = ObisCode.parse("0.0.97.98.0.255");

  /** A correction is less than that. */
  private static final Duration MOST_CORRECTED = Duration.ofMinutes(30);

  private static final DlmsData GOOD = new DlmsData.Unsigned8(0);

  private final VirtualMeter meter;
  private final ZoneId zone;
  private final Senses senses;
  private Instant lastStamp = Instant.MIN;

  private record Happening(ObisCode log, int code) {}

  PushBodies(VirtualMeter meter, ZoneId zone) {
    this(meter, zone, Senses.none());
  }

  PushBodies(VirtualMeter meter, ZoneId zone, Senses senses) {
    this.meter = meter;
    this.zone = zone;
    this.senses = senses;
  }

  /** When the quarter-hour began in which a moment lies. */
  Instant slotStart(Instant at) {
    long seconds = at.getEpochSecond();
    return Instant.ofEpochSecond(seconds - Math.floorMod(seconds, LoadCurve.QUARTER));
  }

  /** Where the civil day begins whose last slot ends then, or the oldest moment where later. */
  Instant profileStart(Instant end, Instant oldest) {
    Instant day = end.minusSeconds(1).atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
    return day.isBefore(oldest) ? oldest : day;
  }

  /** What the meter measures just now. */
  Push momentary(Instant now) {
    Instant at = stamp(now);
    return values(at, measured(at));
  }

  /** The same as values. */
  List<Confirmed.Value> measured(Instant at) {
    LoadCurve curve = meter.curve();
    Dice dice = meter.dice().of(at.getEpochSecond());
    long volts = TamperRule.volts(2_300 + dice.of(1).between(-35, 35), senses);
    long power = curve.watts(at, dice.of(2).between(94, 106));
    TamperRule.Seen seen = TamperRule.seen(power, senses);
    long factor = dice.of(3).between(880, 990);
    // P = U * I * cos phi: W * 10^6 / (0.1 V * 10^-3) gives hundredths of an ampere
    long current = Math.abs(seen.phase()) * 1_000_000 / (volts * factor);
    long energy = curve.register(really(at));
    Instant slot = slotStart(at);
    return List.of(
        new Confirmed.Value(REGISTER, at, energy, 0),
        new Confirmed.Value(EXPORT, at, meter.roof().register(at), 0),
        new Confirmed.Value(REACTIVE, at, energy * reactivePercent() / 100, 0),
        new Confirmed.Value(
            DEMAND, at, curve.wattHours(slot.minusSeconds(LoadCurve.QUARTER)) * 4L, 0),
        new Confirmed.Value(POWER, at, seen.billed(), 0),
        new Confirmed.Value(VOLTAGE, at, volts, -1),
        new Confirmed.Value(CURRENT, at, current, -2),
        new Confirmed.Value(POWER_FACTOR, at, factor, -3));
  }

  /** Reactive energy as a share of the active: a household's motors and supplies, as a model. */
  private int reactivePercent() {
    return meter.dice().of(7).between(15, 45);
  }

  /** The slot that ended then, with the register at its end. */
  Push slot(Instant end) {
    Instant begin = end.minusSeconds(LoadCurve.QUARTER);
    Push push =
        values(
            end,
            List.of(
                new Confirmed.Value(INTERVAL, end, meter.curve().wattHours(begin), 0),
                new Confirmed.Value(REGISTER, end, meter.curve().register(end), 0)));
    return new Push(push.body(), List.of(slots(begin, end), push.facts().getLast()));
  }

  /** All slots from one moment to another, at most a day of them. */
  Push profile(Instant begin, Instant end) {
    Confirmed.Slots slots = slots(begin, end);
    List<DlmsData> rows = new ArrayList<>();
    Instant rowEnd = begin;
    for (int wattHours : slots.values()) {
      rowEnd = rowEnd.plusSeconds(LoadCurve.QUARTER);
      rows.add(
          DlmsData.Structure.of(clock(rowEnd), GOOD, new DlmsData.DoubleLongUnsigned(wattHours)));
    }
    return new Push(
        DlmsData.Structure.of(DlmsData.OctetString.of(PROFILE), DlmsData.Array.of(rows)),
        List.of(slots));
  }

  /**
   * Something that happened, by the event object it belongs to (Blue Book, clause 6.2.28) and the
   * codes that IDIS meters use.
   */
  Push event(Instant now, Dice dice) {
    Happening what = HAPPENINGS.get(dice.of(1).below(HAPPENINGS.size()));
    return event(now, what.log(), what.code());
  }

  /** Something that happened. */
  Push event(Instant now, ObisCode log, int code) {
    Instant at = stamp(now);
    DlmsData body =
        DlmsData.Structure.of(
            clock(at),
            GOOD,
            DlmsData.Structure.of(
                DlmsData.OctetString.of(log),
                new DlmsData.Unsigned8(code),
                DlmsData.Structure.of(
                    new DlmsData.Integer8(0), new DlmsData.Enumerated(Unit.COUNT.code()))));
    return new Push(body, List.of(new Confirmed.Event(log, at, code)));
  }

  /** What the meter signed of a day. */
  Push signed(Instant now, byte[] signed) {
    DlmsData body =
        DlmsData.Structure.of(
            clock(stamp(now)),
            GOOD,
            DlmsData.Structure.of(
                DlmsData.OctetString.of(CommandDesk.SIGNED_DAY),
                DlmsData.OctetString.of(signed),
                DlmsData.Structure.of(
                    new DlmsData.Integer8(0), new DlmsData.Enumerated(Unit.COUNT.code()))));
    return new Push(body, List.of());
  }

  private Confirmed.Slots slots(Instant begin, Instant end) {
    List<Integer> values = new ArrayList<>();
    for (Instant t = begin; t.isBefore(end); t = t.plusSeconds(LoadCurve.QUARTER)) {
      values.add(meter.curve().wattHours(really(t)));
    }
    return new Confirmed.Slots(INTERVAL, begin, LoadCurve.QUARTER, values);
  }

  private Push values(Instant at, List<Confirmed.Value> values) {
    List<DlmsData> body = new ArrayList<>();
    body.add(clock(at));
    body.add(GOOD);
    for (Confirmed.Value value : values) {
      body.add(
          DlmsData.Structure.of(
              DlmsData.OctetString.of(value.channel()),
              new DlmsData.DoubleLongUnsigned(value.raw()),
              DlmsData.Structure.of(
                  new DlmsData.Integer8(value.scaler()),
                  new DlmsData.Enumerated(unit(value.channel()).code()))));
    }
    long alarms = senses.register();
    if (alarms != 0) {
      body.add(
          DlmsData.Structure.of(
              DlmsData.OctetString.of(ALARMS),
              new DlmsData.DoubleLongUnsigned(alarms),
              DlmsData.Structure.of(
                  new DlmsData.Integer8(0), new DlmsData.Enumerated(Unit.COUNT.code()))));
    }
    return new Push(DlmsData.Structure.of(body), List.copyOf(values));
  }

  /** Where the meter's clock was set back, energy flows at another time than it says. */
  private Instant really(Instant shown) {
    return shown.plus(senses.behind());
  }

  static Unit unit(ObisCode channel) {
    return switch (channel.c()) {
      case 1 -> channel.d() == 7 || channel.d() == 5 ? Unit.WATT : Unit.WATT_HOUR;
      case 2 -> Unit.WATT_HOUR;
      case 3 -> Unit.VAR_HOUR;
      case 32 -> Unit.VOLT;
      case 31 -> Unit.AMPERE;
      default -> Unit.COUNT;
    };
  }

  private DlmsData clock(Instant at) {
    return DlmsData.OctetString.of(CosemDateTime.of(at, zone));
  }

  /** Whole seconds, and never the same twice, also where the meter's clock is corrected. */
  private Instant stamp(Instant now) {
    Instant at = now.truncatedTo(ChronoUnit.SECONDS);
    if (at.plus(MOST_CORRECTED).isBefore(lastStamp)) {
      lastStamp = Instant.MIN; // somebody set it back, and means it
    }
    lastStamp = at.isAfter(lastStamp) ? at : lastStamp.plusSeconds(1);
    return lastStamp;
  }
}

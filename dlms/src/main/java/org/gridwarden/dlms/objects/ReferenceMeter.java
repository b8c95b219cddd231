package org.gridwarden.dlms.objects;

import static org.gridwarden.dlms.objects.ReferenceObjects.NO_STATUS;
import static org.gridwarden.dlms.objects.ReferenceObjects.ZERO;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * A whole electricity meter with the classes of this package: energy by tariff, maximum demand,
 * load, daily and monthly profiles, an event log, a relay, push. What flows comes from an {@link
 * EnergySource}; the load and daily profiles are made from it when they are read, so that a meter
 * takes a few kilobytes and has a past from its first moment.
 *
 * <p>Who owns it calls {@link #clockwork} run now and then, and adds further objects before it
 * makes a device of {@link #all}. Thread-safe as its objects are.
 */
public final class ReferenceMeter {
  /** One day of quarters. */
  public static final int ROWS = 96;

  private static final int QUARTER = 900;
  private static final int DAY = 86_400;
  private static final int DAYS = 31;
  private static final int BILLINGS = 13;
  private static final int EVENTS = 100;
  private static final int WH_TO_W = 3_600;
  private static final int MONITORED_EVERY = 10;
  private static final Duration LONGEST_CATCH_UP = Duration.ofDays(40);
  private static final DlmsData FIRMWARE = new DlmsData.VisibleString("1.0.0");
  private static final DlmsData VOLTS_230 = new DlmsData.LongUnsigned(2_300);
  // as IDIS numbers them
  private static final int REMOTE_DISCONNECTION = 62;
  private static final int REMOTE_CONNECTION = 63;

  private final Setup setup;
  private final DeviceObjects objects = new DeviceObjects();
  private final Clock clock;
  private final Clockwork clockwork;
  private final DisconnectControl relay;
  private final PushSetup push;
  private final Variable eventCode = new Variable(NO_STATUS);
  private final ProfileGeneric eventLog;

  /**
   * What a meter is.
   *
   * @param name the logical device name, of which the last part is the serial number; up to 16
   *     characters
   * @param time the true time
   * @param zone of its clock
   * @param rows of the load profile, from 1
   * @param relay told when the premises are connected or disconnected
   * @param sender of its pushes
   */
  public record Setup(
      String name,
      InstantSource time,
      ZoneId zone,
      EnergySource energy,
      int rows,
      Consumer<Boolean> relay,
      PushSetup.Sender sender) {
    /** A meter that pushes nowhere and keeps a day of quarters. */
    public static Setup of(String name, InstantSource time, ZoneId zone, EnergySource energy) {
      return new Setup(
          name,
          time,
          zone,
          energy,
          ROWS,
          connected -> {},
          (destination, notification) -> PushSetup.Sent.FAILED);
    }

    /** With a load profile of so many rows. */
    public Setup rows(int changed) {
      return new Setup(name, time, zone, energy, changed, relay, sender);
    }

    /** With somebody who is told of the relay. */
    public Setup relay(Consumer<Boolean> changed) {
      return new Setup(name, time, zone, energy, rows, changed, sender);
    }

    /** With somebody who sends its pushes. */
    public Setup sender(PushSetup.Sender changed) {
      return new Setup(name, time, zone, energy, rows, relay, changed);
    }
  }

  /** Builds the meter; its clock is right. */
  public ReferenceMeter(Setup setup) {
    this.setup = setup;
    this.clock =
        objects.add(new Clock(ReferenceObjects.CLOCK, setup.time(), setup.zone(), () -> QUARTER));
    DlmsData.VisibleString name = new DlmsData.VisibleString(setup.name());
    objects.add(new Data(ReferenceObjects.DEVICE_NAME, () -> name));
    objects.add(new Data(ReferenceObjects.SERIAL, () -> name));
    objects.add(new Data(ReferenceObjects.FIRMWARE, () -> FIRMWARE));
    objects.add(new Data(ReferenceObjects.EVENT_CODE, eventCode));
    objects.add(
        new Register(
            ReferenceObjects.IMPORTED,
            () -> count(imported(clock.trueTime())),
            ReferenceObjects.WATT_HOURS));
    objects.add(
        new Register(
            ReferenceObjects.EXPORTED,
            () -> count(setup.energy().exported(clock.trueTime())),
            ReferenceObjects.WATT_HOURS));
    objects.add(
        new Register(
            ReferenceObjects.POWER,
            () -> count(setup.energy().power(clock.trueTime())),
            ReferenceObjects.WATTS));
    objects.add(
        new Register(ReferenceObjects.VOLTAGE, () -> VOLTS_230, ReferenceObjects.DECIVOLTS));
    tariffs();
    DemandRegister demand = demand();
    profiles();
    this.eventLog =
        objects.add(
            new ProfileGeneric(
                ReferenceObjects.EVENT_LOG,
                clock,
                objects,
                ReferenceObjects.EVENT_COLUMNS,
                0,
                SortMethod.FIFO,
                CaptureObject.NONE,
                EVENTS));
    this.relay = objects.add(new DisconnectControl(ReferenceObjects.RELAY, this::switched));
    this.push =
        objects.add(
            new PushSetup(
                ReferenceObjects.PUSH,
                0,
                clock,
                objects,
                ReferenceObjects.PUSHED,
                ReferenceObjects.NOWHERE,
                setup.sender(),
                new SplittableRandom(setup.name().hashCode())));
    objects.add(
        new CompactData(ReferenceObjects.COMPACT, objects, ReferenceObjects.COMPACTED, 1, true));
    this.clockwork = new Clockwork(clock, timed(demand), LONGEST_CATCH_UP);
  }

  private long imported(Instant trueTime) {
    return setup.energy().imported(trueTime);
  }

  private static DlmsData count(long value) {
    return new DlmsData.DoubleLongUnsigned(value & 0xFFFF_FFFFL);
  }

  private void tariffs() {
    long total = imported(clock.trueTime());
    TariffCounter first =
        new TariffCounter(() -> imported(clock.trueTime()), total - total / 3, true);
    TariffCounter second = new TariffCounter(() -> imported(clock.trueTime()), total / 3, false);
    objects.add(new Register(ReferenceObjects.IMPORTED_1, first, ReferenceObjects.WATT_HOURS));
    objects.add(new Register(ReferenceObjects.IMPORTED_2, second, ReferenceObjects.WATT_HOURS));
    RegisterActivation activation =
        objects.add(
            new RegisterActivation(
                ReferenceObjects.ACTIVATION,
                ReferenceObjects.TARIFF_REGISTERS,
                ReferenceObjects.TARIFF_MASKS,
                ReferenceObjects.TARIFF_1));
    activation.watch(() -> {
      first.on(activation.isActive(3, ReferenceObjects.IMPORTED_1));
      second.on(activation.isActive(3, ReferenceObjects.IMPORTED_2));
    });
  }

  private DemandRegister demand() {
    ExtendedRegister maximum =
        objects.add(
            new ExtendedRegister(
                ReferenceObjects.MAXIMUM, ZERO, NO_STATUS, ReferenceObjects.WATTS, clock));
    return objects.add(
        new DemandRegister(
            ReferenceObjects.DEMAND,
            () -> imported(clock.trueTime()),
            WH_TO_W,
            ReferenceObjects.WATTS,
            clock,
            QUARTER,
            1,
            (average, at) -> {
              if (((DlmsData.Whole) maximum.value()).asLong() < average) {
                maximum.record(new DlmsData.DoubleLongUnsigned(average), NO_STATUS, at);
              }
            }));
  }

  private void profiles() {
    objects.add(
        new ProfileGeneric(
            ReferenceObjects.LOAD_PROFILE,
            clock,
            ReferenceObjects.LOAD_COLUMNS,
            QUARTER,
            setup.rows(),
            made(setup.rows(), this::quarter, this::loadRow)));
    objects.add(
        new ProfileGeneric(
            ReferenceObjects.DAILY_PROFILE,
            clock,
            ReferenceObjects.DAILY_COLUMNS,
            DAY,
            DAYS,
            made(DAYS, this::midnight, this::dailyRow)));
    objects.add(
        new ProfileGeneric(
            ReferenceObjects.BILLING_PROFILE,
            clock,
            objects,
            ReferenceObjects.BILLING_COLUMNS,
            0,
            SortMethod.FIFO,
            CaptureObject.NONE,
            BILLINGS));
  }

  private List<Timed> timed(DemandRegister demand) {
    SpecialDaysTable days =
        objects.add(new SpecialDaysTable(ReferenceObjects.SPECIAL_DAYS, ReferenceObjects.HOLIDAYS));
    scripts(ReferenceObjects.TARIFF_SCRIPTS, ReferenceObjects.TARIFFS);
    scripts(ReferenceObjects.BILLING_SCRIPTS, ReferenceObjects.END_OF_BILLING);
    scripts(ReferenceObjects.DISCONNECT_SCRIPTS, ReferenceObjects.DISCONNECT);
    scripts(ReferenceObjects.PUSH_SCRIPTS, ReferenceObjects.PUSHES);
    ActivityCalendar calendar =
        objects.add(
            new ActivityCalendar(
                ReferenceObjects.CALENDAR,
                clock,
                objects,
                days,
                ReferenceObjects.TWO_TARIFFS,
                ReferenceObjects.TWO_TARIFFS));
    Schedule schedule =
        objects.add(new Schedule(ReferenceObjects.SCHEDULE, clock, objects, days, List.of()));
    RegisterMonitor monitor =
        objects.add(new RegisterMonitor(ReferenceObjects.MONITOR, clock, objects, MONITORED_EVERY));
    Limiter limiter =
        objects.add(new Limiter(ReferenceObjects.LIMITER, clock, objects, MONITORED_EVERY));
    // the quarter and the month end before the next tariff begins
    return List.of(
        demand,
        action(
            ReferenceObjects.BILLING_TIME,
            new ScriptRef(ReferenceObjects.BILLING_SCRIPTS, 1),
            ReferenceObjects.MONTHLY),
        calendar,
        schedule,
        action(
            ReferenceObjects.DISCONNECT_TIME,
            new ScriptRef(ReferenceObjects.DISCONNECT_SCRIPTS, 1),
            List.of()),
        action(
            ReferenceObjects.PUSH_TIME, new ScriptRef(ReferenceObjects.PUSH_SCRIPTS, 1), List.of()),
        monitor,
        limiter,
        push);
  }

  private void scripts(ObisCode name, List<ScriptTable.Script> scripts) {
    objects.add(new ScriptTable(name, objects, scripts));
  }

  private SingleActionSchedule action(
      ObisCode name, ScriptRef script, List<SingleActionSchedule.ExecutionTime> times) {
    return objects.add(new SingleActionSchedule(name, clock, objects, script, 1, times));
  }

  // --- profiles that are made when they are read

  /** When a row ended, counted back from the newest one before a moment. */
  private interface Ends {
    Instant end(Instant now, int back);
  }

  private Instant quarter(Instant now, int back) {
    // quarters begin at whole quarters of the local day, wherever a quarter hour is the finest
    // offset from UTC that there is
    long newest = now.getEpochSecond() / QUARTER * QUARTER;
    return Instant.ofEpochSecond(newest - (long) back * QUARTER);
  }

  private Instant midnight(Instant now, int back) {
    LocalDate today = LocalDateTime.ofInstant(now, clock.rules().getOffset(now)).toLocalDate();
    return Recurrence.earliest(today.minusDays(back).atStartOfDay(), clock.rules());
  }

  private ProfileBuffer made(int rows, Ends ends, Function<Instant, DlmsData.Structure> row) {
    return new ProfileBuffer() {
      @Override
      public List<DlmsData.Structure> entries() {
        Instant now = clock.instant();
        return new AbstractList<>() {
          @Override
          public DlmsData.Structure get(int index) {
            return row.apply(ends.end(now, rows - 1 - Objects.checkIndex(index, rows)));
          }

          @Override
          public int size() {
            return rows;
          }
        };
      }

      @Override
      public int size() {
        return rows;
      }
    };
  }

  private DlmsData.Structure loadRow(Instant end) {
    return DlmsData.Structure.of(
        DlmsData.OctetString.of(clock.time(end)), count(imported(clock.trueTime(end))));
  }

  private DlmsData.Structure dailyRow(Instant end) {
    Instant at = clock.trueTime(end);
    return DlmsData.Structure.of(
        DlmsData.OctetString.of(clock.time(end)),
        count(imported(at)),
        count(setup.energy().exported(at)));
  }

  // --- the relay and the log

  private void switched(boolean connected) {
    log(connected ? REMOTE_CONNECTION : REMOTE_DISCONNECTION);
    setup.relay().accept(connected);
  }

  /**
   * Writes an event into the log.
   *
   * @param code 0 to 255
   */
  public void log(int code) {
    synchronized (eventCode) {
      eventCode.set(new DlmsData.Unsigned8(code));
      eventLog.tick(clock.instant());
    }
  }

  // --- the parts

  /** Its clock. */
  public Clock clock() {
    return clock;
  }

  /** What plays the moments at which its objects act. */
  public Clockwork clockwork() {
    return clockwork;
  }

  /** Its objects, to which others may be added. */
  public DeviceObjects objects() {
    return objects;
  }

  /** Its relay, for whoever presses its button. */
  public DisconnectControl relay() {
    return relay;
  }

  /** Its push setup, for whoever hears of confirmations. */
  public PushSetup push() {
    return push;
  }

  /** The objects that it has now, as a logical device shows them. */
  public List<CosemObject> all() {
    return List.copyOf(objects.all());
  }
}

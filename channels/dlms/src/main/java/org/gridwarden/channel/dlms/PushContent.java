package org.gridwarden.channel.dlms;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Capture;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Severity;
import org.gridwarden.core.SignedDay;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Uuid7;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.MeterProfile;
import org.gridwarden.dlms.Push;
import org.gridwarden.dlms.PushValue;
import org.gridwarden.dlms.StatusFlag;
import org.gridwarden.dlms.objects.CommandDesk;

/**
 * Makes core's messages of what a layout read in a push. A profile row's clock is its interval's
 * end unless the meter's profile says otherwise. One use, one thread.
 */
final class PushContent {
  private static final ObisCode ALARM_REGISTER_1 = ObisCode.parse("0.0.97.98.0.255");

  private static final ObisCode ALARM_REGISTER_2 = ObisCode.parse("0.0.97.98.1.255");

  /** A warning of a wrong clock is told once in so long, not with every push. */
  private static final long SKEW_PERIOD = Duration.ofHours(1).toSeconds();

  private final Meter meter;
  private final MeterProfile profile;
  private final Push push;
  private final EventWords words;
  private final Instant now;
  private final byte[] digest;
  private final byte assured;
  private final Optional<Instant> clock;

  private final List<Reading> momentary = new ArrayList<>();
  private final List<Reading> registers = new ArrayList<>();
  private final List<Slot> slots = new ArrayList<>();
  private final List<Capture> captures = new ArrayList<>();
  private final List<SignedDay> days = new ArrayList<>();
  private final List<Message> warnings = new ArrayList<>();

  /**
   * @param skew how far its clock may be off before a warning says so; empty where somebody else
   *     watches it
   * @param digest SHA-256 of the APDU, from which the events' identities come: told twice, they are
   *     the same
   */
  PushContent(
      Meter meter,
      MeterProfile profile,
      Push push,
      EventWords words,
      Assurance how,
      Instant now,
      Optional<Duration> skew,
      byte[] digest) {
    this.meter = meter;
    this.profile = profile;
    this.push = push;
    this.words = words;
    this.now = now;
    this.digest = digest;
    this.assured = how == Assurance.NONE ? Quality.UNAUTHENTICATED : Quality.GOOD;
    this.clock = profile.instant(push.clock(), meter.zone());
    push.values().forEach(this::value);
    skew.ifPresent(this::watchClock);
  }

  private void watchClock(Duration skew) {
    if (push.clock().isUnspecified()) {
      if (push.values().stream().anyMatch(v -> v.row() >= 0 && !v.at().isUnspecified())) {
        return; // a profile's rows say when each was, which says nothing of now
      }
      // plain customer ports leave the clock out with every push: worth a word, no alarm
      skewed("The meter sends no time", Severity.INFO);
    } else if (clock.isEmpty()) {
      skewed("The meter's clock names no time", Severity.ATTENTION);
    } else if (Duration.between(clock.get(), now).abs().compareTo(skew) > 0) {
      long off = Duration.between(now, clock.get()).toSeconds();
      skewed("The meter's clock is " + off + " s off", Severity.ATTENTION);
    }
  }

  /** Usage always, registers and warnings where there are any. */
  List<Message> messages() {
    List<Message> out = new ArrayList<>();
    out.add(new Usage(meter.id(), momentary, slots, List.of(), captures));
    if (!registers.isEmpty() || !days.isEmpty()) {
      out.add(new Billing(meter.id(), registers, days));
    }
    out.addAll(warnings);
    return out;
  }

  private void value(PushValue value) {
    if (!value.hasObis() || value.attribute() != 2) {
      return;
    }
    if (value.obis().equals(ALARM_REGISTER_1) || value.obis().equals(ALARM_REGISTER_2)) {
      alarms(value);
      return;
    }
    if (value.obis().equals(CommandDesk.SIGNED_DAY)) {
      if (value.raw() instanceof DlmsData.OctetString signed
          && signed.bytes().length > 0
          && signed.bytes().length <= SignedDay.MOST) {
        days.add(new SignedDay(signed.bytes()));
      }
      return;
    }
    switch (value.role()) {
      case INTERVAL -> interval(value);
      case CUMULATIVE -> cumulative(value);
      case MOMENTARY ->
          number(value)
              .ifPresent(number ->
                  momentary.add(new Reading(value.obis(), at(value), number, quality(value))));
      case EVENT -> event(value);
      case CLOCK, STATUS, SERIAL, IDENTITY, OTHER -> {}
    }
  }

  private void interval(PushValue value) {
    Optional<ScaledValue> number = number(value);
    Optional<Instant> start =
        profile.intervalStart(value.row() < 0 ? pushClock(value) : value.at(), meter.zone());
    if (number.isEmpty() || start.isEmpty() || flags(value).contains(StatusFlag.MISSING)) {
      return;
    }
    // a live push may leave a moment after its interval's end
    Instant begin = value.row() < 0 ? floor(start.get()) : start.get();
    slots.add(new Slot(value.obis(), begin, profile.interval(), number.get(), quality(value)));
  }

  private void cumulative(PushValue value) {
    Optional<ScaledValue> number = number(value);
    if (number.isEmpty() || flags(value).contains(StatusFlag.MISSING)) {
      return;
    }
    Instant at = at(value);
    Optional<ObisCode> slotChannel = profile.slotChannel(value.obis());
    if (slotChannel.isPresent() && value.row() >= 0) {
      captures.add(
          new Capture(
              value.obis(),
              slotChannel.get(),
              at,
              profile.interval(),
              number.get(),
              profile.modulus(value.obis()),
              quality(value)));
    } else {
      registers.add(new Reading(value.obis(), at, number.get(), quality(value)));
    }
  }

  private void event(PushValue value) {
    if (value.raw() instanceof DlmsData.Whole code && code.asLong() != 0) {
      EventWords.Meaning meaning = words.of(value.obis(), code.asLong());
      Instant at = at(value);
      warnings.add(
          new Warning(
              meter.id(),
              value.row() < 0 ? id(at, warnings.size()) : logged(at, value.obis(), code.asLong()),
              at,
              meaning.code(),
              meaning.severity(),
              meaning.text(),
              value.row() < 0 ? Warning.Source.PUSHED : Warning.Source.LOGGED));
    }
  }

  /** A bit that stays set is told with each push: it is one event an hour. */
  private void alarms(PushValue value) {
    if (!(value.raw() instanceof DlmsData.Whole bits)) {
      return;
    }
    Instant period = Instant.ofEpochSecond(now.getEpochSecond() / SKEW_PERIOD * SKEW_PERIOD);
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      if ((bits.asLong() & 1L << bit) != 0) {
        EventWords.Meaning meaning = EventWords.ALARM_BITS.of(value.obis(), bit);
        warnings.add(
            new Warning(
                meter.id(),
                named(period, meter.id() + " " + value.obis() + " bit " + bit + " " + period),
                at(value),
                meaning.code(),
                meaning.severity(),
                meaning.text(),
                Warning.Source.REGISTER));
      }
    }
  }

  /** A log's entry is the same event each time that the log is read. */
  private EventId logged(Instant at, ObisCode log, long code) {
    return named(at, meter.id() + " " + log + " " + code + " " + at);
  }

  private void skewed(String text, Severity severity) {
    Instant period = Instant.ofEpochSecond(now.getEpochSecond() / SKEW_PERIOD * SKEW_PERIOD);
    EventId id = named(period, meter.id() + " clock.skew " + period);
    warnings.add(
        new Warning(meter.id(), id, now, "clock.skew", severity, text, Warning.Source.OFFICE));
  }

  private static EventId named(Instant at, String name) {
    return new EventId(Uuid7.named(at, name));
  }

  /** The identity of this push's nth event: always the same for the same bytes. */
  private EventId id(Instant at, int index) {
    ByteBuffer bits = ByteBuffer.wrap(digest);
    return new EventId(Uuid7.of(at, bits.getLong(), bits.getLong() ^ (index & 0xFF)));
  }

  private CosemDateTime pushClock(PushValue value) {
    return value.at().isUnspecified() ? push.clock() : value.at();
  }

  /** When, by the meter's clock; by the office's where the meter names no time. */
  private Instant at(PushValue value) {
    return profile.instant(pushClock(value), meter.zone()).orElse(now);
  }

  private Instant floor(Instant at) {
    long step = Math.max(1, profile.interval().toSeconds());
    return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), step) * step);
  }

  private Set<StatusFlag> flags(PushValue value) {
    return profile.flags(
        value.status() >= 0 ? value.status() : value.row() < 0 ? push.status() : -1);
  }

  private byte quality(PushValue value) {
    int quality = assured;
    for (StatusFlag flag : flags(value)) {
      quality |=
          switch (flag) {
            case POWER_DOWN -> Quality.POWER_DOWN;
            case CLOCK_ADJUSTED -> Quality.CLOCK_ADJUSTED;
            case CLOCK_INVALID -> Quality.CLOCK_INVALID;
            case DOUBTFUL, MISSING -> Quality.DOUBTFUL;
            case ESTIMATED -> Quality.ESTIMATED;
          };
    }
    if (pushClock(value).clockDoubtful()) {
      quality |= Quality.CLOCK_INVALID;
    }
    return (byte) quality;
  }

  /** Also a float's exact decimal, where it has one that is not too long. */
  private static Optional<ScaledValue> number(PushValue value) {
    return switch (value.raw()) {
      case DlmsData.Float32 f when Float.isFinite(f.value()) ->
          decimal(new BigDecimal(Float.toString(f.value())), value);
      case DlmsData.Float64 d when Double.isFinite(d.value()) ->
          decimal(new BigDecimal(Double.toString(d.value())), value);
      default -> value.scaled();
    };
  }

  private static Optional<ScaledValue> decimal(BigDecimal number, PushValue value) {
    int scaler = value.scaling().scaler() - number.scale();
    return number.unscaledValue().bitLength() < 64 && scaler >= -128 && scaler <= 127
        ? Optional.of(
            new ScaledValue(number.unscaledValue().longValue(), scaler, value.scaling().unit()))
        : Optional.empty();
  }
}

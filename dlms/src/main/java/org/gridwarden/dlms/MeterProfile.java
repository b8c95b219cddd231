package org.gridwarden.dlms;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.cosem.ObisCode;
import org.jspecify.annotations.Nullable;

/**
 * A meter family's habits, read from a file under {@code profiles/}: which layouts it sends, which
 * way its deviation counts, what its interval stamps and status bits mean, what each object is for.
 * Immutable; thread-safe.
 */
public final class MeterProfile {
  /** Which end of its interval a profile row's clock names. */
  public enum Stamp {
    /** The interval's end, the standard's way: 00:00 belongs to the day before. */
    END,
    /** The interval's beginning. */
    BEGIN
  }

  /**
   * What an object is for.
   *
   * @param codes which objects
   * @param role what for
   * @param modulus where a register rolls over to zero, in raw units; 0 where unknown
   * @param slots under which object a register's differences are kept; NO_OBIS where under none
   */
  record Meaning(ObisPattern codes, Role role, long modulus, ObisCode slots) {}

  private final String name;
  private final String about;
  private final List<String> layouts;
  private final CosemDateTime.DeviationSign deviation;
  private final Stamp stamp;
  private final Duration interval;
  private final List<Meaning> meanings;
  private final Map<Integer, StatusFlag> statusBits;

  MeterProfile(
      String name,
      String about,
      List<String> layouts,
      CosemDateTime.DeviationSign deviation,
      Stamp stamp,
      Duration interval,
      List<Meaning> meanings,
      Map<Integer, StatusFlag> statusBits) {
    this.name = name;
    this.about = about;
    this.layouts = List.copyOf(layouts);
    this.deviation = deviation;
    this.stamp = stamp;
    this.interval = interval;
    this.meanings = List.copyOf(meanings);
    this.statusBits = Map.copyOf(statusBits);
  }

  List<Meaning> meanings() {
    return meanings;
  }

  /** The name that meters are registered with. */
  public String name() {
    return name;
  }

  /** One line for a person. */
  public String about() {
    return about;
  }

  /** The layouts it tries, in order; empty for all. */
  public List<String> layouts() {
    return layouts;
  }

  /** Which way its clock counts the deviation from UTC. */
  public CosemDateTime.DeviationSign deviation() {
    return deviation;
  }

  /** What a profile row's clock names. */
  public Stamp stamp() {
    return stamp;
  }

  /** How long its intervals are. */
  public Duration interval() {
    return interval;
  }

  /** The same for a profile whose intervals have another length. */
  public MeterProfile withInterval(Duration length) {
    return length.equals(interval)
        ? this
        : new MeterProfile(name, about, layouts, deviation, stamp, length, meanings, statusBits);
  }

  /** What an object is for. */
  public Role role(ObisCode obis) {
    Meaning meaning = meaning(obis);
    return meaning == NOTHING ? Role.OTHER : meaning.role();
  }

  /** Where a register rolls over to zero, in raw units; 0 where unknown. */
  public long modulus(ObisCode obis) {
    return meaning(obis).modulus();
  }

  /**
   * Under which interval channel a cumulative register's differences are kept; empty where the
   * register is captured for itself only.
   */
  public Optional<ObisCode> slotChannel(ObisCode obis) {
    ObisCode slots = meaning(obis).slots();
    return slots.equals(PushValue.NO_OBIS) ? Optional.empty() : Optional.of(slots);
  }

  /**
   * What a row's status means.
   *
   * @param status as sent, unsigned; -1 for none
   */
  public Set<StatusFlag> flags(long status) {
    EnumSet<StatusFlag> flags = EnumSet.noneOf(StatusFlag.class);
    if (status > 0) {
      statusBits.forEach((bit, flag) -> {
        if ((status >>> bit & 1) != 0) {
          flags.add(flag);
        }
      });
    }
    return flags;
  }

  /** A meter's time as an instant; empty where it names none. */
  public Optional<Instant> instant(CosemDateTime time, ZoneId zone) {
    return time.instant(zone, deviation);
  }

  /** When the interval began that a row's clock stands for; empty where the clock names no time. */
  public Optional<Instant> intervalStart(CosemDateTime time, ZoneId zone) {
    Optional<Instant> at = instant(time, zone);
    return stamp == Stamp.END ? at.map(end -> end.minus(interval)) : at;
  }

  private static final Meaning NOTHING =
      new Meaning(ObisPattern.ANY, Role.OTHER, 0, PushValue.NO_OBIS);

  /** A code and its meaning, as found before. */
  private record Known(ObisCode obis, Meaning meaning) {}

  // a direct-mapped cache: the codes come from outside, so that it must not grow; races are
  // harmless, since all that is written is immutable and true
  private final @Nullable Known[] cache = new Known[256];

  private Meaning meaning(ObisCode obis) {
    int slot = Long.hashCode(obis.packed() * 0x9E3779B97F4A7C15L) >>> 24;
    Known known = cache[slot];
    if (known != null && known.obis().packed() == obis.packed()) {
      return known.meaning();
    }
    Meaning found = NOTHING;
    for (Meaning meaning : meanings) {
      if (meaning.codes().matches(obis)) {
        found = meaning;
        break;
      }
    }
    cache[slot] = new Known(obis, found);
    return found;
  }

  @Override
  public String toString() {
    return "MeterProfile[" + name + "]";
  }
}

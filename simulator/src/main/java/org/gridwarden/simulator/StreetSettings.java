package org.gridwarden.simulator;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What kind of street.
 *
 * @param meters how many, 1 to 10,000
 * @param seed where given, the same street again, keys and all: for tests, since whoever knows the
 *     seed knows the keys; where absent, keys come from the system's random generator
 * @param state file that keeps the street's secret, counters and last push, so that the same meters
 *     go on after a restart; without one they start afresh
 * @param zone the meters' civil time
 * @param history how far back the first start pushes daily profiles, 0 to 400 days
 * @param every between two momentary pushes of a meter, at least 1 s
 * @param transport TCP or DTLS with confirmed pushes, or UDP with unconfirmed ones
 * @param keepOpen whether a meter keeps its connection between pushes
 * @param skewed how many meters have a clock that is ten minutes off
 * @param patience how long a meter waits for a confirmation before it sends the same bytes again
 * @param journal file to which each confirmed push is appended; in memory only where absent
 * @param operators folder of the public keys whose signed commands the meters obey, as {@link
 *     org.gridwarden.security.command.TrustFolder} lays it out; they obey nobody where absent
 * @param signing whether meters sign each day's values once it is over, with the key of their
 *     receipts
 */
public record StreetSettings(
    int meters,
    OptionalLong seed,
    Optional<Path> state,
    ZoneId zone,
    Duration history,
    Duration every,
    Transport transport,
    boolean keepOpen,
    int skewed,
    Duration patience,
    Optional<Path> journal,
    Optional<Path> operators,
    boolean signing) {
  /** How the pushes travel. */
  public enum Transport {
    TCP,
    UDP,
    /** UDP with confirmed pushes, under DTLS. */
    DTLS
  }

  /**
   * @throws IllegalArgumentException where a number is out of its range
   */
  public StreetSettings {
    if (meters < 1 || meters > 10_000) {
      throw new IllegalArgumentException("a street has 1 to 10,000 meters, not " + meters);
    }
    if (history.isNegative() || history.compareTo(Duration.ofDays(400)) > 0) {
      throw new IllegalArgumentException("a history is 0 to 400 days, not " + history);
    }
    if (every.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "a meter pushes at most once a second, not every " + every);
    }
    if (skewed < 0 || skewed > meters) {
      throw new IllegalArgumentException(
          "of " + meters + " meters, " + skewed + " cannot be skewed");
    }
  }

  /** A street whose meters sign no days. */
  public StreetSettings(
      int meters,
      OptionalLong seed,
      Optional<Path> state,
      ZoneId zone,
      Duration history,
      Duration every,
      Transport transport,
      boolean keepOpen,
      int skewed,
      Duration patience,
      Optional<Path> journal,
      Optional<Path> operators) {
    this(
        meters, seed, state, zone, history, every, transport, keepOpen, skewed, patience, journal,
        operators, false);
  }

  /** The usual street: Swiss time, 28 days of history, a momentary push every 10 s over TCP. */
  public static StreetSettings of(int meters) {
    return new StreetSettings(
        meters,
        OptionalLong.empty(),
        Optional.empty(),
        ZoneId.of("Europe/Zurich"),
        Duration.ofDays(28),
        Duration.ofSeconds(10),
        Transport.TCP,
        meters <= 1_000,
        0,
        Duration.ofSeconds(10),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with a seed. */
  public StreetSettings withSeed(long value) {
    return new StreetSettings(
        meters,
        OptionalLong.of(value),
        state,
        zone,
        history,
        every,
        transport,
        keepOpen,
        skewed,
        patience,
        journal,
        operators,
        signing);
  }

  /** The same with another history. */
  public StreetSettings withHistory(Duration value) {
    return new StreetSettings(
        meters, seed, state, zone, value, every, transport, keepOpen, skewed, patience, journal,
        operators, signing);
  }

  /** The same with another time between momentary pushes. */
  public StreetSettings withEvery(Duration value) {
    return new StreetSettings(
        meters, seed, state, zone, history, value, transport, keepOpen, skewed, patience, journal,
        operators, signing);
  }

  /** The same over another transport. */
  public StreetSettings withTransport(Transport value) {
    return new StreetSettings(
        meters, seed, state, zone, history, every, value, keepOpen, skewed, patience, journal,
        operators, signing);
  }

  /** The same with a state file. */
  public StreetSettings withState(Path value) {
    return new StreetSettings(
        meters,
        seed,
        Optional.of(value),
        zone,
        history,
        every,
        transport,
        keepOpen,
        skewed,
        patience,
        journal,
        operators,
        signing);
  }

  /** The same with a journal file. */
  public StreetSettings withJournal(Path value) {
    return new StreetSettings(
        meters,
        seed,
        state,
        zone,
        history,
        every,
        transport,
        keepOpen,
        skewed,
        patience,
        Optional.of(value),
        operators,
        signing);
  }

  /** The same whose meters obey the keys in a folder. */
  public StreetSettings withOperators(Path value) {
    return new StreetSettings(
        meters,
        seed,
        state,
        zone,
        history,
        every,
        transport,
        keepOpen,
        skewed,
        patience,
        journal,
        Optional.of(value),
        signing);
  }

  /** The same whose meters sign each day once it is over. */
  public StreetSettings withSigning() {
    return new StreetSettings(
        meters, seed, state, zone, history, every, transport, keepOpen, skewed, patience, journal,
        operators, true);
  }
}

package org.gridwarden.simulator;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What kind of street that is read.
 *
 * @param meters how many, 1 to 1,000,000
 * @param seed where given, the same street again, keys and all: for tests; where absent, keys come
 *     from the system's random generator
 * @param zone the meters' civil time
 * @param history how far back the profiles reach, up to 60 days
 * @param perLink how many meters share a link: a concentrator, a cell
 * @param faults what goes wrong
 * @param operators folder of the public keys whose signed commands the meters obey; they obey
 *     nobody where absent
 * @param state a folder in which what commands have made of meters is kept: keys, say; where absent
 *     it is forgotten with the street
 */
public record PullSettings(
    int meters,
    OptionalLong seed,
    ZoneId zone,
    Duration history,
    int perLink,
    LinkFaults faults,
    Optional<Path> operators,
    Optional<Path> state) {
  /**
   * @throws IllegalArgumentException where a number is out of its range
   */
  public PullSettings {
    if (meters < 1 || meters > 1_000_000) {
      throw new IllegalArgumentException(
          "a street that is read has 1 to 1,000,000 meters, not " + meters);
    }
    if (history.isNegative() || history.compareTo(Duration.ofDays(60)) > 0) {
      throw new IllegalArgumentException("a profile reaches back 0 to 60 days, not " + history);
    }
    if (perLink < 1) {
      throw new IllegalArgumentException("at least one meter is on a link, not " + perLink);
    }
  }

  /** The usual street: Swiss time, ten days of history, 500 meters a link, and no faults. */
  public static PullSettings of(int meters) {
    return new PullSettings(
        meters,
        OptionalLong.empty(),
        ZoneId.of("Europe/Zurich"),
        Duration.ofDays(10),
        500,
        LinkFaults.NONE,
        Optional.empty(),
        Optional.empty());
  }

  /** The same with a seed. */
  public PullSettings withSeed(long value) {
    return new PullSettings(
        meters, OptionalLong.of(value), zone, history, perLink, faults, operators, state);
  }

  /** The same with another history. */
  public PullSettings withHistory(Duration value) {
    return new PullSettings(meters, seed, zone, value, perLink, faults, operators, state);
  }

  /** The same with faults. */
  public PullSettings withFaults(LinkFaults value) {
    return new PullSettings(meters, seed, zone, history, perLink, value, operators, state);
  }

  /** The same whose meters obey the keys in a folder. */
  public PullSettings withOperators(Path value) {
    return new PullSettings(
        meters, seed, zone, history, perLink, faults, Optional.of(value), state);
  }

  /** The same with so many meters on a link. */
  public PullSettings withPerLink(int value) {
    return new PullSettings(meters, seed, zone, history, value, faults, operators, state);
  }

  /** The same that keeps what commands made of its meters in a folder. */
  public PullSettings withState(Path value) {
    return new PullSettings(
        meters, seed, zone, history, perLink, faults, operators, Optional.of(value));
  }
}

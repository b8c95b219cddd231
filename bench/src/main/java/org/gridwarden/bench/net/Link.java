package org.gridwarden.bench.net;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A link between meters and office, the same in both directions.
 *
 * @param name what people call it
 * @param kilobits a second; 0 for no limit
 * @param delay one way, without what the rate takes
 * @param jitter by how much the delay varies to either side, evenly; at most the delay
 * @param loss the share of packets that is lost, 0 to 1, each by itself
 * @param about where the figures are from
 */
public record Link(
    String name, int kilobits, Duration delay, Duration jitter, double loss, String about) {
  /** Nothing is held up or lost. */
  public static final Link PERFECT =
      new Link("unshaped", 0, Duration.ZERO, Duration.ZERO, 0, "no limits");

  /**
   * The presets. Each is one station's share of a typical network, and a model: no two networks are
   * alike.
   */
  private static final List<Link> PRESETS =
      List.of(
          of("powerline", 32, 150, 75, 0.02, "PRIME/G3-PLC in CENELEC A, some hops, shared medium"),
          of("rf-mesh", 50, 200, 100, 0.03, "IEEE 802.15.4g, 50 kbit/s, three to five hops"),
          of("nb-iot", 60, 800, 400, 0.01, "LTE Cat NB1 in good coverage; latency as in TR 45.820"),
          of("lte", 10_000, 40, 10, 0.005, "LTE Cat 4 at a busy cell"),
          of("fibre", 100_000, 5, 1, 0, "a concentrator on the utility's own fibre"));

  /**
   * @throws IllegalArgumentException where a figure is out of its range
   */
  public Link {
    if (kilobits < 0 || kilobits > 10_000_000) {
      throw new IllegalArgumentException("a link has 0 to 10,000,000 kbit/s, not " + kilobits);
    }
    if (delay.isNegative() || delay.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException("a link's delay is 0 to 60 s, not " + delay);
    }
    if (jitter.isNegative() || jitter.compareTo(delay) > 0) {
      throw new IllegalArgumentException("a link's jitter is 0 to its delay, not " + jitter);
    }
    if (!(loss >= 0 && loss < 1)) {
      throw new IllegalArgumentException("a link loses 0 to less than 1 of its packets: " + loss);
    }
  }

  private static Link of(
      String name, int kilobits, int delay, int jitter, double loss, String about) {
    return new Link(
        name, kilobits, Duration.ofMillis(delay), Duration.ofMillis(jitter), loss, about);
  }

  /** The preset of a name. */
  public static Optional<Link> preset(String name) {
    return PRESETS.stream().filter(l -> l.name.equals(name.toLowerCase(Locale.ROOT))).findFirst();
  }

  /** The presets' names, for people. */
  public static String presets() {
    return PRESETS.stream().map(Link::name).collect(Collectors.joining(", "));
  }

  /** A link that somebody shapes is not the unshaped one any more. */
  private String shaped() {
    return name.equals(PERFECT.name) ? "as given" : name;
  }

  /** The same with another rate. */
  public Link withRate(int value) {
    return new Link(shaped(), value, delay, jitter, loss, about);
  }

  /** The same with another delay; its jitter becomes no more than that. */
  public Link withDelay(Duration value) {
    return new Link(
        shaped(), kilobits, value, jitter.compareTo(value) > 0 ? value : jitter, loss, about);
  }

  /** The same with another loss. */
  public Link withLoss(double value) {
    return new Link(shaped(), kilobits, delay, jitter, value, about);
  }

  /** In one line. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s: %s, %d ms ± %d ms, %.1f %% lost",
        name,
        kilobits == 0 ? "no limit of rate" : kilobits + " kbit/s",
        delay.toMillis(),
        jitter.toMillis(),
        loss * 100);
  }
}

package org.gridwarden.headend.firmware;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How firmware goes round. Immutable. As text, a line {@code key = value} for each part.
 *
 * @param rings the canaries first; the last one is all
 * @param soak how long a ring's last updated meter must have run well before the next ring's turn
 * @param heardWithin a meter that is not heard for so long after its update, or later, is silent
 * @param mostLost so many of a ring's meters, in percent, may fall silent or fail; one more stops
 *     the campaign
 * @param validity how long a meter's update may wait for its approval, signature and meter
 */
public record CampaignPlan(
    List<Ring> rings, Duration soak, Duration heardWithin, int mostLost, Duration validity) {
  /** What holds where nobody says otherwise. */
  public static final CampaignPlan USUAL =
      new CampaignPlan(
          List.of(new Ring(1, 5), new Ring(10, 0), new Ring(100, 0)),
          Duration.ofHours(24),
          Duration.ofHours(6),
          2,
          Duration.ofDays(7));

  private static final Pattern RING = Pattern.compile("([0-9]{1,3})%(?:/([0-9]{1,7}))?");

  /**
   * How far a ring goes, with those before it.
   *
   * @param percent of all meters, 1 to 100, rounded up
   * @param atLeast and no fewer meters than that
   */
  public record Ring(int percent, int atLeast) {
    public Ring {
      if (percent < 1 || percent > 100 || atLeast < 0) {
        throw new IllegalArgumentException("a ring is 1% to 100%, such as 1%/5 for at least 5");
      }
    }

    @Override
    public String toString() {
      return percent + "%" + (atLeast > 0 ? "/" + atLeast : "");
    }
  }

  /**
   * @throws IllegalArgumentException outside sensible ranges; the message names the part
   */
  public CampaignPlan {
    rings = List.copyOf(rings);
    if (rings.size() < 2 || rings.size() > 10 || rings.getLast().percent() != 100) {
      throw new IllegalArgumentException("rings are 2 to 10, and the last one is 100%");
    }
    for (int i = 1; i < rings.size(); i++) {
      if (rings.get(i).percent() <= rings.get(i - 1).percent()) {
        throw new IllegalArgumentException("rings grow: each is more than the one before");
      }
    }
    if (soak.isNegative() || soak.toDays() > 90) {
      throw new IllegalArgumentException("soak is 0 to 90 days");
    }
    if (heardWithin.compareTo(Duration.ofMinutes(1)) < 0 || heardWithin.toDays() > 30) {
      throw new IllegalArgumentException("heardWithin is a minute to 30 days");
    }
    if (mostLost < 0 || mostLost > 50) {
      throw new IllegalArgumentException("mostLost is 0% to 50%");
    }
    if (validity.compareTo(Duration.ofMinutes(1)) < 0 || validity.toDays() > 90) {
      throw new IllegalArgumentException("validity is a minute to 90 days");
    }
  }

  /**
   * How many meters each ring has, of so many in all. A fleet that is too small for a later ring
   * has fewer rings; none is empty.
   */
  public List<Integer> sizes(int meters) {
    List<Integer> sizes = new ArrayList<>();
    int before = 0;
    for (Ring ring : rings) {
      int share = Math.toIntExact(Math.ceilDiv((long) meters * ring.percent(), 100L));
      int upTo = Math.min(meters, Math.max(share, ring.atLeast()));
      if (upTo > before) {
        sizes.add(upTo - before);
        before = upTo;
      }
    }
    return List.copyOf(sizes);
  }

  /** How many meters of a ring of this size may be lost. */
  int allowed(int size) {
    return Math.toIntExact((long) size * mostLost / 100);
  }

  /** As text. */
  public String text() {
    return "rings = "
        + rings.stream().map(Ring::toString).collect(Collectors.joining(" "))
        + "\nsoak = "
        + soak
        + "\nheardWithin = "
        + heardWithin
        + "\nmostLost = "
        + mostLost
        + "%\nvalidity = "
        + validity
        + "\n";
  }

  /**
   * From its text; what is not named stays as {@link #USUAL} has it.
   *
   * @throws IllegalArgumentException naming the part
   */
  public static CampaignPlan parse(String text) {
    Map<String, String> parts = new LinkedHashMap<>();
    USUAL.text().lines().forEach(line -> put(parts, line));
    for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
      int equals = line.indexOf('=');
      if (equals < 0 || !parts.containsKey(line.substring(0, equals).strip())) {
        throw new IllegalArgumentException("'" + line.strip() + "' is no part of a plan");
      }
      put(parts, line);
    }
    try {
      List<Ring> rings = new ArrayList<>();
      for (String word : parts.getOrDefault("rings", "").split("\\s+")) {
        Matcher ring = RING.matcher(word);
        if (!ring.matches()) {
          throw new IllegalArgumentException("'" + word + "' is no ring such as 1%/5 or 10%");
        }
        String least = ring.group(2);
        rings.add(
            new Ring(Integer.parseInt(ring.group(1)), least == null ? 0 : Integer.parseInt(least)));
      }
      return new CampaignPlan(
          rings,
          Duration.parse(parts.getOrDefault("soak", "")),
          Duration.parse(parts.getOrDefault("heardWithin", "")),
          Integer.parseInt(parts.getOrDefault("mostLost", "").replaceFirst("%$", "")),
          Duration.parse(parts.getOrDefault("validity", "")));
    } catch (DateTimeParseException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "a plan's part is not what it should be: " + e.getMessage());
    }
  }

  private static void put(Map<String, String> parts, String line) {
    int equals = line.indexOf('=');
    parts.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
  }
}

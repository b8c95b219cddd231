package org.gridwarden.headend.command;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What commands go out without a second person, and how fast. Immutable. As text, a line {@code key
 * = value} for each part.
 *
 * @param window over which switching commands are counted: disconnect, connect, arm, load limit
 * @param perWindow how many are let through in any window, in all
 * @param perFeeder of one feeder
 * @param perUser of one operator
 * @param spacing between two switching commands of one feeder, so that it sees no step
 * @param lowestPrice in millionths of a currency unit a kWh
 * @param highestPrice likewise
 * @param fourEyes words that always need a second person
 * @param validity how long a command may wait to be done, where its operator says nothing
 */
public record CommandPolicy(
    Duration window,
    int perWindow,
    int perFeeder,
    int perUser,
    Duration spacing,
    long lowestPrice,
    long highestPrice,
    Set<String> fourEyes,
    Duration validity) {
  /** What is in force before anybody approved anything. */
  public static final CommandPolicy FIRST =
      new CommandPolicy(
          Duration.ofHours(24),
          100,
          10,
          20,
          Duration.ofSeconds(5),
          -1_000_000,
          1_000_000,
          Set.of("change-keys", "update-firmware", "configure"),
          Duration.ofHours(24));

  /**
   * @throws IllegalArgumentException outside sensible ranges; the message names the part
   */
  public CommandPolicy {
    if (window.compareTo(Duration.ofMinutes(1)) < 0 || window.toDays() > 366) {
      throw new IllegalArgumentException("window is a minute to 366 days");
    }
    if (perWindow < 0 || perFeeder < 0 || perUser < 0) {
      throw new IllegalArgumentException("perWindow, perFeeder and perUser are not negative");
    }
    if (spacing.isNegative() || spacing.toHours() > 24) {
      throw new IllegalArgumentException("spacing is 0 to 24 hours");
    }
    if (lowestPrice > highestPrice) {
      throw new IllegalArgumentException("lowestPrice is not above highestPrice");
    }
    if (validity.compareTo(Duration.ofSeconds(10)) < 0 || validity.toDays() > 366) {
      throw new IllegalArgumentException("validity is 10 seconds to 366 days");
    }
    fourEyes = Set.copyOf(fourEyes);
  }

  /** As text. */
  public String text() {
    return "window = "
        + window
        + "\nperWindow = "
        + perWindow
        + "\nperFeeder = "
        + perFeeder
        + "\nperUser = "
        + perUser
        + "\nspacing = "
        + spacing
        + "\nlowestPrice = "
        + lowestPrice
        + "\nhighestPrice = "
        + highestPrice
        + "\nfourEyes = "
        + String.join(" ", new TreeSet<>(fourEyes))
        + "\nvalidity = "
        + validity
        + "\n";
  }

  /**
   * From its text; what is not named stays as {@link #FIRST} has it.
   *
   * @throws IllegalArgumentException naming the line
   */
  public static CommandPolicy parse(String text) {
    Map<String, String> parts = new LinkedHashMap<>();
    for (String line : FIRST.text().lines().toList()) {
      put(parts, line);
    }
    for (String line : text.lines().toList()) {
      if (!line.isBlank()) {
        int equals = line.indexOf('=');
        if (equals < 0 || !parts.containsKey(line.substring(0, equals).strip())) {
          throw new IllegalArgumentException("'" + line.strip() + "' is no part of a policy");
        }
        put(parts, line);
      }
    }
    try {
      return new CommandPolicy(
          Duration.parse(part(parts, "window")),
          Integer.parseInt(part(parts, "perWindow")),
          Integer.parseInt(part(parts, "perFeeder")),
          Integer.parseInt(part(parts, "perUser")),
          Duration.parse(part(parts, "spacing")),
          Long.parseLong(part(parts, "lowestPrice")),
          Long.parseLong(part(parts, "highestPrice")),
          part(parts, "fourEyes").isEmpty()
              ? Set.of()
              : Set.of(part(parts, "fourEyes").split("\\s+")),
          Duration.parse(part(parts, "validity")));
    } catch (DateTimeParseException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "a policy's part is not what it should be: " + e.getMessage());
    }
  }

  private static void put(Map<String, String> parts, String line) {
    int equals = line.indexOf('=');
    parts.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
  }

  private static String part(Map<String, String> parts, String name) {
    return parts.getOrDefault(name, "");
  }
}

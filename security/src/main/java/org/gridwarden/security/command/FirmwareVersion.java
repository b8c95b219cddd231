package org.gridwarden.security.command;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A firmware's version; later ones are greater. Immutable.
 *
 * @param major 0 to 65,535
 * @param minor 0 to 65,535
 * @param patch 0 to 65,535
 */
public record FirmwareVersion(int major, int minor, int patch)
    implements Comparable<FirmwareVersion> {
  private static final Pattern TEXT =
      Pattern.compile("(0|[1-9][0-9]{0,4})\\.(0|[1-9][0-9]{0,4})\\.(0|[1-9][0-9]{0,4})");

  /**
   * @throws IllegalArgumentException outside the ranges
   */
  public FirmwareVersion {
    for (int part : new int[] {major, minor, patch}) {
      if (part < 0 || part > 0xFFFF) {
        throw new IllegalArgumentException("a version's parts are 0 to 65535, not " + part);
      }
    }
  }

  /**
   * From its text, {@code 2.0.1}: in one way only, so that equal versions are equal texts.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static FirmwareVersion parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no version such as 2.0.1");
    }
    return new FirmwareVersion(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)));
  }

  @Override
  public int compareTo(FirmwareVersion other) {
    return Comparator.comparingInt(FirmwareVersion::major)
        .thenComparingInt(FirmwareVersion::minor)
        .thenComparingInt(FirmwareVersion::patch)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}

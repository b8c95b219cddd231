package org.gridwarden.dlms.objects;

/**
 * A firmware's version. Immutable.
 *
 * @param major 0 to 65,535
 * @param minor 0 to 65,535
 * @param patch 0 to 65,535
 */
public record FirmwareVersion(int major, int minor, int patch)
    implements Comparable<FirmwareVersion> {
  /**
   * @throws IllegalArgumentException outside the ranges
   */
  public FirmwareVersion {
    if ((major | minor | patch) >>> 16 != 0) {
      throw new IllegalArgumentException("a version's parts are 0 to 65535");
    }
  }

  @Override
  public int compareTo(FirmwareVersion other) {
    return Long.compare(packed(), other.packed());
  }

  private long packed() {
    return (long) major << 32 | (long) minor << 16 | patch;
  }

  /** {@code 1.2.3}. */
  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}

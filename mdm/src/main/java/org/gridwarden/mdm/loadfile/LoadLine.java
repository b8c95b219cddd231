package org.gridwarden.mdm.loadfile;

/**
 * One line of a load file.
 *
 * @param meter whose
 * @param start when its interval begins, as epoch second
 * @param offset the offset to UTC that the line bears, in seconds
 * @param zulu whether it is written as Z
 * @param value in billionths of kWh or kW; means nothing where missing
 * @param decimals how many decimals the value was written with; -1 where missing
 * @param number the line's number
 */
public record LoadLine(
    String meter, long start, int offset, boolean zulu, long value, int decimals, int number) {
  /** Whether it has no value. */
  public boolean missing() {
    return decimals < 0;
  }
}

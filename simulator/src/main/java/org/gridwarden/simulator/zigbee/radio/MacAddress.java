package org.gridwarden.simulator.zigbee.radio;

/**
 * An address of the MAC layer.
 *
 * @param extended whether it is the 64 bits that the maker gave, or the 16 that the network did
 */
public record MacAddress(boolean extended, long value) {
  /** To all. */
  public static final MacAddress ALL = shortly(0xFFFF);

  /** One of 16 bits. */
  public static MacAddress shortly(int value) {
    return new MacAddress(false, value & 0xFFFF);
  }

  /** One of 64 bits. */
  public static MacAddress extended(long value) {
    return new MacAddress(true, value);
  }

  int length() {
    return extended ? 8 : 2;
  }
}

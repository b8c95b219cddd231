package org.gridwarden.security;

/**
 * What a shipment may hold.
 *
 * @param wrappedLength how many bytes a wrapped key must have: {@link OfficeKey#shippedLength()}
 * @param plainKeys whether {@code plain:HEX} is taken: in the demo only
 * @param maxBytes how long a file may be
 * @param maxMeters how many meters it may name
 * @param maxErrors how many errors are told one by one; the others are counted
 */
public record ShipmentRules(
    int wrappedLength, boolean plainKeys, long maxBytes, int maxMeters, int maxErrors) {
  /** Files of 512 MiB with 250,000 meters; a thousand errors are told. */
  public static ShipmentRules of(OfficeKey office, boolean plainKeys) {
    return new ShipmentRules(office.shippedLength(), plainKeys, 512L << 20, 250_000, 1_000);
  }
}

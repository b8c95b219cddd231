package org.gridwarden.security;

import java.util.List;

/**
 * A shipment file as read: the meters that are well-formed, and what is wrong with the others.
 *
 * @param lines well-formed ones, in the file's order
 * @param errors at most {@link ShipmentRules#maxErrors()} of them, in the file's order
 * @param read how many meters the file names
 * @param wrong how many of them are not well-formed
 */
public record Shipment(List<ShipmentLine> lines, List<ShipmentError> errors, int read, int wrong) {
  public Shipment {
    lines = List.copyOf(lines);
    errors = List.copyOf(errors);
  }
}

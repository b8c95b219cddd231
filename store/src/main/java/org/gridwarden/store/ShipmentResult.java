package org.gridwarden.store;

import java.util.List;
import org.gridwarden.security.ShipmentError;

/**
 * What became of a shipment. Where anything is rejected, nothing of the file is stored.
 *
 * @param accepted how many meters are new, and were stored unless this was a dry run
 * @param unchanged how many were known already, with the same data and keys
 * @param rejected what is wrong, at most as many as are told one by one
 * @param rejectedMeters how many meters are rejected in all
 * @param dryRun whether nothing was to be stored
 * @param stored whether the new meters are in the database now
 */
public record ShipmentResult(
    int accepted,
    int unchanged,
    List<ShipmentError> rejected,
    int rejectedMeters,
    boolean dryRun,
    boolean stored) {
  public ShipmentResult {
    rejected = List.copyOf(rejected);
  }
}

package org.gridwarden.server;

import java.security.Principal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.gridwarden.mdm.household.OwnPoint;
import org.gridwarden.mdm.household.OwnUse;
import org.gridwarden.store.CustomerPoints;
import org.jspecify.annotations.Nullable;

/**
 * The service points of the consumer who asks, each since it is theirs. One that is not theirs
 * answers as one that is not known. Thread-safe.
 */
final class OwnPoints {
  private final CustomerPoints points;
  private final OwnUse use;

  OwnPoints(Office office) {
    this.points = office.store().customerPoints();
    this.use = new OwnUse(office.store(), office.clock());
  }

  OwnUse use() {
    return use;
  }

  /**
   * One of the consumer's.
   *
   * @throws FaultException where it is none of theirs, or no meter ever stood there
   */
  OwnPoint of(Principal consumer, String servicePoint) {
    Instant since =
        points.of(consumer.getName()).get(Requests.needed("servicePoint", servicePoint));
    if (since == null) {
      throw unknown();
    }
    return use.point(servicePoint, since).orElseThrow(OwnPoints::unknown);
  }

  private static FaultException unknown() {
    return FaultException.notFound("servicePoint", "no such service point is known");
  }

  static LocalDate day(String name, @Nullable String value, LocalDate otherwise) {
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    try {
      return LocalDate.parse(value);
    } catch (DateTimeParseException e) {
      throw Requests.wrong(name, "is a day such as 2026-11-24");
    }
  }
}

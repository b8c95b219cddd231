package org.gridwarden.mdm.validation;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.TreeMap;

/**
 * What the clock on the wall shows: the offset to UTC at every instant. Comes from a time zone, or
 * from the offsets that a file's own lines bear where nobody names a zone. Must be immutable.
 */
@FunctionalInterface
public interface CivilTime {
  /** The offset at an instant, in seconds east of UTC. */
  int offsetAt(long epochSecond);

  /** A time zone's. */
  static CivilTime of(ZoneId zone) {
    if (zone instanceof ZoneOffset fixed) {
      return second -> fixed.getTotalSeconds();
    }
    var rules = zone.getRules();
    return second -> rules.getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
  }

  /**
   * As observed: each offset holds from the instant at which it was first seen, the first one also
   * before.
   *
   * @param seen epoch second to offset in seconds; at least one
   */
  static CivilTime observed(TreeMap<Long, Integer> seen) {
    if (seen.isEmpty()) {
      throw new IllegalArgumentException("no offset was seen");
    }
    TreeMap<Long, Integer> changes = new TreeMap<>(seen);
    int first = changes.firstEntry().getValue();
    return second -> {
      var at = changes.floorEntry(second);
      return at == null ? first : at.getValue();
    };
  }
}

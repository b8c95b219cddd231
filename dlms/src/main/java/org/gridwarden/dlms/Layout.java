package org.gridwarden.dlms;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.cosem.ObisCode;

/**
 * One layout file's contents: how a push's body is shaped and what stands where. Immutable.
 *
 * @param name unique among the layouts
 * @param about one line for a person
 * @param roots which types the body may have; empty for any list
 * @param sizes how many elements it may have; empty for any number
 * @param starts what its first elements must be
 * @param fixed what stands at fixed places; negative counts from the end, -1 is the last
 * @param items what repeats elsewhere, tried in this order
 * @param units scaler and unit where the meter sends none, by OBIS code
 * @param rows the columns of profile buffers, by the profile's OBIS code; NO_OBIS for a buffer that
 *     comes without one
 */
record Layout(
    String name,
    String about,
    Set<Integer> roots,
    Set<Integer> sizes,
    Optional<ItemPattern> starts,
    Map<Integer, Place> fixed,
    List<ItemPattern> items,
    List<DefaultUnit> units,
    Map<ObisCode, List<Place>> rows) {

  /**
   * What stands at a place.
   *
   * @param obis which object
   * @param scaling its scaler and unit
   * @param role what it is for, where the layout says so rather than the meter's profile
   */
  record Place(ObisCode obis, Scaling scaling, Optional<Role> role) {
    /** Whether the element means nothing and is left out. */
    boolean skipped() {
      return obis.packed() == 0 && role.isEmpty();
    }
  }

  /** Scaler and unit of the objects that match. */
  record DefaultUnit(ObisPattern codes, Scaling scaling) {}

  Layout {
    roots = Set.copyOf(roots);
    sizes = Set.copyOf(sizes);
    fixed = Map.copyOf(fixed);
    items = List.copyOf(items);
    units = List.copyOf(units);
    rows = Map.copyOf(rows);
  }

  /** Whether a body has this shape. */
  boolean matches(DlmsData body, ItemPattern.Match scratch) {
    if (!(body instanceof DlmsData.Composite list)) {
      return false;
    }
    return (roots.isEmpty() || roots.contains(body.tag()))
        && (sizes.isEmpty() || sizes.contains(list.size()))
        && (starts.isEmpty() || starts.get().matches(list, 0, scratch));
  }

  /** The scaler and unit the meter does not send. */
  Scaling defaultScaling(ObisCode obis) {
    for (DefaultUnit unit : units) {
      if (unit.codes().matches(obis)) {
        return unit.scaling();
      }
    }
    return Scaling.NONE;
  }
}

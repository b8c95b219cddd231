package org.gridwarden.dlms;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A profile buffer's rows (IEC 62056-6-2, class 7, buffer): each a structure that begins with its
 * clock, null where it is one interval after the row before. Not thread-safe.
 */
final class ProfileRows {
  private final List<Layout.Place> columns;
  private final MeterProfile profile;
  private CosemDateTime clock = CosemDateTime.UNSPECIFIED;
  private long status = -1;
  private int row;
  private long[] last = {};

  ProfileRows(List<Layout.Place> columns, MeterProfile profile) {
    this.columns = columns;
    this.profile = profile;
  }

  /** Whether a list is such rows. */
  static boolean are(DlmsData.Composite list) {
    return !(list instanceof DlmsData.Structure)
        && list.size() > 0
        && list.get(0) instanceof DlmsData.Structure first
        && first.size() >= 2
        && ItemPattern.clock(first.get(0)) != null;
  }

  /** Takes up a row: its clock and status count for all its values. */
  void begin(DlmsData.Structure cells, int number) {
    row = number;
    status = -1;
    if (last.length < cells.size()) {
      last = java.util.Arrays.copyOf(last, cells.size());
    }
    boolean timed = false;
    for (int c = 0; c < cells.size(); c++) {
      Role role = role(c);
      if (role == Role.CLOCK && !timed) {
        timed = true;
        CosemDateTime time = ItemPattern.clock(cells.get(c));
        clock = time != null ? time : clock.plus(profile.interval());
      } else if (role == Role.STATUS && status < 0) {
        status = PushReader.status(cells.get(c));
      }
    }
  }

  /** A cell's value; null for clock, status and what the layout skips. */
  @Nullable PushValue value(DlmsData.Structure cells, int column, Layout layout) {
    Role role = role(column);
    DlmsData cell = cells.get(column);
    if (role == Role.CLOCK || role == Role.STATUS || cell instanceof DlmsData.Composite) {
      return null;
    }
    Layout.Place place = place(column);
    if (place.skipped() && column < columns.size()) {
      return null;
    }
    if (cell instanceof DlmsData.Delta delta) {
      cell = new DlmsData.Long64(last[column] + delta.value());
    }
    if (cell instanceof DlmsData.Whole whole) {
      last[column] = whole.asLong();
    }
    Scaling scaling =
        place.scaling().known() ? place.scaling() : layout.defaultScaling(place.obis());
    return new PushValue(place.obis(), 2, cell, scaling, role, clock, status, row);
  }

  private Role role(int column) {
    if (column >= columns.size()) {
      return column == 0 ? Role.CLOCK : Role.OTHER;
    }
    Layout.Place place = columns.get(column);
    return place.role().isPresent()
        ? place.role().get()
        : place.obis().packed() == 0 ? Role.OTHER : profile.role(place.obis());
  }

  private static final Layout.Place UNKNOWN =
      new Layout.Place(PushValue.NO_OBIS, Scaling.NONE, Optional.empty());

  private Layout.Place place(int column) {
    return column < columns.size() ? columns.get(column) : UNKNOWN;
  }
}

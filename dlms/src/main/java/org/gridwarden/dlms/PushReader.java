package org.gridwarden.dlms;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.jspecify.annotations.Nullable;

/** Reads one push by one layout. Used once; not thread-safe. */
final class PushReader {
  /** Most values of one push: more than two months of quarter-hours in a column. */
  static final int MAX_VALUES = 8192;

  private static final int SCALER_UNIT = 3;

  private final Layout layout;
  private final MeterProfile profile;
  private final ItemPattern.Match match = new ItemPattern.Match();
  private final ArrayList<PushValue> out = new ArrayList<>(16);
  private CosemDateTime clock;
  private boolean clockCameLate;
  private long status = -1;
  private @Nullable Map<ObisCode, Scaling> scalings;
  private List<Layout.Place> captured = List.of();

  PushReader(Layout layout, MeterProfile profile, Optional<CosemDateTime> sent) {
    this.layout = layout;
    this.profile = profile;
    this.clock = sent.orElse(CosemDateTime.UNSPECIFIED);
  }

  Push read(DlmsData body) throws DlmsException {
    return read(PushValue.NO_OBIS, 2, body);
  }

  /** Reads a value that is known to be an object's attribute. */
  Push read(ObisCode obis, int attribute, DlmsData body) throws DlmsException {
    if (body instanceof DlmsData.Composite list) {
      list(list, obis, true);
    } else {
      emit(obis, attribute, body, Scaling.NONE, Optional.empty());
    }
    return new Push(layout.name(), clock, status, finished());
  }

  /**
   * A list's elements: places that the layout fixes, items that repeat, else whatever it is.
   *
   * @param base the object that the list belongs to; NO_OBIS where to none
   */
  private void list(DlmsData.Composite list, ObisCode base, boolean top) throws DlmsException {
    if (ObjectList.describes(list)) {
      described(list);
      return;
    }
    int i = 0;
    while (i < list.size()) {
      Layout.Place place = top ? fixed(i, list.size()) : null;
      if (place != null) {
        fixed(place, list.get(i));
        i++;
        continue;
      }
      int taken = item(list, i);
      if (taken == 0) {
        other(list.get(i), base);
        taken = 1;
      }
      i += taken;
    }
  }

  private Layout.@Nullable Place fixed(int index, int size) {
    if (layout.fixed().isEmpty()) {
      return null;
    }
    Layout.Place place = layout.fixed().get(index);
    return place != null ? place : layout.fixed().get(index - size);
  }

  private void fixed(Layout.Place place, DlmsData data) throws DlmsException {
    if (place.skipped()) {
      return;
    }
    if (data instanceof DlmsData.Composite list) {
      composite(list, place.obis());
    } else {
      emit(place.obis(), 2, data, place.scaling(), place.role());
    }
  }

  /** The repeating item at an index; tells how many elements it took, 0 for none. */
  private int item(DlmsData.Composite list, int index) throws DlmsException {
    for (ItemPattern pattern : layout.items()) {
      if (pattern.matches(list, index, match)) {
        ObisCode obis = match.obis();
        Scaling scaling = match.scaling();
        if (!match.hasValue()) {
          if (obis.packed() != 0 && scaling.known()) {
            remember(obis, scaling);
          }
        } else if (match.value() instanceof DlmsData.Composite inner) {
          composite(inner, obis);
        } else {
          emit(obis, match.attribute(), match.value(), scaling, Optional.empty());
        }
        return pattern.length();
      }
    }
    return 0;
  }

  private void other(DlmsData data, ObisCode base) throws DlmsException {
    if (data instanceof DlmsData.Composite list) {
      composite(list, base);
    } else {
      emit(base, 2, data, Scaling.NONE, Optional.empty());
    }
  }

  private void composite(DlmsData.Composite list, ObisCode base) throws DlmsException {
    if (ObjectList.isOne(list)) {
      // the capture objects of a profile whose rows follow
      captured = ObjectList.columns(list);
    } else if (ProfileRows.are(list)) {
      List<Layout.Place> columns = layout.rows().get(base);
      rows(list, columns != null ? columns : captured);
    } else {
      list(list, base, false);
    }
  }

  /** A push that brings its own object list: the values follow in the list's order. */
  private void described(DlmsData.Composite list) throws DlmsException {
    DlmsData.Composite objects = (DlmsData.Composite) list.get(0);
    int shift = ObjectList.shift(list);
    for (int i = 1; i < list.size(); i++) {
      ObjectList.Entry entry = ObjectList.entry(objects.get(i - shift));
      DlmsData data = list.get(i);
      if (entry.attribute() == SCALER_UNIT && ObjectList.scaling(data).known()) {
        remember(entry.obis(), ObjectList.scaling(data));
      } else if (data instanceof DlmsData.Composite inner) {
        composite(inner, entry.obis());
      } else {
        emit(entry.obis(), entry.attribute(), data, Scaling.NONE, Optional.empty());
      }
    }
  }

  private void rows(DlmsData.Composite list, List<Layout.Place> columns) throws DlmsException {
    ProfileRows rows = new ProfileRows(columns, profile);
    for (int r = 0; r < list.size(); r++) {
      if (!(list.get(r) instanceof DlmsData.Structure row)) {
        other(list.get(r), PushValue.NO_OBIS);
        continue;
      }
      rows.begin(row, r);
      for (int c = 0; c < row.size(); c++) {
        PushValue value = rows.value(row, c, layout);
        if (value != null) {
          add(value);
        }
      }
    }
  }

  private void emit(
      ObisCode obis, int attribute, DlmsData data, Scaling scaling, Optional<Role> said)
      throws DlmsException {
    Role role =
        said.isPresent() ? said.get() : obis.packed() == 0 ? Role.OTHER : profile.role(obis);
    CosemDateTime time = role == Role.CLOCK || obis.packed() == 0 ? ItemPattern.clock(data) : null;
    if (time != null) {
      // its own clock is nearer to the values than the time of sending
      clock = time;
      role = Role.CLOCK;
      clockCameLate |= !out.isEmpty();
    } else if (role == Role.STATUS && attribute == 2 && status < 0) {
      status = status(data);
    }
    Scaling known =
        scaling.known() || obis.packed() == 0 || !(data instanceof DlmsData.Whole)
            ? scaling
            : layout.defaultScaling(obis);
    add(new PushValue(obis, attribute, data, known, role, clock, -1, -1));
  }

  static long status(DlmsData data) {
    return switch (data) {
      case DlmsData.Whole whole -> whole.asLong() & Long.MAX_VALUE;
      // bit 0 of a bit-string is the first sent
      case DlmsData.BitString bits -> {
        long value = 0;
        for (int i = 0; i < Math.min(63, bits.length()); i++) {
          value |= (bits.bit(i) ? 1L : 0L) << i;
        }
        yield value;
      }
      default -> -1;
    };
  }

  private void add(PushValue value) throws DlmsException {
    if (out.size() >= MAX_VALUES) {
      throw DlmsException.unsupported(0, "a push of more than " + MAX_VALUES + " values");
    }
    out.add(value);
  }

  private void remember(ObisCode obis, Scaling scaling) {
    if (scalings == null) {
      scalings = new HashMap<>();
    }
    scalings.put(obis, scaling);
  }

  /** Gives all values what only became known after them: clock, status, scaler and unit. */
  private List<PushValue> finished() {
    if (scalings == null && status < 0 && !clockCameLate) {
      return out;
    }
    for (int i = 0; i < out.size(); i++) {
      PushValue v = out.get(i);
      Scaling scaling = v.scaling();
      if (scalings != null && !scaling.known()) {
        scaling = scalings.getOrDefault(v.obis(), scaling);
      }
      CosemDateTime at = v.row() < 0 ? clock : v.at();
      long its = v.row() < 0 ? status : v.status();
      out.set(
          i, new PushValue(v.obis(), v.attribute(), v.raw(), scaling, v.role(), at, its, v.row()));
    }
    return out;
  }
}

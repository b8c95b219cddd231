package org.gridwarden.dlms.objects;

import java.time.LocalDate;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Service;

/**
 * Special days table (class 11, version 0, IEC 62056-6-2 clause 4.5.4): days on which schedule and
 * activity calendar do not go by the day of the week. Insert (1) replaces entries of the same index
 * or date, delete (2) removes one by its index. Thread-safe: one immutable list.
 */
public final class SpecialDaysTable extends InterfaceObject {
  private static final int MOST = 1_000;

  private static final InterfaceClass<SpecialDaysTable> CLASS =
      new InterfaceClass<SpecialDaysTable>(11, 0, 2, 2)
          .attribute(
              2,
              t -> DlmsData.Array.of(t.entries.stream().map(Entry::data).toList()),
              (t, v) -> t.replace(v))
          .method(1, SpecialDaysTable::insert)
          .method(2, SpecialDaysTable::delete);

  /**
   * A special day.
   *
   * @param index 0 to 65,535
   * @param date may leave the year open, and other fields
   * @param dayId the day profile, 0 to 255
   */
  public record Entry(int index, CosemDate date, int dayId) {
    private static Entry of(DlmsData data) throws Refusal {
      DlmsData.Structure s = Values.structure(data, 3);
      return new Entry(
          Values.longUnsigned(s.get(0)), CosemDate.of(s.get(1)), Values.unsigned8(s.get(2)));
    }

    private DlmsData data() {
      return DlmsData.Structure.of(
          new DlmsData.LongUnsigned(index), date.data(), new DlmsData.Unsigned8(dayId));
    }
  }

  private volatile List<Entry> entries;

  public SpecialDaysTable(ObisCode logicalName, List<Entry> entries) {
    super(CLASS, logicalName);
    this.entries = List.copyOf(entries);
  }

  /** The day profile of a special day; empty where the day is none. The first entry counts. */
  public OptionalInt dayId(LocalDate date, ZoneRules rules) {
    for (Entry entry : entries) {
      if (entry.date.matches(date, rules)) {
        return OptionalInt.of(entry.dayId);
      }
    }
    return OptionalInt.empty();
  }

  private synchronized void replace(DlmsData value) throws Refusal {
    List<Entry> replaced = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      Entry entry = Entry.of(element);
      if (replaced.stream().anyMatch(e -> e.index == entry.index || e.date.equals(entry.date))) {
        throw Refusal.value();
      }
      replaced.add(entry);
    }
    entries = List.copyOf(replaced);
  }

  private synchronized Service.Invoked insert(Optional<DlmsData> parameters) throws Refusal {
    Entry entry = Entry.of(Values.parameter(parameters));
    List<Entry> changed = new ArrayList<>(entries);
    changed.removeIf(e -> e.index == entry.index || e.date.equals(entry.date));
    if (changed.size() == MOST) {
      throw Refusal.value();
    }
    changed.add(entry);
    entries = List.copyOf(changed);
    return done();
  }

  private synchronized Service.Invoked delete(Optional<DlmsData> parameters) throws Refusal {
    int index = Values.longUnsigned(Values.parameter(parameters));
    List<Entry> changed = new ArrayList<>(entries);
    if (!changed.removeIf(e -> e.index == index)) {
      throw Refusal.value();
    }
    entries = List.copyOf(changed);
    return done();
  }
}

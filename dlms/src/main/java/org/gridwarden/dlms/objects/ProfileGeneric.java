package org.gridwarden.dlms.objects;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;

/**
 * Profile generic (class 7, version 1, IEC 62056-6-2 clause 4.3.6): rows of other objects'
 * attributes, captured every so often or by capture (2), read whole, by range or by entry.
 *
 * <p>Captures are due at whole periods of the local day; those of up to an hour run through
 * daylight saving, so that a day has 92 or 100 quarters twice a year. What the clock skips when it
 * is set leaves a gap. Whatever changes the rows' meaning (capture objects, sort method, sort
 * object, number of entries) resets the profile and the ones that capture it. A profile captures
 * neither itself nor one that captures it.
 *
 * <p>Thread-safe: one lock guards what it is and one its rows; other objects are read without
 * either, so that two captures at once may enter in either order.
 */
public final class ProfileGeneric extends InterfaceObject implements Timed {
  private static final int CLASS_ID = 7;
  private static final int MOST_COLUMNS = 100;
  private static final int DEEPEST = 8;

  private static final InterfaceClass<ProfileGeneric> CLASS =
      new InterfaceClass<ProfileGeneric>(CLASS_ID, 1, 8, 2)
          .selective(2, ProfileGeneric::buffer)
          .attribute(
              3, p -> DlmsData.Array.of(p.shape.columns.stream().map(CaptureObject::data).toList()))
          .written(3, (p, v) -> p.columns(v))
          .attribute(
              4,
              p -> new DlmsData.DoubleLongUnsigned(p.shape.period),
              (p, v) -> p.period(Values.doubleLongUnsigned(v)))
          .attribute(
              5,
              p -> new DlmsData.Enumerated(p.shape.method.code()),
              (p, v) -> p.sort(SortMethod.of(Values.enumerated(v, 0, 255)), p.shape.sortObject))
          .attribute(
              6,
              p -> p.shape.sortObject.data(),
              (p, v) -> p.sort(p.shape.method, CaptureObject.of(v)))
          .attribute(7, p -> new DlmsData.DoubleLongUnsigned(p.shape.buffer.size()))
          .attribute(
              8,
              p -> new DlmsData.DoubleLongUnsigned(p.shape.entries),
              (p, v) -> p.entries(Values.doubleLongUnsigned(v)))
          .plainMethod(1, ProfileGeneric::reset)
          .plainMethod(2, ProfileGeneric::capture);

  /** What the profile is; with a ring, its rows have the shape that it is in. */
  private record Shape(
      List<CaptureObject> columns,
      long period,
      SortMethod method,
      CaptureObject sortObject,
      int entries,
      ProfileBuffer buffer) {}

  private final Clock clock;
  private final DeviceObjects objects;
  private final int most;
  private volatile Shape shape;

  /**
   * A profile that captures.
   *
   * @param period between two captures, in seconds; 0 where only capture (2) does
   * @param sortObject one of the columns where the method sorts, else {@link CaptureObject#NONE}
   * @param entries how many rows are kept, from 1; a client may set fewer, not more
   * @throws IllegalArgumentException where these do not go together
   */
  public ProfileGeneric(
      ObisCode logicalName,
      Clock clock,
      DeviceObjects objects,
      List<CaptureObject> columns,
      long period,
      SortMethod method,
      CaptureObject sortObject,
      int entries) {
    super(CLASS, logicalName);
    if (entries < 1 || (method.isSorted() && !columns.contains(sortObject))) {
      throw new IllegalArgumentException(entries + " entries, sorted by " + sortObject);
    }
    this.clock = clock;
    this.objects = objects;
    this.most = entries;
    this.shape = ring(List.copyOf(columns), period, method, sortObject, entries);
  }

  /**
   * A profile whose rows are made elsewhere, such as from a stored load curve, and whose attributes
   * clients can only read.
   *
   * @param buffer oldest row first
   */
  public ProfileGeneric(
      ObisCode logicalName,
      Clock clock,
      List<CaptureObject> columns,
      long period,
      int entries,
      ProfileBuffer buffer) {
    super(CLASS, logicalName);
    this.clock = clock;
    this.objects = new DeviceObjects();
    this.most = 0;
    this.shape =
        new Shape(
            List.copyOf(columns), period, SortMethod.FIFO, CaptureObject.NONE, entries, buffer);
  }

  private Shape ring(
      List<CaptureObject> columns,
      long period,
      SortMethod method,
      CaptureObject sortObject,
      int entries) {
    int sortColumn = columns.indexOf(sortObject);
    ProfileSelection keys = new ProfileSelection(columns, clock);
    return new Shape(
        columns,
        period,
        method,
        sortObject,
        entries,
        new ProfileRing(
            entries,
            method,
            // what is no number counts as 0
            row -> keys.key(row.get(sortColumn)).orElse(BigDecimal.ZERO)));
  }

  // --- rows

  private Outcome buffer(Optional<Selection> selection) throws Refusal {
    Shape now = shape;
    List<DlmsData.Structure> rows = now.buffer.entries();
    return new Outcome.Value(
        selection.isPresent()
            ? new ProfileSelection(now.columns, clock).select(rows, selection.get())
            : DlmsData.Array.of(rows));
  }

  /**
   * As the method capture.
   *
   * @throws Refusal where the rows are made elsewhere
   */
  public void capture() throws Refusal {
    refuseIfMade();
    Shape now = shape;
    List<DlmsData> cells = new ArrayList<>(now.columns.size());
    for (CaptureObject column : now.columns) {
      cells.add(column.read(objects));
    }
    // into the shape that the cells were read for, even if that has been replaced meanwhile
    now.buffer.add(DlmsData.Structure.of(cells));
  }

  /**
   * As the method reset.
   *
   * @throws Refusal where the rows are made elsewhere
   */
  public void reset() throws Refusal {
    refuseIfMade();
    clear(0);
  }

  private void clear(int depth) {
    shape.buffer.clear();
    if (depth < DEEPEST) {
      for (CosemObject other : objects.all()) {
        if (other != this && other instanceof ProfileGeneric profile && profile.captures(this)) {
          profile.clear(depth + 1);
        }
      }
    }
  }

  private boolean captures(ProfileGeneric other) {
    return shape.columns.stream().anyMatch(c -> names(c, other));
  }

  private static boolean names(CaptureObject column, ProfileGeneric profile) {
    return column.attribute().classId() == CLASS_ID
        && column.attribute().instance().equals(profile.logicalName());
  }

  private void refuseIfMade() throws Refusal {
    if (most == 0) {
      throw new Refusal(AccessResult.READ_WRITE_DENIED);
    }
  }

  // --- shape

  private interface Change {
    Shape of(Shape old) throws Refusal;
  }

  private void change(Change change) throws Refusal {
    refuseIfMade();
    synchronized (this) {
      shape = change.of(shape);
    }
    clear(0);
  }

  private void columns(DlmsData value) throws Refusal {
    List<CaptureObject> columns = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST_COLUMNS)) {
      CaptureObject column = CaptureObject.of(element);
      Optional<CosemObject> object = objects.find(column.attribute().instance());
      if (object.isEmpty()
          || object.get().identity().classId() != column.attribute().classId()
          || column.attribute().attribute() < 0
          || column.attribute().attribute() > object.get().identity().attributes()) {
        throw new Refusal(AccessResult.OBJECT_UNDEFINED);
      }
      if (leadsHere(column, 0)) {
        throw Refusal.value();
      }
      columns.add(column);
    }
    change(old -> {
      boolean sorts = columns.contains(old.sortObject);
      if (old.method.isSorted() && !sorts) {
        throw Refusal.value();
      }
      return ring(
          List.copyOf(columns),
          old.period,
          old.method,
          sorts ? old.sortObject : CaptureObject.NONE,
          old.entries);
    });
  }

  /** Whether a column is this profile's, or another one's that leads here. */
  private boolean leadsHere(CaptureObject column, int depth) {
    if (names(column, this) || depth > DEEPEST) {
      return true;
    }
    return column.attribute().classId() == CLASS_ID
        && objects.find(column.attribute().instance()).orElse(null) instanceof ProfileGeneric other
        && other.shape.columns.stream().anyMatch(c -> leadsHere(c, depth + 1));
  }

  private synchronized void period(long seconds) throws Refusal {
    refuseIfMade();
    Shape old = shape;
    shape = new Shape(old.columns, seconds, old.method, old.sortObject, old.entries, old.buffer);
  }

  private void sort(SortMethod method, CaptureObject sortObject) throws Refusal {
    change(old -> {
      boolean none = sortObject.equals(CaptureObject.NONE) && !method.isSorted();
      if (!none && !old.columns.contains(sortObject)) {
        throw Refusal.value();
      }
      return ring(old.columns, old.period, method, sortObject, old.entries);
    });
  }

  private void entries(long entries) throws Refusal {
    if (entries < 1 || entries > most) {
      refuseIfMade();
      throw Refusal.value();
    }
    change(old -> ring(old.columns, old.period, old.method, old.sortObject, (int) entries));
  }

  // --- time

  @Override
  public Optional<Instant> next(Instant after) {
    Shape now = shape;
    return most == 0 || now.period == 0
        ? Optional.empty()
        : Optional.of(Recurrence.nextPeriod(now.period, after, clock.rules()));
  }

  @Override
  public void tick(Instant now) {
    try {
      capture();
    } catch (Refusal e) {
      throw new IllegalStateException("a profile that is due captures", e);
    }
  }

  @Override
  public boolean changesOthers() {
    return false;
  }
}

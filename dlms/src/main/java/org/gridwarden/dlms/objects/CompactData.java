package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsData.TypeDescription;

/**
 * Compact data (class 62, version 1, IEC 62056-6-2 clause 4.3.10): values of other objects without
 * their types, which a description says once. Buffer and description are what a compact-array of
 * one structure would have as contents and as type. The template_id stands in the buffer where it
 * is itself one of the capture objects.
 *
 * <p>Captured by capture (2), or (capture_method 1) whenever the buffer is read. Thread-safe: what
 * was captured is one immutable value; other objects are read without a lock.
 */
public final class CompactData extends InterfaceObject {
  private static final int MOST = 100;
  private static final int FIELDS = 6;
  private static final int COMPACT_ARRAY_TAG_LENGTH = 1;

  private static final int INVOKED = 0;
  private static final int ON_READING = 1;

  private static final InterfaceClass<CompactData> CLASS =
      new InterfaceClass<CompactData>(62, 1, 6, 2)
          .attribute(2, CompactData::buffer)
          .attribute(
              3,
              c -> DlmsData.Array.of(c.columns.stream().map(o -> o.data(FIELDS)).toList()),
              (c, v) -> c.columns(v))
          .attribute(
              4,
              c -> new DlmsData.Unsigned8(c.templateId),
              (c, v) -> c.templateId = Values.unsigned8(v))
          .attribute(5, c -> c.captured.description)
          .attribute(
              6,
              c -> new DlmsData.Enumerated(c.method),
              (c, v) -> c.method = Values.enumerated(v, INVOKED, ON_READING))
          .plainMethod(1, CompactData::reset)
          .plainMethod(2, CompactData::capture);

  private record Captured(DlmsData.OctetString values, DlmsData.OctetString description) {}

  private static final Captured EMPTY =
      new Captured(DlmsData.OctetString.of(), DlmsData.OctetString.of());

  private final DeviceObjects objects;
  private volatile List<RestrictedObject> columns;
  private volatile int templateId;
  private volatile int method;
  private volatile Captured captured = EMPTY;

  /**
   * @param templateId 0 to 255
   * @param onReading whether the buffer is captured whenever it is read
   */
  public CompactData(
      ObisCode logicalName,
      DeviceObjects objects,
      List<RestrictedObject> columns,
      int templateId,
      boolean onReading) {
    super(CLASS, logicalName);
    this.objects = objects;
    this.columns = List.copyOf(columns);
    this.templateId = templateId;
    this.method = onReading ? ON_READING : INVOKED;
  }

  private DlmsData buffer() {
    if (method == ON_READING) {
      capture();
    }
    return captured.values;
  }

  /** Its own attributes but the template_id are none that it captures. */
  private void columns(DlmsData value) throws Refusal {
    List<RestrictedObject> changed = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      RestrictedObject column = RestrictedObject.of(element, FIELDS);
      if (column.object().attribute().instance().equals(logicalName())
          && column.object().attribute().attribute() != 4) {
        throw Refusal.value();
      }
      changed.add(column);
    }
    columns = List.copyOf(changed);
    reset();
  }

  /** As the method reset. */
  public void reset() {
    captured = EMPTY;
  }

  /** As the method capture. */
  public void capture() {
    List<DlmsData> values = new ArrayList<>();
    for (RestrictedObject column : columns) {
      DlmsData value = column.read(objects);
      // an array of unlike elements has no description
      values.add(isUniform(value) ? value : DlmsData.NullData.of());
    }
    DlmsData.Structure row = DlmsData.Structure.of(values);
    TypeDescription type = type(row);
    byte[] none = Axdr.encode(DlmsData.CompactArray.of(type, List.of()));
    byte[] one = Axdr.encode(DlmsData.CompactArray.of(type, List.of(row)));
    // tag, description, length of the contents (0 in the empty one), contents
    int description = none.length - 1;
    int length = one[description] & 0xFF;
    int contents = description + 1 + (length < 0x80 ? 0 : length & 0x7F);
    captured =
        new Captured(
            DlmsData.OctetString.of(Arrays.copyOfRange(one, contents, one.length)),
            DlmsData.OctetString.of(
                Arrays.copyOfRange(one, COMPACT_ARRAY_TAG_LENGTH, description)));
  }

  private static boolean isUniform(DlmsData data) {
    if (!(data instanceof DlmsData.Composite list)) {
      return true;
    }
    if (list instanceof DlmsData.CompactArray || list.size() > 0xFFFF) {
      return false;
    }
    for (DlmsData element : list.elements()) {
      if (!isUniform(element)
          || (list instanceof DlmsData.Array && !type(element).equals(type(list.get(0))))) {
        return false;
      }
    }
    return true;
  }

  private static TypeDescription type(DlmsData data) {
    return switch (data) {
      case DlmsData.Structure s ->
          new TypeDescription.StructureOf(s.elements().stream().map(CompactData::type).toList());
      case DlmsData.Array a ->
          new TypeDescription.ArrayOf(
              a.size(), a.size() == 0 ? new TypeDescription.Simple(0) : type(a.get(0)));
      default -> new TypeDescription.Simple(data.tag());
    };
  }

  /** What the buffer holds as it stands, for what is inside the meter. */
  public Optional<DlmsData.OctetString> captured() {
    return captured.values.length() == 0 ? Optional.empty() : Optional.of(captured.values);
  }
}

package org.gridwarden.dlms.objects;

import java.math.BigDecimal;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;

/**
 * The attribute that a register monitor or limiter looks at: value_definition (IEC 62056-6-2,
 * clauses 4.5.6 and 4.5.9). Immutable.
 */
record MonitoredValue(AttributeRef attribute) {
  /** None: class 0. */
  static final MonitoredValue NONE = new MonitoredValue(new AttributeRef(0, new ObisCode(0), 0));

  static MonitoredValue of(DlmsData data) throws Refusal {
    DlmsData.Structure s = Values.structure(data, 3);
    return new MonitoredValue(
        new AttributeRef(
            Values.longUnsigned(s.get(0)), Values.obis(s.get(1)), Values.integer8(s.get(2))));
  }

  DlmsData data() {
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(attribute.classId()),
        DlmsData.OctetString.of(attribute.instance()),
        new DlmsData.Integer8(attribute.attribute()));
  }

  boolean isNone() {
    return attribute.classId() == 0;
  }

  /** The value now, where it is a number. */
  Optional<DlmsData.Whole> read(DeviceObjects objects) {
    return !isNone()
            && objects.get(attribute, Optional.empty()) instanceof Outcome.Value(DlmsData data)
            && data instanceof DlmsData.Whole number
        ? Optional.of(number)
        : Optional.empty();
  }

  /** A threshold for the value: a whole number, of its type where the value can be read now. */
  DlmsData.Whole threshold(DlmsData data, DeviceObjects objects) throws Refusal {
    DlmsData.Whole threshold = Values.whole(data);
    Optional<DlmsData.Whole> value = read(objects);
    if (value.isPresent() && value.get().tag() != threshold.tag()) {
      throw Refusal.type();
    }
    return threshold;
  }

  /** Whether a value is over a threshold: greater, not equal. */
  static boolean over(DlmsData.Whole value, DlmsData.Whole threshold) {
    BigDecimal number = value.decimal();
    return number.compareTo(threshold.decimal()) > 0;
  }
}

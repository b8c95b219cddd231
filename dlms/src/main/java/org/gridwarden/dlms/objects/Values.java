package org.gridwarden.dlms.objects;

import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;

/** What a value must be, or the refusal that the client is told. Pure functions. */
final class Values {
  private static final int OBIS = 6;
  private static final int DATE_TIME = 12;

  private Values() {}

  /** The parameter of a method that has none to speak of: {@code integer (0)} or nothing. */
  static void plain(Optional<DlmsData> parameters) throws Refusal {
    if (parameters.isPresent()
        && !(parameters.get() instanceof DlmsData.Whole
            || parameters.get() instanceof DlmsData.NullData)) {
      throw Refusal.type();
    }
  }

  /** The parameter of a method that needs one. */
  static DlmsData parameter(Optional<DlmsData> parameters) throws Refusal {
    if (parameters.isEmpty()) {
      throw Refusal.type();
    }
    return parameters.get();
  }

  /** The same value with bytes of its own: a decoded one keeps its whole APDU in memory. */
  static DlmsData own(DlmsData data) {
    try {
      return Axdr.decode(Axdr.encode(data));
    } catch (DlmsException e) {
      throw new IllegalArgumentException(data.typeName() + " does not decode", e);
    }
  }

  /** A structure of so many elements. */
  static DlmsData.Structure structure(DlmsData data, int size) throws Refusal {
    if (data instanceof DlmsData.Structure s && s.size() == size) {
      return s;
    }
    throw Refusal.type();
  }

  /** An array's elements. */
  static List<DlmsData> array(DlmsData data) throws Refusal {
    if (data instanceof DlmsData.Array a) {
      return a.elements();
    }
    throw Refusal.type();
  }

  /** An array's elements, at most so many. */
  static List<DlmsData> array(DlmsData data, int most) throws Refusal {
    List<DlmsData> elements = array(data);
    if (elements.size() > most) {
      throw Refusal.value();
    }
    return elements;
  }

  static DlmsData.OctetString octets(DlmsData data) throws Refusal {
    if (data instanceof DlmsData.OctetString s) {
      return s;
    }
    throw Refusal.type();
  }

  /** An octet-string of at most so many bytes, as a copy: a decoded one keeps its APDU alive. */
  static DlmsData.OctetString octets(DlmsData data, int most) throws Refusal {
    DlmsData.OctetString s = octets(data);
    if (s.length() > most) {
      throw Refusal.value();
    }
    return DlmsData.OctetString.of(s.bytes());
  }

  static ObisCode obis(DlmsData data) throws Refusal {
    DlmsData.OctetString s = octets(data);
    if (s.length() != OBIS) {
      throw Refusal.type();
    }
    return ObisCode.of(s.bytes(), 0);
  }

  static boolean bool(DlmsData data) throws Refusal {
    if (data instanceof DlmsData.Bool b) {
      return b.value();
    }
    throw Refusal.type();
  }

  static int integer8(DlmsData data) throws Refusal {
    if (data instanceof DlmsData.Integer8 n) {
      return n.value();
    }
    throw Refusal.type();
  }

  static int long16(DlmsData data) throws Refusal {
    if (data instanceof DlmsData.Long16 n) {
      return n.value();
    }
    throw Refusal.type();
  }

  static int unsigned8(DlmsData data) throws Refusal {
    if (data instanceof DlmsData.Unsigned8 n) {
      return n.value();
    }
    throw Refusal.type();
  }

  static int longUnsigned(DlmsData data) throws Refusal {
    if (data instanceof DlmsData.LongUnsigned n) {
      return n.value();
    }
    throw Refusal.type();
  }

  static long doubleLongUnsigned(DlmsData data) throws Refusal {
    if (data instanceof DlmsData.DoubleLongUnsigned n) {
      return n.value();
    }
    throw Refusal.type();
  }

  /** A whole number of whatever width. */
  static DlmsData.Whole whole(DlmsData data) throws Refusal {
    if (data instanceof DlmsData.Whole n) {
      return n;
    }
    throw Refusal.type();
  }

  /** An enum from least to most. */
  static int enumerated(DlmsData data, int least, int most) throws Refusal {
    if (data instanceof DlmsData.Enumerated n) {
      return within(n.value(), least, most);
    }
    throw Refusal.type();
  }

  static int within(int value, int least, int most) throws Refusal {
    if (value < least || value > most) {
      throw Refusal.value();
    }
    return value;
  }

  /** The twelve bytes of a date-time, or the type of that name; any field may be unspecified. */
  static CosemDateTime dateTime(DlmsData data) throws Refusal {
    CosemDateTime time =
        switch (data) {
          case DlmsData.OctetString s when s.length() == DATE_TIME ->
              CosemDateTime.of(s.bytes(), 0);
          case DlmsData.DateTime t -> t.value();
          default -> throw Refusal.type();
        };
    CosemDate.of(time);
    CosemTime.of(time);
    if (time.deviation() != CosemDateTime.NO_DEVIATION
        && (time.deviation() < -840 || time.deviation() > 840)) {
      throw Refusal.value();
    }
    return time;
  }
}

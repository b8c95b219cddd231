package org.gridwarden.dlms.objects;

import java.util.List;
import java.util.function.IntPredicate;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;

/**
 * What an attribute or a method's parameter may be: its type and range, as the class descriptions
 * of IEC 62056-6-2 say them. Every type is bounded, so that what a client stores costs no more than
 * its type allows. Implementations are pure functions; thread-safe.
 */
@FunctionalInterface
public interface AttributeType {
  /** What is said of a value of the right type that is out of its range. */
  AccessResult OUT_OF_RANGE = AccessResult.OTHER_REASON;

  /**
   * Whether a value fits.
   *
   * @return success, TYPE_UNMATCHED where it has another type, {@link #OUT_OF_RANGE} where it has
   *     the type and not the range
   */
  AccessResult check(DlmsData value);

  /** Whether a value fits. */
  default boolean fits(DlmsData value) {
    return check(value).isSuccess();
  }

  private static AccessResult within(boolean type, boolean range) {
    return !type ? AccessResult.TYPE_UNMATCHED : range ? AccessResult.SUCCESS : OUT_OF_RANGE;
  }

  private static <T extends DlmsData.Whole> AttributeType whole(
      Class<T> type, long least, long most) {
    return value ->
        within(
            type.isInstance(value),
            value instanceof DlmsData.Whole n && n.asLong() >= least && n.asLong() <= most);
  }

  /** null-data. */
  static AttributeType nothing() {
    return value -> within(value instanceof DlmsData.NullData, true);
  }

  /** boolean. */
  static AttributeType bool() {
    return value -> within(value instanceof DlmsData.Bool, true);
  }

  /** integer, 8 bits. */
  static AttributeType integer(int least, int most) {
    return whole(DlmsData.Integer8.class, least, most);
  }

  /** unsigned, 0 to 255. */
  static AttributeType unsigned() {
    return unsigned(0, 255);
  }

  /** unsigned, of which a part is allowed. */
  static AttributeType unsigned(int least, int most) {
    return whole(DlmsData.Unsigned8.class, least, most);
  }

  /** long, 16 bits. */
  static AttributeType signed16() {
    return whole(DlmsData.Long16.class, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  /** long-unsigned, 0 to 65,535. */
  static AttributeType longUnsigned() {
    return longUnsigned(0, 0xFFFF);
  }

  /** long-unsigned, of which a part is allowed. */
  static AttributeType longUnsigned(int least, int most) {
    return whole(DlmsData.LongUnsigned.class, least, most);
  }

  /** double-long, 32 bits. */
  static AttributeType doubleLong() {
    return whole(DlmsData.DoubleLong.class, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** double-long-unsigned, 0 to 2^32 - 1. */
  static AttributeType doubleLongUnsigned() {
    return whole(DlmsData.DoubleLongUnsigned.class, 0, 0xFFFF_FFFFL);
  }

  /** long64-unsigned. */
  static AttributeType long64Unsigned() {
    return whole(DlmsData.Long64Unsigned.class, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** enum, 0 to the greatest that the class has a word for. */
  static AttributeType enumerated(int most) {
    return enumerated(n -> n <= most);
  }

  /** enum, where the words are not in one row. */
  static AttributeType enumerated(IntPredicate allowed) {
    return value ->
        within(
            value instanceof DlmsData.Enumerated,
            value instanceof DlmsData.Enumerated(int n) && allowed.test(n));
  }

  /** octet-string, with so many bytes. */
  static AttributeType octets(int least, int most) {
    return value ->
        within(
            value instanceof DlmsData.OctetString,
            value instanceof DlmsData.OctetString s && s.length() >= least && s.length() <= most);
  }

  /** octet-string that names another object: six bytes, or none where it names none. */
  static AttributeType reference() {
    return value ->
        within(
            value instanceof DlmsData.OctetString,
            value instanceof DlmsData.OctetString s && (s.length() == 6 || s.length() == 0));
  }

  /** octet-string that is formatted as a date-time, twelve bytes (clause 4.1.6.1). */
  static AttributeType dateTimeOctets() {
    return octets(12, 12);
  }

  /** date-time. */
  static AttributeType dateTime() {
    return value -> within(value instanceof DlmsData.DateTime, true);
  }

  /** visible-string, with at most so many characters. */
  static AttributeType visible(int most) {
    return value ->
        within(
            value instanceof DlmsData.VisibleString,
            value instanceof DlmsData.VisibleString(String s) && s.length() <= most);
  }

  /** utf8-string, with at most so many characters. */
  static AttributeType utf8(int most) {
    return value ->
        within(
            value instanceof DlmsData.Utf8String,
            value instanceof DlmsData.Utf8String(String s) && s.length() <= most);
  }

  /** bit-string, with so many bits. */
  static AttributeType bits(int least, int most) {
    return value ->
        within(
            value instanceof DlmsData.BitString,
            value instanceof DlmsData.BitString b && b.length() >= least && b.length() <= most);
  }

  /** array, with at most so many elements. */
  static AttributeType array(AttributeType element, int most) {
    return value ->
        value instanceof DlmsData.Array a
            ? a.size() > most ? OUT_OF_RANGE : all(a.elements(), element)
            : AccessResult.TYPE_UNMATCHED;
  }

  private static AccessResult all(List<DlmsData> elements, AttributeType type) {
    for (DlmsData element : elements) {
      AccessResult result = type.check(element);
      if (!result.isSuccess()) {
        return result;
      }
    }
    return AccessResult.SUCCESS;
  }

  /** structure, of just these. */
  static AttributeType structure(AttributeType... fields) {
    List<AttributeType> types = List.of(fields);
    return value -> {
      if (!(value instanceof DlmsData.Structure s) || s.size() != types.size()) {
        return AccessResult.TYPE_UNMATCHED;
      }
      for (int i = 0; i < types.size(); i++) {
        AccessResult result = types.get(i).check(s.get(i));
        if (!result.isSuccess()) {
          return result;
        }
      }
      return AccessResult.SUCCESS;
    };
  }

  /** CHOICE: one of these. */
  static AttributeType choice(AttributeType... types) {
    List<AttributeType> choices = List.of(types);
    return value -> {
      AccessResult best = AccessResult.TYPE_UNMATCHED;
      for (AttributeType type : choices) {
        AccessResult result = type.check(value);
        if (result.isSuccess()) {
          return result;
        }
        best = result.equals(AccessResult.TYPE_UNMATCHED) ? best : result;
      }
      return best;
    };
  }

  /** A simple value of any type: no list, and strings of at most so many bytes or characters. */
  static AttributeType simple(int most) {
    return value ->
        switch (value) {
          case DlmsData.Composite _ -> AccessResult.TYPE_UNMATCHED;
          case DlmsData.OctetString s -> within(true, s.length() <= most);
          case DlmsData.VisibleString(String s) -> within(true, s.length() <= most);
          case DlmsData.Utf8String(String s) -> within(true, s.length() <= most);
          case DlmsData.BitString b -> within(true, b.length() <= most * 8L);
          default -> AccessResult.SUCCESS;
        };
  }
}

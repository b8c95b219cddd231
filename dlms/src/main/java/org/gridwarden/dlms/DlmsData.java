package org.gridwarden.dlms;

import com.google.errorprone.annotations.Immutable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.gridwarden.cosem.ObisCode;
import org.jspecify.annotations.Nullable;

/**
 * A COSEM value, one type for each choice of Data (IEC 62056-6-2, clause 4.1.5; IEC 62056-5-3,
 * clause 9.5). Immutable. Small values are shared, so that hostile input cannot buy many objects
 * with few bytes.
 */
public sealed interface DlmsData {
  /** The choice's tag, 0 to 33, or 255. */
  int tag();

  /** The choice's name as the standard writes it: {@code double-long-unsigned}. */
  default String typeName() {
    return DataTags.name(tag());
  }

  /** A whole number of any width. */
  sealed interface Whole extends DlmsData {
    /** The number; of {@link Long64Unsigned} the 64 bits, negative from 2^63 on. */
    long asLong();

    /** The number, exact for every type. */
    default BigDecimal decimal() {
      return BigDecimal.valueOf(asLong());
    }
  }

  /** A list of values: array, structure, compact array. */
  sealed interface Composite extends DlmsData permits Array, Structure, CompactArray {
    int size();

    /**
     * One element.
     *
     * @throws IndexOutOfBoundsException outside 0 to size - 1
     */
    DlmsData get(int index);

    /** All elements, unmodifiable. */
    List<DlmsData> elements();
  }

  /** null-data [0]. */
  record NullData() implements DlmsData {
    static final NullData INSTANCE = new NullData();

    /** The shared one. */
    public static NullData of() {
      return INSTANCE;
    }

    @Override
    public int tag() {
      return 0;
    }
  }

  /** array [1]: elements of one type, by the standard; not enforced. */
  final class Array extends Elements implements Composite {
    static final Array EMPTY = new Array(new DlmsData[0]);

    Array(DlmsData[] owned) {
      super(owned);
    }

    public static Array of(DlmsData... elements) {
      return new Array(elements.clone());
    }

    public static Array of(List<? extends DlmsData> elements) {
      return new Array(elements.toArray(new DlmsData[0]));
    }

    @Override
    public int tag() {
      return 1;
    }
  }

  /** structure [2]. */
  final class Structure extends Elements implements Composite {
    static final Structure EMPTY = new Structure(new DlmsData[0]);

    Structure(DlmsData[] owned) {
      super(owned);
    }

    public static Structure of(DlmsData... elements) {
      return new Structure(elements.clone());
    }

    public static Structure of(List<? extends DlmsData> elements) {
      return new Structure(elements.toArray(new DlmsData[0]));
    }

    @Override
    public int tag() {
      return 2;
    }
  }

  /** compact-array [19]: elements of one described type, packed without their tags. */
  final class CompactArray extends Elements implements Composite {
    private final TypeDescription type;

    CompactArray(TypeDescription type, DlmsData[] owned) {
      super(owned);
      this.type = type;
    }

    public static CompactArray of(TypeDescription type, List<? extends DlmsData> elements) {
      return new CompactArray(type, elements.toArray(new DlmsData[0]));
    }

    /** What each element is. */
    public TypeDescription type() {
      return type;
    }

    @Override
    public int tag() {
      return 19;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return super.equals(other) && other instanceof CompactArray that && type.equals(that.type);
    }

    @Override
    public int hashCode() {
      return super.hashCode() * 31 + type.hashCode();
    }
  }

  /** How a compact array describes its elements. */
  @Immutable
  sealed interface TypeDescription {
    /** A type that is neither array nor structure. */
    record Simple(int tag) implements TypeDescription {}

    /** An array of a fixed count, 0 to 65535. */
    record ArrayOf(int count, TypeDescription element) implements TypeDescription {}

    /** A structure of described elements. */
    @SuppressWarnings("Immutable") // List.copyOf below
    record StructureOf(List<TypeDescription> elements) implements TypeDescription {
      public StructureOf {
        elements = List.copyOf(elements);
      }
    }
  }

  /** boolean [3]. */
  record Bool(boolean value) implements DlmsData {
    static final Bool TRUE = new Bool(true);
    static final Bool FALSE = new Bool(false);

    @Override
    public int tag() {
      return 3;
    }
  }

  /** bit-string [4]: the first bit is the most significant bit of the first byte. */
  final class BitString implements DlmsData {
    private final byte[] bits;
    private final int length;

    BitString(byte[] owned, int length) {
      this.bits = owned;
      this.length = length;
    }

    /**
     * Of the first {@code length} bits; the rest of the last byte is cleared.
     *
     * @throws IllegalArgumentException where there are fewer bits than that
     */
    public static BitString of(byte[] bits, int length) {
      if (length < 0 || length > bits.length * 8L) {
        throw new IllegalArgumentException(length + " bits do not fit " + bits.length + " bytes");
      }
      byte[] copy = Arrays.copyOf(bits, (length + 7) / 8);
      if (length % 8 != 0) {
        copy[copy.length - 1] &= (byte) (0xFF << 8 - length % 8);
      }
      return new BitString(copy, length);
    }

    /** How many bits. */
    public int length() {
      return length;
    }

    /** Whether the bit is set; bit 0 is the first sent. */
    public boolean bit(int index) {
      return (bits[index / 8] >> 7 - index % 8 & 1) != 0;
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
      return bits.clone();
    }

    @Override
    public int tag() {
      return 4;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof BitString that
          && length == that.length
          && Arrays.equals(bits, that.bits);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bits) * 31 + length;
    }

    /** The bits as zeros and ones, the first sent first. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(length);
      for (int i = 0; i < length; i++) {
        text.append(bit(i) ? '1' : '0');
      }
      return text.toString();
    }
  }

  /** double-long [5]: 32 bits, signed. */
  record DoubleLong(int value) implements Whole {
    @Override
    public int tag() {
      return 5;
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** double-long-unsigned [6]: 0 to 2^32 - 1. */
  record DoubleLongUnsigned(long value) implements Whole {
    /**
     * @throws IllegalArgumentException outside its range
     */
    public DoubleLongUnsigned {
      Ranges.check(value, 0, 0xFFFF_FFFFL, "double-long-unsigned");
    }

    @Override
    public int tag() {
      return 6;
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /**
   * octet-string [9]. Decoded ones are windows on the bytes they came from: nothing is copied, and
   * the bytes must not change.
   */
  final class OctetString implements DlmsData {
    public static final OctetString EMPTY = new OctetString(new byte[0], 0, 0);
    private final byte[] buffer;
    private final int from;
    private final int length;

    OctetString(byte[] buffer, int from, int length) {
      this.buffer = buffer;
      this.from = from;
      this.length = length;
    }

    /**
     * A window on a part of an array. Nothing is copied: the bytes must not change any more.
     *
     * @throws IndexOutOfBoundsException where the array has no such part
     */
    public static OctetString window(byte[] bytes, int from, int length) {
      Objects.checkFromIndexSize(from, length, bytes.length);
      return length == 0 ? EMPTY : new OctetString(bytes, from, length);
    }

    /** Copies. */
    public static OctetString of(byte... bytes) {
      return new OctetString(bytes.clone(), 0, bytes.length);
    }

    /** The six bytes of a logical name. */
    public static OctetString of(ObisCode obis) {
      return new OctetString(obis.bytes(), 0, 6);
    }

    /** The twelve bytes of a date-time. */
    public static OctetString of(CosemDateTime time) {
      return new OctetString(time.bytes(), 0, 12);
    }

    public int length() {
      return length;
    }

    /** One byte, 0 to 255. */
    public int at(int index) {
      return buffer[from + Objects.checkIndex(index, length)] & 0xFF;
    }

    /** A copy. */
    public byte[] bytes() {
      return Arrays.copyOfRange(buffer, from, from + length);
    }

    /**
     * Copies them into an array.
     *
     * @throws IndexOutOfBoundsException where it has no room there
     */
    public void copyTo(byte[] into, int at) {
      System.arraycopy(buffer, from, into, at, length);
    }

    byte[] buffer() {
      return buffer;
    }

    int from() {
      return from;
    }

    /** In hexadecimal, upper case. */
    public String hex() {
      return HexFormat.of().withUpperCase().formatHex(buffer, from, from + length);
    }

    @Override
    public int tag() {
      return 9;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof OctetString that
          && Arrays.equals(
              buffer, from, from + length, that.buffer, that.from, that.from + that.length);
    }

    @Override
    public int hashCode() {
      int hash = 1;
      for (int i = from; i < from + length; i++) {
        hash = 31 * hash + buffer[i];
      }
      return hash;
    }

    @Override
    public String toString() {
      return "OctetString[" + hex() + "]";
    }
  }

  /** visible-string [10]: one character a byte, read as ISO 8859-1 so that nothing is lost. */
  record VisibleString(String value) implements DlmsData {
    @Override
    public int tag() {
      return 10;
    }
  }

  /** utf8-string [12]. */
  record Utf8String(String value) implements DlmsData {
    @Override
    public int tag() {
      return 12;
    }
  }

  /**
   * bcd [13]: one byte.
   *
   * @param bits the byte, 0 to 255
   */
  record Bcd(int bits) implements DlmsData {
    /**
     * @throws IllegalArgumentException outside its range
     */
    public Bcd {
      Ranges.check(bits, 0, 255, "bcd");
    }

    @Override
    public int tag() {
      return 13;
    }
  }

  /** integer [15]: 8 bits, signed. */
  record Integer8(int value) implements Whole {
    private static final Integer8[] SHARED = new Integer8[256];

    static {
      Arrays.setAll(SHARED, i -> new Integer8((byte) i));
    }

    /**
     * @throws IllegalArgumentException outside its range
     */
    public Integer8 {
      Ranges.check(value, -128, 127, "integer");
    }

    static Integer8 ofByte(int bits) {
      return SHARED[bits & 0xFF];
    }

    @Override
    public int tag() {
      return 15;
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** long [16]: 16 bits, signed. */
  record Long16(int value) implements Whole {
    /**
     * @throws IllegalArgumentException outside its range
     */
    public Long16 {
      Ranges.check(value, -32768, 32767, "long");
    }

    @Override
    public int tag() {
      return 16;
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** unsigned [17]: 0 to 255. */
  record Unsigned8(int value) implements Whole {
    private static final Unsigned8[] SHARED = new Unsigned8[256];

    static {
      Arrays.setAll(SHARED, Unsigned8::new);
    }

    /**
     * @throws IllegalArgumentException outside its range
     */
    public Unsigned8 {
      Ranges.check(value, 0, 255, "unsigned");
    }

    static Unsigned8 ofByte(int bits) {
      return SHARED[bits & 0xFF];
    }

    @Override
    public int tag() {
      return 17;
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** long-unsigned [18]: 0 to 65535. */
  record LongUnsigned(int value) implements Whole {
    /**
     * @throws IllegalArgumentException outside its range
     */
    public LongUnsigned {
      Ranges.check(value, 0, 65535, "long-unsigned");
    }

    @Override
    public int tag() {
      return 18;
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** long64 [20]: signed. */
  record Long64(long value) implements Whole {
    @Override
    public int tag() {
      return 20;
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /**
   * long64-unsigned [21]: 0 to 2^64 - 1.
   *
   * @param bits the 64 bits
   */
  record Long64Unsigned(long bits) implements Whole {
    @Override
    public int tag() {
      return 21;
    }

    @Override
    public long asLong() {
      return bits;
    }

    @Override
    public BigDecimal decimal() {
      return bits >= 0
          ? BigDecimal.valueOf(bits)
          : new BigDecimal(new BigInteger(Long.toUnsignedString(bits)));
    }
  }

  /** enum [22]: 0 to 255. */
  record Enumerated(int value) implements Whole {
    private static final Enumerated[] SHARED = new Enumerated[256];

    static {
      Arrays.setAll(SHARED, Enumerated::new);
    }

    /**
     * @throws IllegalArgumentException outside its range
     */
    public Enumerated {
      Ranges.check(value, 0, 255, "enum");
    }

    static Enumerated ofByte(int bits) {
      return SHARED[bits & 0xFF];
    }

    @Override
    public int tag() {
      return 22;
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** float32 [23], NaN and infinities included. */
  record Float32(float value) implements DlmsData {
    @Override
    public int tag() {
      return 23;
    }
  }

  /** float64 [24], NaN and infinities included. */
  record Float64(double value) implements DlmsData {
    @Override
    public int tag() {
      return 24;
    }
  }

  /** date-time [25]. */
  record DateTime(CosemDateTime value) implements DlmsData {
    @Override
    public int tag() {
      return 25;
    }
  }

  /** date [26], five bytes: year 0xFFFF, month, day and day of week 0xFF where unspecified. */
  record Date(int year, int month, int day, int dayOfWeek) implements DlmsData {
    @Override
    public int tag() {
      return 26;
    }
  }

  /** time [27], four bytes, each 0xFF where unspecified. */
  record Time(int hour, int minute, int second, int hundredths) implements DlmsData {
    @Override
    public int tag() {
      return 27;
    }
  }

  /**
   * The delta types [28] to [33]: a difference to the value before it in a profile.
   *
   * @param tag 28 delta-integer, 29 delta-long, 30 delta-double-long, 31 delta-unsigned, 32
   *     delta-long-unsigned, 33 delta-double-long-unsigned
   * @param value the difference
   */
  record Delta(int tag, long value) implements Whole {
    /**
     * @throws IllegalArgumentException where the tag is no delta type or the value is out of range
     */
    public Delta {
      switch (tag) {
        case 28 -> Ranges.check(value, -128, 127, "delta-integer");
        case 29 -> Ranges.check(value, -32768, 32767, "delta-long");
        case 30 -> Ranges.check(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "delta-double-long");
        case 31 -> Ranges.check(value, 0, 255, "delta-unsigned");
        case 32 -> Ranges.check(value, 0, 65535, "delta-long-unsigned");
        case 33 -> Ranges.check(value, 0, 0xFFFF_FFFFL, "delta-double-long-unsigned");
        default -> throw new IllegalArgumentException(tag + " is not the tag of a delta type");
      }
    }

    @Override
    public long asLong() {
      return value;
    }
  }

  /** don't-care [255]. */
  record DontCare() implements DlmsData {
    static final DontCare INSTANCE = new DontCare();

    @Override
    public int tag() {
      return 255;
    }
  }
}

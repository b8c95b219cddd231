package org.gridwarden.dlms;

import static org.gridwarden.dlms.DlmsException.malformed;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData.TypeDescription;
import org.jspecify.annotations.Nullable;

/**
 * Reads A-XDR from a window of bytes. Every object is paid for from a budget before it is made, so
 * that no nesting of counts and empty elements buys more memory than {@link #BUDGET_FACTOR} times
 * the input. Not thread-safe.
 */
final class AxdrReader {
  static final int MAX_DEPTH = 32;
  static final int BUDGET_FACTOR = 14;
  private static final int BUDGET_FLOOR = 16 * 1024;
  // sizes of objects with compressed references: a header is 12 bytes, all is rounded up to 8
  private static final int SMALL_OBJECT = 16;
  private static final int OBJECT = 24;
  private static final int REFERENCE = 4;
  // what an element of no bytes costs: time, rather than memory
  private static final int NOTHING = 16;

  private final byte[] in;
  private final boolean tolerant;
  private int end;
  private int at;
  private long budget;

  AxdrReader(byte[] in, int from, int end) {
    this(in, from, end, false, (long) BUDGET_FACTOR * Math.max(end - from, BUDGET_FLOOR));
  }

  /**
   * @param tolerant whether to read two mistakes of fielded meters as what they mean, see {@link
   *     #mistaken}
   */
  AxdrReader(byte[] in, int from, int end, boolean tolerant, long budget) {
    this.in = in;
    this.tolerant = tolerant;
    this.at = from;
    this.end = end;
    this.budget = budget;
  }

  /** What is left of the budget: a second look at the same bytes gets no new one. */
  long budget() {
    return budget;
  }

  /** Where the next byte stands. */
  int at() {
    return at;
  }

  int left() {
    return end - at;
  }

  byte[] buffer() {
    return in;
  }

  void expectEnd() throws DlmsException {
    if (at != end) {
      throw malformed(at, (end - at) + " bytes follow the end of the value");
    }
  }

  int peek() throws DlmsException {
    need(1, "a byte");
    return in[at] & 0xFF;
  }

  int u8(String what) throws DlmsException {
    need(1, what);
    return in[at++] & 0xFF;
  }

  int u16(String what) throws DlmsException {
    need(2, what);
    at += 2;
    return (in[at - 2] & 0xFF) << 8 | in[at - 1] & 0xFF;
  }

  int i32(String what) throws DlmsException {
    need(4, what);
    at += 4;
    return in[at - 4] << 24
        | (in[at - 3] & 0xFF) << 16
        | (in[at - 2] & 0xFF) << 8
        | in[at - 1] & 0xFF;
  }

  long i64(String what) throws DlmsException {
    return (long) i32(what) << 32 | i32(what) & 0xFFFF_FFFFL;
  }

  /** Moves on over bytes and tells where they began. */
  int skip(int count, String what) throws DlmsException {
    need(count, what);
    at += count;
    return at - count;
  }

  ObisCode obis(String what) throws DlmsException {
    return ObisCode.of(in, skip(6, what));
  }

  /**
   * A length or count: one byte below 0x80, else 0x81 to 0x84 and that many bytes. Never more than
   * the bytes that are left, for nothing that is counted takes less than one.
   */
  int length(String what) throws DlmsException {
    int start = at;
    long length = rawLength(what);
    if (length > end - at) {
      throw malformed(
          start, what + " says " + length + ", but only " + (end - at) + " bytes are left");
    }
    return (int) length;
  }

  private long rawLength(String what) throws DlmsException {
    int start = at;
    int first = u8(what);
    if (first < 0x80) {
      return first;
    }
    int count = first & 0x7F;
    if (count < 1 || count > 4) {
      throw malformed(
          start, "the length of " + what + " takes " + count + " bytes; 1 to 4 are allowed");
    }
    long length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | u8(what);
    }
    return length;
  }

  /** An OCTET STRING without its tag: length and bytes. */
  byte[] octets(String what) throws DlmsException {
    int length = length(what);
    int from = skip(length, what);
    return Arrays.copyOfRange(in, from, from + length);
  }

  /** An OCTET STRING without its tag, which keeps the array. */
  DlmsData.OctetString octetString(String what) throws DlmsException {
    int length = length(what);
    return new DlmsData.OctetString(in, skip(length, what), length);
  }

  /** A boolean, or whether something optional is there: 0 or not 0. */
  boolean flag(String what) throws DlmsException {
    return u8(what) != 0;
  }

  /** A value with its tag. */
  DlmsData data() throws DlmsException {
    return data(0);
  }

  private DlmsData data(int depth) throws DlmsException {
    int start = at;
    int tag = u8("a data type's tag");
    return switch (tag) {
      case 1, 2 -> list(tag, depth, start);
      case 19 -> compactArray(depth);
      default -> scalar(tag, start);
    };
  }

  private DlmsData list(int tag, int depth, int start) throws DlmsException {
    if (depth >= MAX_DEPTH) {
      throw malformed(start, "data nest deeper than " + MAX_DEPTH);
    }
    int count = length(tag == 1 ? "an array's count" : "a structure's count");
    if (count == 0) {
      return tag == 1 ? DlmsData.Array.EMPTY : DlmsData.Structure.EMPTY;
    }
    charge(SMALL_OBJECT);
    DlmsData[] elements = room(count);
    for (int i = 0; i < count; i++) {
      if (i == elements.length) {
        elements = grow(elements, count);
      }
      DlmsData mistaken = tolerant && i == 0 && tag == 2 ? mistaken() : null;
      elements[i] = mistaken != null ? mistaken : data(depth + 1);
    }
    return tag == 1 ? new DlmsData.Array(elements) : new DlmsData.Structure(elements);
  }

  /**
   * What fielded meters write at the beginning of a structure against the standard: an attribute
   * descriptor (class id, logical name, attribute index) without any tags, as the Czech push lists
   * have; and a logical name whose tag and length are swapped, 06 09 for 09 06.
   */
  private @Nullable DlmsData mistaken() throws DlmsException {
    if (left() < 10) {
      return null;
    }
    boolean name = in[at + 2] >= 0 && in[at + 2] <= 15 && in[at + 7] == (byte) 0xFF;
    if (name && in[at] == 0 && in[at + 1] != 0 && in[at + 8] > 0 && in[at + 8] < 32) {
      charge(5L * OBJECT);
      return new DlmsData.Structure(
          new DlmsData[] {
            new DlmsData.LongUnsigned(u16("a class id")),
            new DlmsData.OctetString(in, skip(6, "a logical name"), 6),
            DlmsData.Integer8.ofByte(u8("an attribute index"))
          });
    }
    if (name && in[at] == 6 && in[at + 1] == 9) {
      charge(OBJECT);
      skip(2, "a logical name");
      return new DlmsData.OctetString(in, skip(6, "a logical name"), 6);
    }
    return null;
  }

  private DlmsData scalar(int tag, int start) throws DlmsException {
    String name = DataTags.name(tag);
    switch (tag) {
      case 0:
        return DlmsData.NullData.INSTANCE;
      case 3:
        return u8(name) != 0 ? DlmsData.Bool.TRUE : DlmsData.Bool.FALSE;
      case 4:
        return bitString(start);
      case 5:
        charge(SMALL_OBJECT);
        return new DlmsData.DoubleLong(i32(name));
      case 6:
        charge(OBJECT);
        return new DlmsData.DoubleLongUnsigned(i32(name) & 0xFFFF_FFFFL);
      case 9:
        {
          int length = length(name);
          if (length == 0) {
            return DlmsData.OctetString.EMPTY;
          }
          charge(OBJECT);
          return new DlmsData.OctetString(in, skip(length, name), length);
        }
      case 10:
        return new DlmsData.VisibleString(text(name, StandardCharsets.ISO_8859_1));
      case 12:
        return new DlmsData.Utf8String(text(name, StandardCharsets.UTF_8));
      case 13:
        charge(SMALL_OBJECT);
        return new DlmsData.Bcd(u8(name));
      case 15:
        return DlmsData.Integer8.ofByte(u8(name));
      case 16:
        charge(SMALL_OBJECT);
        return new DlmsData.Long16((short) u16(name));
      case 17:
        return DlmsData.Unsigned8.ofByte(u8(name));
      case 18:
        charge(SMALL_OBJECT);
        return new DlmsData.LongUnsigned(u16(name));
      case 20:
        charge(OBJECT);
        return new DlmsData.Long64(i64(name));
      case 21:
        charge(OBJECT);
        return new DlmsData.Long64Unsigned(i64(name));
      case 22:
        return DlmsData.Enumerated.ofByte(u8(name));
      case 23:
        charge(SMALL_OBJECT);
        return new DlmsData.Float32(Float.intBitsToFloat(i32(name)));
      case 24:
        charge(OBJECT);
        return new DlmsData.Float64(Double.longBitsToDouble(i64(name)));
      case 25:
        charge(56 + SMALL_OBJECT);
        return new DlmsData.DateTime(CosemDateTime.of(in, skip(12, name)));
      case 26:
        charge(2 * SMALL_OBJECT);
        return new DlmsData.Date(u16(name), u8(name), u8(name), u8(name));
      case 27:
        charge(2 * SMALL_OBJECT);
        return new DlmsData.Time(u8(name), u8(name), u8(name), u8(name));
      case 28:
        charge(OBJECT);
        return new DlmsData.Delta(tag, (byte) u8(name));
      case 29:
        charge(OBJECT);
        return new DlmsData.Delta(tag, (short) u16(name));
      case 30:
        charge(OBJECT);
        return new DlmsData.Delta(tag, i32(name));
      case 31:
        charge(OBJECT);
        return new DlmsData.Delta(tag, u8(name));
      case 32:
        charge(OBJECT);
        return new DlmsData.Delta(tag, u16(name));
      case 33:
        charge(OBJECT);
        return new DlmsData.Delta(tag, i32(name) & 0xFFFF_FFFFL);
      case 255:
        return DlmsData.DontCare.INSTANCE;
      default:
        throw malformed(start, "0x%02X is not the tag of a data type".formatted(tag));
    }
  }

  private DlmsData bitString(int start) throws DlmsException {
    long bits = rawLength("bit-string");
    long bytes = (bits + 7) / 8;
    if (bytes > left()) {
      throw malformed(
          start, "a bit-string says " + bits + " bits, but only " + left() + " bytes are left");
    }
    charge(2 * OBJECT + bytes + 8);
    int from = skip((int) bytes, "bit-string");
    byte[] copy = Arrays.copyOfRange(in, from, at);
    if (bits % 8 != 0) {
      copy[copy.length - 1] &= (byte) (0xFF << 8 - bits % 8);
    }
    return new DlmsData.BitString(copy, (int) bits);
  }

  private String text(String name, Charset charset) throws DlmsException {
    int length = length(name);
    // record, String, its bytes (two a character where it is not Latin-1)
    charge(SMALL_OBJECT + OBJECT + OBJECT + 2L * length);
    return new String(in, skip(length, name), length, charset);
  }

  // --- compact arrays: a type description, then the elements' contents packed

  private DlmsData compactArray(int depth) throws DlmsException {
    TypeDescription type = description(depth + 1);
    int bytes = length("a compact-array's contents");
    int outerEnd = end;
    end = at + bytes;
    charge(OBJECT);
    DlmsData[] elements = room(16);
    int count = 0;
    while (at < end) {
      int start = at;
      if (count == elements.length) {
        elements = grow(elements, Integer.MAX_VALUE);
      }
      elements[count++] = packed(type, depth + 1, start);
      if (at == start) {
        throw malformed(start, "a compact-array's elements take no bytes, but bytes are left");
      }
    }
    end = outerEnd;
    charge((long) REFERENCE * count + 16);
    return new DlmsData.CompactArray(type, Arrays.copyOf(elements, count));
  }

  private TypeDescription description(int depth) throws DlmsException {
    int start = at;
    if (depth >= MAX_DEPTH) {
      throw malformed(start, "data nest deeper than " + MAX_DEPTH);
    }
    int tag = u8("a type description's tag");
    charge(OBJECT);
    switch (tag) {
      case 1:
        {
          int count = u16("a described array's count");
          return new TypeDescription.ArrayOf(count, description(depth + 1));
        }
      case 2:
        {
          int count = length("a described structure's count");
          charge(3L * OBJECT);
          List<TypeDescription> elements = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            charge(4L * REFERENCE); // the list while it grows, and its copy
            elements.add(description(depth + 1));
          }
          return new TypeDescription.StructureOf(elements);
        }
      case 19:
        throw malformed(start, "a compact-array inside a compact-array is not allowed");
      default:
        if (DataTags.name(tag).isEmpty()) {
          throw malformed(start, "0x%02X is not the tag of a data type".formatted(tag));
        }
        return new TypeDescription.Simple(tag);
    }
  }

  private DlmsData packed(TypeDescription type, int depth, int start) throws DlmsException {
    return switch (type) {
      case TypeDescription.Simple(int tag) -> {
        if (tag == 0 || tag == 255) {
          charge(NOTHING); // no byte of the input stands behind it
        }
        yield scalar(tag, start);
      }
      case TypeDescription.ArrayOf(int count, TypeDescription element) -> {
        if (count == 0) {
          charge(NOTHING);
          yield DlmsData.Array.EMPTY;
        }
        charge(SMALL_OBJECT);
        DlmsData[] elements = room(count);
        for (int i = 0; i < count; i++) {
          if (i == elements.length) {
            elements = grow(elements, count);
          }
          elements[i] = packed(element, depth + 1, at);
        }
        yield new DlmsData.Array(elements);
      }
      case TypeDescription.StructureOf(List<TypeDescription> types) -> {
        int count = types.size();
        charge(NOTHING + SMALL_OBJECT + SMALL_OBJECT + (long) REFERENCE * count);
        DlmsData[] elements = new DlmsData[count];
        for (int i = 0; i < count; i++) {
          elements[i] = packed(types.get(i), depth + 1, at);
        }
        yield count == 0 ? DlmsData.Structure.EMPTY : new DlmsData.Structure(elements);
      }
    };
  }

  // --- memory

  private DlmsData[] room(int count) throws DlmsException {
    int size = Math.min(count, 16);
    charge(SMALL_OBJECT + (long) REFERENCE * size);
    return new DlmsData[size];
  }

  private DlmsData[] grow(DlmsData[] elements, int most) throws DlmsException {
    int size = (int) Math.min(most, 2L * elements.length);
    charge(SMALL_OBJECT + (long) REFERENCE * size);
    return Arrays.copyOf(elements, size);
  }

  /** Takes so many bytes of memory from the budget. */
  void charge(long bytes) throws DlmsException {
    budget -= bytes;
    if (budget < 0) {
      throw malformed(at, "the data unfold to far more than they weigh; refused");
    }
  }

  private void need(int count, String what) throws DlmsException {
    if (count > end - at) {
      throw malformed(
          at, what + " takes " + count + " bytes, but only " + (end - at) + " are left");
    }
  }
}

package org.gridwarden.dlms;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.gridwarden.dlms.DlmsData.TypeDescription;

/** Writes A-XDR into a growing array. Not thread-safe. */
final class AxdrWriter {
  private byte[] out;
  private int at;

  AxdrWriter(int expected) {
    this.out = new byte[expected];
  }

  /** What was written; nothing is written afterwards. */
  byte[] bytes() {
    return at == out.length ? out : Arrays.copyOf(out, at);
  }

  AxdrWriter u8(int value) {
    room(1);
    out[at++] = (byte) value;
    return this;
  }

  AxdrWriter u16(int value) {
    room(2);
    out[at++] = (byte) (value >> 8);
    out[at++] = (byte) value;
    return this;
  }

  AxdrWriter u32(long value) {
    room(4);
    out[at++] = (byte) (value >> 24);
    out[at++] = (byte) (value >> 16);
    out[at++] = (byte) (value >> 8);
    out[at++] = (byte) value;
    return this;
  }

  AxdrWriter raw(byte[] bytes, int from, int length) {
    room(length);
    System.arraycopy(bytes, from, out, at, length);
    at += length;
    return this;
  }

  AxdrWriter raw(byte[] bytes) {
    return raw(bytes, 0, bytes.length);
  }

  /** A length or count in as few bytes as it takes. */
  AxdrWriter length(int length) {
    if (length < 0x80) {
      return u8(length);
    }
    if (length < 0x100) {
      return u8(0x81).u8(length);
    }
    if (length < 0x10000) {
      return u8(0x82).u16(length);
    }
    return u8(0x84).u32(length);
  }

  /** An OCTET STRING without its tag. */
  AxdrWriter octets(byte[] bytes) {
    return length(bytes.length).raw(bytes);
  }

  /** The same of a window. */
  AxdrWriter octets(DlmsData.OctetString bytes) {
    return length(bytes.length()).raw(bytes.buffer(), bytes.from(), bytes.length());
  }

  /** A value with its tag. */
  AxdrWriter data(DlmsData value) {
    u8(value.tag());
    switch (value) {
      case DlmsData.Array list -> list(list);
      case DlmsData.Structure list -> list(list);
      case DlmsData.CompactArray compact -> {
        description(compact.type());
        AxdrWriter contents = new AxdrWriter(64);
        for (DlmsData element : compact.elements()) {
          contents.packed(compact.type(), element);
        }
        length(contents.at).raw(contents.out, 0, contents.at);
      }
      default -> contents(value);
    }
    return this;
  }

  private void list(DlmsData.Composite list) {
    length(list.size());
    for (int i = 0; i < list.size(); i++) {
      data(list.get(i));
    }
  }

  private void contents(DlmsData value) {
    switch (value) {
      case DlmsData.NullData _, DlmsData.DontCare _ -> {}
      case DlmsData.Bool b -> u8(b.value() ? 1 : 0);
      case DlmsData.BitString b -> length(b.length()).raw(b.bytes());
      case DlmsData.DoubleLong n -> u32(n.value());
      case DlmsData.DoubleLongUnsigned n -> u32(n.value());
      case DlmsData.OctetString s -> octets(s);
      case DlmsData.VisibleString s -> octets(s.value().getBytes(StandardCharsets.ISO_8859_1));
      case DlmsData.Utf8String s -> octets(s.value().getBytes(StandardCharsets.UTF_8));
      case DlmsData.Bcd b -> u8(b.bits());
      case DlmsData.Integer8 n -> u8(n.value());
      case DlmsData.Long16 n -> u16(n.value());
      case DlmsData.Unsigned8 n -> u8(n.value());
      case DlmsData.LongUnsigned n -> u16(n.value());
      case DlmsData.Long64 n -> u32(n.value() >> 32).u32(n.value());
      case DlmsData.Long64Unsigned n -> u32(n.bits() >> 32).u32(n.bits());
      case DlmsData.Enumerated n -> u8(n.value());
      case DlmsData.Float32 f -> u32(Float.floatToRawIntBits(f.value()));
      case DlmsData.Float64 f -> {
        long bits = Double.doubleToRawLongBits(f.value());
        u32(bits >> 32).u32(bits);
      }
      case DlmsData.DateTime t -> raw(t.value().bytes());
      case DlmsData.Date d -> u16(d.year()).u8(d.month()).u8(d.day()).u8(d.dayOfWeek());
      case DlmsData.Time t -> u8(t.hour()).u8(t.minute()).u8(t.second()).u8(t.hundredths());
      case DlmsData.Delta d -> {
        switch (d.tag()) {
          case 28, 31 -> u8((int) d.value());
          case 29, 32 -> u16((int) d.value());
          default -> u32(d.value());
        }
      }
      case DlmsData.Composite list ->
          throw new IllegalArgumentException(list.typeName() + " has no packed contents");
    }
  }

  private void description(TypeDescription type) {
    switch (type) {
      case TypeDescription.Simple(int tag) -> u8(tag);
      case TypeDescription.ArrayOf(int count, TypeDescription element) -> {
        u8(1).u16(count);
        description(element);
      }
      case TypeDescription.StructureOf(var elements) -> {
        u8(2).length(elements.size());
        elements.forEach(this::description);
      }
    }
  }

  private void packed(TypeDescription type, DlmsData value) {
    switch (type) {
      case TypeDescription.Simple(int tag) -> {
        if (value.tag() != tag) {
          throw unlike(type, value);
        }
        contents(value);
      }
      case TypeDescription.ArrayOf(int count, TypeDescription element) -> {
        if (!(value instanceof DlmsData.Array array) || array.size() != count) {
          throw unlike(type, value);
        }
        array.elements().forEach(e -> packed(element, e));
      }
      case TypeDescription.StructureOf(var types) -> {
        if (!(value instanceof DlmsData.Structure structure) || structure.size() != types.size()) {
          throw unlike(type, value);
        }
        for (int i = 0; i < types.size(); i++) {
          packed(types.get(i), structure.get(i));
        }
      }
    }
  }

  private static IllegalArgumentException unlike(TypeDescription type, DlmsData value) {
    return new IllegalArgumentException(
        "a compact-array of " + type + " cannot hold a " + value.typeName());
  }

  private void room(int count) {
    if (count > out.length - at) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, at + count));
    }
  }
}

package org.gridwarden.channel.zigbee;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Attributes' values as a report or an answer states them. Numbers only: texts are skipped.
 * Immutable.
 */
final class Attributes {
  private final Map<Integer, Long> values;

  private Attributes(Map<Integer, Long> values) {
    this.values = Map.copyOf(values);
  }

  /** Reads a report: attribute, type, value, as often as there are. */
  static Optional<Attributes> report(byte[] payload) {
    return read(payload, false);
  }

  /** Reads an answer: attribute, status, and where that is success, type and value. */
  static Optional<Attributes> answer(byte[] payload) {
    return read(payload, true);
  }

  private static Optional<Attributes> read(byte[] payload, boolean withStatus) {
    Map<Integer, Long> values = new HashMap<>();
    int at = 0;
    while (at < payload.length) {
      if (at + 3 > payload.length) {
        return Optional.empty();
      }
      int id = (int) Zcl.number(payload, at, 2);
      at += 2;
      if (withStatus && payload[at++] != 0) {
        continue;
      }
      if (at >= payload.length) {
        return Optional.empty();
      }
      int type = payload[at++] & 0xFF;
      int length = length(type);
      if (length == TEXT) {
        if (at >= payload.length) {
          return Optional.empty();
        }
        int text = payload[at] & 0xFF;
        at += 1 + (text == 0xFF ? 0 : text);
        if (at > payload.length) {
          return Optional.empty();
        }
        continue;
      }
      if (length == UNKNOWN || at + length > payload.length) {
        return Optional.empty(); // what follows cannot be found
      }
      number(type, payload, at, length).ifPresent(value -> values.put(id, value));
      at += length;
    }
    return Optional.of(new Attributes(values));
  }

  private static final int TEXT = -1;
  private static final int UNKNOWN = -2;

  /** A type's bytes (075123, table 2-9); floats and structures are none of a meter's. */
  private static int length(int type) {
    return switch (type) {
      case 0x00 -> 0;
      case 0x41, 0x42 -> TEXT;
      case 0x10, 0x08, 0x18, 0x20, 0x28, 0x30 -> 1;
      case 0x09, 0x19, 0x21, 0x29, 0x31, 0xE8, 0xE9 -> 2;
      case 0x0A, 0x1A, 0x22, 0x2A -> 3;
      case 0x0B, 0x1B, 0x23, 0x2B, 0x39, 0xE0, 0xE1, 0xE2 -> 4;
      case 0x0C, 0x1C, 0x24, 0x2C -> 5;
      case 0x0D, 0x1D, 0x25, 0x2D -> 6;
      case 0x0E, 0x1E, 0x26, 0x2E -> 7;
      case 0x0F, 0x1F, 0x27, 0x2F, 0x3A, 0xF0 -> 8;
      default -> UNKNOWN;
    };
  }

  /** A value; empty where it is the type's word for none. */
  private static OptionalLong number(int type, byte[] payload, int at, int length) {
    if (length == 0 || length > 7 || type == 0x39) {
      return OptionalLong.empty(); // 64 bits and floats: none that is asked for
    }
    long value = Zcl.number(payload, at, length);
    int bits = 8 * length;
    if (type >= 0x28 && type <= 0x2F) {
      long signed = value << (64 - bits) >> (64 - bits);
      return signed == -1L << (bits - 1) ? OptionalLong.empty() : OptionalLong.of(signed);
    }
    boolean bitmap = type >= 0x18 && type <= 0x1F;
    return !bitmap && value == (1L << bits) - 1 ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /** A value; empty where it is not there, or invalid. */
  OptionalLong get(int id) {
    Long value = values.get(id);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}

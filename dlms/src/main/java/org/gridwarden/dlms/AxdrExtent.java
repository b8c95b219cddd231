package org.gridwarden.dlms;

/**
 * Walks over A-XDR (IEC 61334-6) to find where it ends. Builds nothing, does not recurse, and takes
 * at most one step a byte. Reused; one thread at a time.
 */
final class AxdrExtent {
  /** The input ends before the structure does. */
  static final int MORE = -1;

  /** This is not A-XDR. */
  static final int WRONG = -2;

  /** How deep arrays and structures may nest. */
  private static final int DEPTH = 32;

  private final long[] left = new long[DEPTH];
  private byte[] buf = {};
  private int at;
  private int stop;
  private int failure;

  void begin(byte[] bytes, int from, int to) {
    buf = bytes;
    at = from;
    stop = to;
    failure = 0;
  }

  /** Where the walk stands or broke off. */
  int at() {
    return Math.min(at, stop);
  }

  /** The end that was reached, {@link #MORE} or {@link #WRONG}. */
  int end() {
    return failure == 0 ? at : failure;
  }

  AxdrExtent skip(long bytes) {
    if (failure == 0) {
      if (bytes > stop - at) {
        failure = MORE;
        at = stop;
      } else {
        at += (int) bytes;
      }
    }
    return this;
  }

  AxdrExtent octets() {
    return skip(length());
  }

  /**
   * An octet string of 0 or 12 bytes: no date-time of any other length is known. Some meters write
   * it as a tagged value, 09 0C or 19, which no length can be mistaken for.
   */
  AxdrExtent dateTime() {
    int first = octet();
    if (first == 0x09) {
      first = octet();
    } else if (first == 0x19) {
      first = 12;
    }
    return failure == 0 && first != 0 && first != 12 ? fail(WRONG) : skip(first);
  }

  /** An octet string of 0 or 8 bytes. */
  AxdrExtent systemTitle() {
    long length = length();
    return failure == 0 && length != 0 && length != 8 ? fail(WRONG) : skip(length);
  }

  /**
   * An octet string that begins with a security control byte that means something (suite 0 to 2,
   * ciphered somehow) and a four-byte invocation counter.
   */
  AxdrExtent ciphered() {
    long length = length();
    if (failure == 0 && length < 5) {
      return fail(WRONG);
    }
    if (failure == 0 && at < stop && ((buf[at] & 0x0F) > 2 || (buf[at] & 0x30) == 0)) {
      return fail(WRONG);
    }
    return skip(length);
  }

  AxdrExtent optionalOctets() {
    int present = octet();
    if (failure != 0 || present == 0) {
      return this;
    }
    return present == 1 ? octets() : fail(WRONG);
  }

  /** One value of the CHOICE Data (IEC 62056-5-3, clause 8), with all that is in it. */
  AxdrExtent data() {
    int depth = 0;
    left[0] = 1;
    while (failure == 0 && depth >= 0) {
      if (left[depth] == 0) {
        depth--;
        continue;
      }
      left[depth]--;
      int tag = octet();
      if (failure != 0) {
        break;
      }
      if (tag == 1 || tag == 2) {
        long count = length();
        if (depth + 1 == DEPTH) {
          return fail(WRONG);
        }
        left[++depth] = count;
      } else {
        value(tag);
      }
    }
    return this;
  }

  private void value(int tag) {
    switch (tag) {
      case 0, 255 -> {}
      case 3, 13, 15, 17, 22, 28, 31 -> skip(1);
      case 16, 18, 29, 32 -> skip(2);
      case 5, 6, 23, 27, 30, 33 -> skip(4);
      case 26 -> skip(5);
      case 20, 21, 24 -> skip(8);
      case 25 -> skip(12);
      case 4 -> skip((length() + 7) / 8);
      case 9, 10, 12 -> octets();
      case 19 -> {
        typeDescription();
        octets();
      }
      default -> fail(WRONG);
    }
  }

  /** The description of a compact array's contents: types within types, no values. */
  private void typeDescription() {
    long pending = 1;
    while (failure == 0 && pending > 0) {
      pending--;
      int tag = octet();
      if (tag == 1) {
        skip(2); // number of elements
        pending++;
      } else if (tag == 2) {
        pending += length();
      }
      if (failure == 0 && pending > stop - at) {
        fail(MORE); // each type takes a byte at least
      }
    }
  }

  private int octet() {
    if (failure != 0) {
      return 0;
    }
    if (at >= stop) {
      fail(MORE);
      return 0;
    }
    return buf[at++] & 0xFF;
  }

  /** A length: one byte below 128, else that many bytes follow, at most four. */
  private long length() {
    int first = octet();
    if (failure != 0 || first < 0x80) {
      return first;
    }
    int bytes = first & 0x7F;
    if (bytes == 0 || bytes > 4) {
      fail(WRONG);
      return 0;
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | octet();
    }
    return value;
  }

  private AxdrExtent fail(int why) {
    if (failure == 0) {
      failure = why;
    }
    return this;
  }
}

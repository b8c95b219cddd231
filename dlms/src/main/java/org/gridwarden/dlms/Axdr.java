package org.gridwarden.dlms;

import java.util.Objects;

/**
 * A-XDR, the encoding of COSEM data (IEC 61334-6 as IEC 62056-5-3 uses it). Pure functions;
 * thread-safe.
 *
 * <p>Decoding is bounded whatever the bytes say: nesting to 32, a count never above the bytes that
 * are left, and memory to about 14 bytes for each byte of input (at least 224 KiB are allowed), so
 * that 64 KiB of anything cost less than 1 MiB.
 */
public final class Axdr {
  private Axdr() {}

  /**
   * The one value that the bytes are. The result keeps the array (see {@link
   * DlmsData.OctetString}).
   *
   * @throws DlmsException where they are no value, or more than one
   */
  public static DlmsData decode(byte[] bytes) throws DlmsException {
    return decode(bytes, 0, bytes.length);
  }

  /**
   * The same of a part of an array.
   *
   * @throws IndexOutOfBoundsException where the array has no such part
   */
  public static DlmsData decode(byte[] bytes, int from, int length) throws DlmsException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    AxdrReader in = new AxdrReader(bytes, from, from + length);
    DlmsData value = in.data();
    in.expectEnd();
    return value;
  }

  /**
   * How many bytes {@link #encode} makes, without making them. It may be a few less where a
   * visible-string has characters that ISO 8859-1 lacks.
   */
  public static int size(DlmsData value) {
    return AxdrSize.of(value);
  }

  /** A value as bytes. */
  public static byte[] encode(DlmsData value) {
    AxdrWriter out = new AxdrWriter(AxdrSize.of(value));
    out.data(value);
    return out.bytes();
  }
}

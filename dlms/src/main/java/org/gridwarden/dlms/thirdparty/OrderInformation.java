package org.gridwarden.dlms.thirdparty;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.gridwarden.dlms.DlmsException;

/**
 * What a third party says in the other-information of a signed request: once, by whom it is meant
 * to be done, and within which time. DLMS leaves these bytes to the parties; they are a COSEM
 * structure, written in one way only. Immutable.
 *
 * <pre>
 * structure {
 *   version      unsigned            1
 *   id           octet-string        16 bytes; the transaction id is the same
 *   meter        visible-string      the meter's logical device name, 1 to 64 characters
 *   not_before   long64-unsigned     seconds since 1970, UTC
 *   expires      long64-unsigned     likewise; after not_before
 * }
 * </pre>
 *
 * @param id 16 bytes, never used twice
 * @param meter by whom it is to be done: a title alone tells a person nothing
 * @param notBefore not to be done earlier; whole seconds
 * @param expires not to be done then or later; whole seconds
 */
public record OrderInformation(OctetString id, String meter, Instant notBefore, Instant expires) {
  /** How long an id is, in bytes. */
  public static final int ID = 16;

  /** No request has more of it, in bytes. */
  public static final int LONGEST = 256;

  private static final int VERSION = 1;
  private static final int LONGEST_NAME = 64;

  /** Some thousands of years: what an Instant holds with room to spare. */
  private static final long LATEST = 100_000_000_000L;

  /**
   * @throws IllegalArgumentException where a part is out of its range
   */
  public OrderInformation {
    if (id.length() != ID) {
      throw new IllegalArgumentException("an order's id has 16 bytes, not " + id.length());
    }
    if (meter.isEmpty()
        || meter.length() > LONGEST_NAME
        || meter.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
      throw new IllegalArgumentException("a meter's name has 1 to 64 characters of ASCII");
    }
    notBefore = Instant.ofEpochSecond(seconds(notBefore));
    expires = Instant.ofEpochSecond(seconds(expires));
    if (!notBefore.isBefore(expires)) {
      throw new IllegalArgumentException("an order expires after it begins");
    }
  }

  private static long seconds(Instant at) {
    long seconds = at.getEpochSecond();
    if (seconds < 0 || seconds > LATEST) {
      throw new IllegalArgumentException("a time is 0 to " + LATEST + " seconds since 1970");
    }
    return seconds;
  }

  /** Its bytes. */
  public byte[] bytes() {
    return Axdr.encode(
        DlmsData.Structure.of(
            new DlmsData.Unsigned8(VERSION),
            id,
            new DlmsData.VisibleString(meter),
            new DlmsData.Long64Unsigned(notBefore.getEpochSecond()),
            new DlmsData.Long64Unsigned(expires.getEpochSecond())));
  }

  /**
   * What bytes say.
   *
   * @throws DlmsException MALFORMED where they are no such structure, or one that is not written in
   *     the one way
   */
  public static OrderInformation parse(byte[] bytes) throws DlmsException {
    if (bytes.length > LONGEST) {
      throw malformed("it has more than " + LONGEST + " bytes");
    }
    if (!(Axdr.decode(bytes) instanceof DlmsData.Structure all) || all.size() != 5) {
      throw malformed("it is no structure of five");
    }
    if (!(all.get(0) instanceof DlmsData.Unsigned8(int version)) || version != VERSION) {
      throw malformed("it is of another version");
    }
    if (!(all.get(1) instanceof OctetString id)
        || !(all.get(2) instanceof DlmsData.VisibleString meter)
        || !(all.get(3) instanceof DlmsData.Long64Unsigned(long notBefore))
        || !(all.get(4) instanceof DlmsData.Long64Unsigned(long expires))) {
      throw malformed("a part of it is of another type");
    }
    try {
      OrderInformation read =
          new OrderInformation(
              OctetString.of(id.bytes()),
              meter.value(),
              Instant.ofEpochSecond(notBefore),
              Instant.ofEpochSecond(expires));
      if (!Arrays.equals(read.bytes(), bytes)) {
        throw malformed("it is not written in the one way");
      }
      return read;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  private static DlmsException malformed(String what) {
    return new DlmsException(DlmsException.Kind.MALFORMED, 0, "the other information: " + what);
  }
}

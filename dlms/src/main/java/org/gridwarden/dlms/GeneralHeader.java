package org.gridwarden.dlms;

/**
 * What general-ciphering and general-signing both say of a message before its content (IEC
 * 62056-5-3, clause 9.2.7.2.4.7 and .5): who sends what to whom. All of it is authenticated, with
 * the lengths. Immutable.
 *
 * @param transactionId the client's, of any length up to 64 bytes; the answer bears the same
 * @param originator the sender's system title, 8 bytes; empty where an association knows it
 * @param recipient the system title of who it is for, 8 bytes; empty for anybody
 * @param dateTime when it was sent, 0 or 12 bytes
 * @param other what the two sides agreed upon to say
 */
public record GeneralHeader(
    DlmsData.OctetString transactionId,
    DlmsData.OctetString originator,
    DlmsData.OctetString recipient,
    DlmsData.OctetString dateTime,
    DlmsData.OctetString other) {
  static final int LONGEST_TRANSACTION_ID = 64;
  private static final int TITLE = 8;

  /**
   * @throws IllegalArgumentException where a part has another length
   */
  public GeneralHeader {
    Ranges.check(transactionId.length(), 0, LONGEST_TRANSACTION_ID, "a transaction id's length");
    title(originator, "the originator's system title");
    title(recipient, "the recipient's system title");
    if (dateTime.length() != 0 && dateTime.length() != 12) {
      throw new IllegalArgumentException("a date-time has 0 or 12 bytes");
    }
  }

  /** A message without time and other information. */
  public static GeneralHeader of(byte[] transactionId, byte[] originator, byte[] recipient) {
    return new GeneralHeader(
        DlmsData.OctetString.of(transactionId),
        DlmsData.OctetString.of(originator),
        DlmsData.OctetString.of(recipient),
        DlmsData.OctetString.EMPTY,
        DlmsData.OctetString.EMPTY);
  }

  static GeneralHeader read(AxdrReader in) throws DlmsException {
    int at = in.at();
    DlmsData.OctetString transaction = in.octetString("the transaction id");
    DlmsData.OctetString originator = in.octetString("the originator's system title");
    DlmsData.OctetString recipient = in.octetString("the recipient's system title");
    DlmsData.OctetString dateTime = in.octetString("the date-time");
    DlmsData.OctetString other = in.octetString("the other information");
    try {
      return new GeneralHeader(transaction, originator, recipient, dateTime, other);
    } catch (IllegalArgumentException e) {
      throw DlmsException.malformed(at, String.valueOf(e.getMessage()));
    }
  }

  void write(AxdrWriter out) {
    octets(transactionId, out);
    octets(originator, out);
    octets(recipient, out);
    octets(dateTime, out);
    octets(other, out);
  }

  /** As it stands on the wire, which is what is authenticated and signed. */
  byte[] bytes() {
    AxdrWriter out = new AxdrWriter(48);
    write(out);
    return out.bytes();
  }

  static void octets(DlmsData.OctetString value, AxdrWriter out) {
    out.length(value.length()).raw(value.buffer(), value.from(), value.length());
  }

  private static void title(DlmsData.OctetString title, String what) {
    if (title.length() != 0 && title.length() != TITLE) {
      throw new IllegalArgumentException(what + " has 0 or 8 bytes, not " + title.length());
    }
  }
}

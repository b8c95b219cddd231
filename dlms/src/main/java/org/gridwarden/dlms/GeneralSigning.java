package org.gridwarden.dlms;

/**
 * general-signing [223]: an APDU, plain or ciphered, with a digital signature (IEC 62056-5-3,
 * clause 9.2.7.2.5). Immutable.
 *
 * @param header who sends it to whom; a signature covers it
 * @param content the signed APDU with its tag
 * @param signature r and s, each as long as the curve's field: 64 bytes for suite 1, 96 for suite 2
 */
public record GeneralSigning(
    GeneralHeader header, DlmsData.OctetString content, DlmsData.OctetString signature)
    implements Apdu {
  @Override
  public int tag() {
    return ApduTag.GENERAL_SIGNING;
  }

  /**
   * What is signed: the APDU's fields from the transaction id to the content, as they stand on the
   * wire, with their lengths.
   */
  public static byte[] toBeSigned(GeneralHeader header, byte[] content) {
    AxdrWriter out = new AxdrWriter(48 + content.length);
    header.write(out);
    return out.octets(content).bytes();
  }

  static GeneralSigning read(AxdrReader in) throws DlmsException {
    return new GeneralSigning(
        GeneralHeader.read(in), in.octetString("the signed APDU"), in.octetString("the signature"));
  }

  void write(AxdrWriter out) {
    header.write(out);
    GeneralHeader.octets(content, out);
    GeneralHeader.octets(signature, out);
  }

  @Override
  public String toString() {
    return "general-signing[" + content.length() + " bytes]";
  }
}

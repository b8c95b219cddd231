package org.gridwarden.dlms;

/**
 * xDLMS Initiate (IEC 62056-5-3, clause 9.4): what an association's two sides agree upon. Travels
 * as user information of the ACSE APDUs, plain or ciphered. Immutable.
 */
public sealed interface Initiate extends Apdu {
  /** The version of DLMS that all of this speaks. */
  int VERSION = 6;

  /**
   * InitiateRequest [1].
   *
   * @param dedicatedKey of 0, 16 or 32 bytes; never printed
   * @param qualityOfService proposed, -1 for none
   * @param version proposed
   * @param conformance proposed
   * @param maxPdu the greatest APDU that the client takes, in bytes; 0: any
   */
  record Request(
      DlmsData.OctetString dedicatedKey,
      int qualityOfService,
      int version,
      Conformance conformance,
      int maxPdu)
      implements Initiate {
    public Request {
      Ranges.check(qualityOfService, -128, 127, "quality of service");
      Ranges.check(version, 0, 255, "DLMS version");
      Ranges.check(maxPdu, 0, 0xFFFF, "greatest APDU");
    }

    @Override
    public int tag() {
      return ApduTag.INITIATE_REQUEST;
    }

    @Override
    public String toString() {
      return "InitiateRequest[version "
          + version
          + ", "
          + conformance
          + ", at most "
          + maxPdu
          + (dedicatedKey.length() == 0 ? "]" : ", a dedicated key]");
    }
  }

  /**
   * InitiateResponse [8].
   *
   * @param qualityOfService negotiated, -1 for none
   * @param version negotiated
   * @param conformance negotiated
   * @param maxPdu the greatest APDU that the meter takes, in bytes
   * @param vaaName 7 for logical names, 0xFA00 for short names
   */
  record Response(
      int qualityOfService, int version, Conformance conformance, int maxPdu, int vaaName)
      implements Initiate {
    /** The name of the virtual application association with logical names. */
    public static final int LOGICAL_NAMES = 7;

    public Response {
      Ranges.check(qualityOfService, -128, 127, "quality of service");
      Ranges.check(version, 0, 255, "DLMS version");
      Ranges.check(maxPdu, 0, 0xFFFF, "greatest APDU");
      Ranges.check(vaaName, 0, 0xFFFF, "VAA name");
    }

    @Override
    public int tag() {
      return ApduTag.INITIATE_RESPONSE;
    }
  }

  /**
   * ConfirmedServiceError [14].
   *
   * @param service 1 initiate, 5 read, 6 write
   * @param errorClass 6 for initiate
   * @param value for initiate 1: DLMS version too low, 2: incompatible conformance, 3: PDU size too
   *     short, 4: refused by the VDE handler
   */
  record ServiceError(int service, int errorClass, int value) implements Initiate {
    @Override
    public int tag() {
      return ApduTag.CONFIRMED_SERVICE_ERROR;
    }
  }
}

package org.gridwarden.dlms;

import static org.gridwarden.dlms.DlmsException.malformed;

/**
 * {@link Initiate} APDUs in A-XDR, with the conformance block in BER. Pure functions; thread-safe.
 */
final class InitiateCodec {
  private InitiateCodec() {}

  /** Reads what follows the tag. */
  static Initiate read(int tag, AxdrReader in) throws DlmsException {
    return switch (tag) {
      case ApduTag.INITIATE_REQUEST -> {
        DlmsData.OctetString key =
            in.flag("whether a dedicated key is there")
                ? in.octetString("the dedicated key")
                : DlmsData.OctetString.EMPTY;
        if (in.flag("whether response-allowed is there")) {
          in.u8("response-allowed");
        }
        yield new Initiate.Request(
            key, quality(in), in.u8("the DLMS version"), conformance(in), in.u16("the PDU size"));
      }
      case ApduTag.INITIATE_RESPONSE ->
          new Initiate.Response(
              quality(in),
              in.u8("the DLMS version"),
              conformance(in),
              in.u16("the PDU size"),
              in.u16("the VAA name"));
      default ->
          new Initiate.ServiceError(in.u8("the service"), in.u8("the class"), in.u8("the error"));
    };
  }

  /** Writes what follows the tag. */
  static void write(Initiate apdu, AxdrWriter out) {
    switch (apdu) {
      case Initiate.Request r -> {
        if (r.dedicatedKey().length() == 0) {
          out.u8(0);
        } else {
          out.u8(1).octets(r.dedicatedKey());
        }
        out.u8(0); // response allowed, its default
        quality(r.qualityOfService(), out);
        conformance(r.conformance(), out.u8(r.version()));
        out.u16(r.maxPdu());
      }
      case Initiate.Response r -> {
        quality(r.qualityOfService(), out);
        conformance(r.conformance(), out.u8(r.version()));
        out.u16(r.maxPdu()).u16(r.vaaName());
      }
      case Initiate.ServiceError e -> out.u8(e.service()).u8(e.errorClass()).u8(e.value());
    }
  }

  private static int quality(AxdrReader in) throws DlmsException {
    return in.flag("whether a quality of service is there") ? (byte) in.u8("the quality") : -1;
  }

  private static void quality(int quality, AxdrWriter out) {
    if (quality < 0) {
      out.u8(0);
    } else {
      out.u8(1).u8(quality);
    }
  }

  /** [APPLICATION 31] IMPLICIT BIT STRING, in BER: 5F 1F 04, no unused bits, three bytes. */
  private static Conformance conformance(AxdrReader in) throws DlmsException {
    int at = in.at();
    boolean known = in.u8("the conformance's tag") == 0x5F;
    // older meters write the tag in one byte
    if (known && in.peek() == 0x1F) {
      in.u8("the conformance's tag");
    }
    if (!known || in.u8("the conformance's length") != 4 || in.u8("the unused bits") != 0) {
      throw malformed(at, "the conformance block is 5F 1F 04 00 and three bytes");
    }
    return new Conformance(in.u8("the conformance") << 16 | in.u16("the conformance"));
  }

  private static void conformance(Conformance conformance, AxdrWriter out) {
    out.u8(0x5F).u8(0x1F).u8(4).u8(0).u8(conformance.bits() >> 16).u16(conformance.bits());
  }
}

package org.gridwarden.dlms;

import static org.gridwarden.dlms.DlmsException.malformed;

import java.util.Arrays;
import java.util.Optional;

/**
 * Bytes to APDUs and back (IEC 62056-5-3, clause 9). Pure functions; thread-safe. Decoding is
 * bounded as {@link Axdr} is.
 */
public final class Apdus {
  private static final byte[] NONE = {};

  private Apdus() {}

  /**
   * The one APDU that the bytes are. The result may keep the array, which must not change
   * afterwards.
   *
   * @throws DlmsException where they are none that the standard names, or not exactly one
   */
  public static Apdu decode(byte[] bytes) throws DlmsException {
    AxdrReader strict = new AxdrReader(bytes, 0, bytes.length);
    try {
      return decodeWhole(strict);
    } catch (DlmsException e) {
      if (e.kind() != DlmsException.Kind.MALFORMED
          || bytes.length == 0
          || bytes[0] != ApduTag.DATA_NOTIFICATION) {
        throw e;
      }
      try {
        // a second look only where the standard's reading fails, on what the first has left
        return decodeWhole(new AxdrReader(bytes, 0, bytes.length, true, strict.budget()));
      } catch (DlmsException _) {
        throw e;
      }
    }
  }

  private static Apdu decodeWhole(AxdrReader in) throws DlmsException {
    Apdu apdu = decode(in);
    if (in.left() > 0) {
      throw malformed(in.at(), in.left() + " bytes follow the end of the " + apdu.name());
    }
    return apdu;
  }

  /** The APDU that begins here. One of a kind that is not read takes all that is left. */
  private static Apdu decode(AxdrReader in) throws DlmsException {
    int from = in.at();
    int tag = in.u8("an APDU's tag");
    return switch (tag) {
      case ApduTag.DATA_NOTIFICATION ->
          new Apdu.DataNotification(invokeId(in), dateTime(in), in.data());
      case ApduTag.DATA_NOTIFICATION_CONFIRM ->
          new Apdu.DataNotificationConfirm(invokeId(in), dateTime(in));
      case ApduTag.EVENT_NOTIFICATION -> eventNotification(in);
      case ApduTag.GENERAL_GLO, ApduTag.GENERAL_DED ->
          ciphered(tag, in.octets("the system title"), in);
      case ApduTag.AARQ, ApduTag.AARE, ApduTag.RLRQ, ApduTag.RLRE -> AcseCodec.read(tag, in);
      case ApduTag.INITIATE_REQUEST, ApduTag.INITIATE_RESPONSE, ApduTag.CONFIRMED_SERVICE_ERROR ->
          InitiateCodec.read(tag, in);
      case ApduTag.GET_REQUEST,
          ApduTag.GET_RESPONSE,
          ApduTag.SET_REQUEST,
          ApduTag.SET_RESPONSE,
          ApduTag.ACTION_REQUEST,
          ApduTag.ACTION_RESPONSE,
          ApduTag.EXCEPTION_RESPONSE ->
          Services.read(tag, in);
      case ApduTag.GENERAL_CIPHERING -> Apdu.GeneralCiphering.read(in);
      case ApduTag.GENERAL_SIGNING -> GeneralSigning.read(in);
      case ApduTag.ACCESS_REQUEST, ApduTag.ACCESS_RESPONSE -> AccessCodec.read(tag, in);
      case ApduTag.READ_REQUEST,
          ApduTag.READ_RESPONSE,
          ApduTag.WRITE_REQUEST,
          ApduTag.WRITE_RESPONSE,
          ApduTag.UNCONFIRMED_WRITE_REQUEST,
          ApduTag.INFORMATION_REPORT_REQUEST ->
          ShortNameCodec.read(tag, in);
      case ApduTag.GENERAL_BLOCK_TRANSFER -> BlockTransferCodec.read(in);
      default -> {
        if (ApduTag.isServiceCiphered(tag)) {
          yield ciphered(tag, NONE, in);
        }
        if (ApduTag.name(tag).isEmpty()) {
          throw malformed(from, "0x%02X is not the tag of an APDU".formatted(tag));
        }
        in.skip(in.left(), "the APDU");
        yield new Apdu.Unknown(Arrays.copyOfRange(in.buffer(), from, in.at()));
      }
    };
  }

  /** An APDU as bytes. */
  public static byte[] encode(Apdu apdu) {
    AxdrWriter out = new AxdrWriter(AxdrSize.guess(apdu));
    if (!(apdu instanceof Apdu.Unknown)) {
      out.u8(apdu.tag());
    }
    switch (apdu) {
      case Apdu.DataNotification push -> {
        dateTime(out.u32(push.invokeId()), push.dateTime());
        out.data(push.body());
      }
      case Apdu.DataNotificationConfirm confirm ->
          dateTime(out.u32(confirm.invokeId()), confirm.dateTime());
      case Apdu.EventNotification event -> {
        // OPTIONAL: a byte says whether it is there
        event.time().ifPresentOrElse(t -> out.u8(1).octets(t.bytes()), () -> out.u8(0));
        out.u16(event.classId()).raw(event.instance().bytes()).u8(event.attribute());
        out.data(event.value());
      }
      case Apdu.Ciphered ciphered -> {
        if (!ApduTag.isServiceCiphered(ciphered.tag())) {
          out.octets(ciphered.rawSystemTitle());
        }
        out.length(5 + ciphered.length());
        out.u8(ciphered.control().bits()).u32(ciphered.invocationCounter());
        out.raw(ciphered.buffer(), ciphered.from(), ciphered.length());
      }
      case Apdu.GeneralCiphering general -> general.write(out);
      case GeneralSigning signed -> signed.write(out);
      case Acse acse -> AcseCodec.write(acse, out);
      case Initiate initiate -> InitiateCodec.write(initiate, out);
      case Service service -> Services.write(service, out);
      case BlockTransfer block -> BlockTransferCodec.write(block, out);
      case Apdu.Unknown other -> out.raw(other.bytes());
    }
    return out.bytes();
  }

  static long invokeId(AxdrReader in) throws DlmsException {
    return in.i32("long-invoke-id-and-priority") & 0xFFFF_FFFFL;
  }

  /**
   * The date-time of a notification: an OCTET STRING of 0 or 12 bytes. Some meters write it as a
   * tagged value instead (0x09 0x0C for an octet-string, 0x19 for a date-time), which cannot be
   * mistaken for the lengths 9 and 25.
   */
  static Optional<CosemDateTime> dateTime(AxdrReader in) throws DlmsException {
    int at = in.at();
    int length = in.u8("the date-time's length");
    if (length == 0x09) {
      length = in.u8("the date-time's length");
    } else if (length == 0x19) {
      length = 12;
    }
    if (length == 0) {
      return Optional.empty();
    }
    if (length != 12) {
      throw malformed(at, "the date-time has 0 or 12 bytes, not " + length);
    }
    CosemDateTime time = CosemDateTime.of(in.buffer(), in.skip(12, "the date-time"));
    return time.isUnspecified() ? Optional.empty() : Optional.of(time);
  }

  static void dateTime(AxdrWriter out, Optional<CosemDateTime> time) {
    time.ifPresentOrElse(t -> out.octets(t.bytes()), () -> out.u8(0));
  }

  private static Apdu eventNotification(AxdrReader in) throws DlmsException {
    Optional<CosemDateTime> time = Optional.empty();
    int at = in.at();
    int present = in.u8("whether a time is there");
    if (present > 1) {
      throw malformed(at, "whether a time is there is 0 or 1, not " + present);
    }
    if (present == 1) {
      time = dateTime(in);
    }
    return new Apdu.EventNotification(
        time,
        in.u16("the class id"),
        in.obis("the instance id"),
        (byte) in.u8("the attribute index"),
        in.data());
  }

  private static Apdu ciphered(int tag, byte[] systemTitle, AxdrReader in) throws DlmsException {
    int at = in.at();
    int length = in.length("the ciphered content");
    if (length < 5) {
      throw malformed(
          at,
          "the ciphered content has at least 5 bytes, security control and counter, not " + length);
    }
    SecurityControl control = new SecurityControl(in.u8("the security control"));
    int counter = in.i32("the invocation counter");
    int from = in.skip(length - 5, "the ciphered content");
    return new Apdu.Ciphered(tag, systemTitle, control, counter, in.buffer(), from, length - 5);
  }
}

package org.gridwarden.dlms;

import static org.gridwarden.dlms.DlmsException.malformed;
import static org.gridwarden.dlms.DlmsException.unsupported;

/**
 * {@link Acse} APDUs in BER: what stands in them and no more (IEC 62056-5-3, clause 9.4.2, and
 * 9.4.2.2.2 for the object identifiers 2.16.756.5.8.1.n, contexts, and .2.n, mechanisms). Pure
 * functions; thread-safe.
 */
final class AcseCodec {
  /** 2.16.756.5.8, in BER. */
  private static final int[] DLMS_UA = {0x60, 0x85, 0x74, 0x05, 0x08};

  private AcseCodec() {}

  /** Reads what follows the tag. */
  static Acse read(int tag, AxdrReader in) throws DlmsException {
    int end = in.length("the length of the " + ApduTag.name(tag));
    if (end != in.left()) {
      throw malformed(in.at(), (in.left() - end) + " bytes follow the " + ApduTag.name(tag));
    }
    Fields f = new Fields(tag);
    while (in.left() > 0) {
      f.field(in);
    }
    if (tag == ApduTag.RLRQ) {
      return new Acse.Rlrq(f.reason, f.userInformation);
    }
    if (tag == ApduTag.RLRE) {
      return new Acse.Rlre(f.reason, f.userInformation);
    }
    if (f.context < 1) {
      throw malformed(in.at(), "the " + ApduTag.name(tag) + " names no application context");
    }
    Acse.Context context = Acse.Context.values()[f.context - 1];
    Acse.Mechanism mechanism = Acse.Mechanism.values()[f.mechanism];
    return tag == ApduTag.AARQ
        ? new Acse.Aarq(context, f.title, mechanism, f.authentication, f.userInformation)
        : new Acse.Aare(
            context,
            f.result,
            f.byUser,
            f.diagnostic,
            f.title,
            mechanism,
            f.authentication,
            f.userInformation);
  }

  /** The fields of any of the four, as they come by. */
  private static final class Fields {
    private final boolean release;
    private final boolean answer;
    private int context;
    private int result;
    private boolean byUser = true;
    private int diagnostic;
    private int mechanism;
    private int reason = -1;
    private DlmsData.OctetString title = DlmsData.OctetString.EMPTY;
    private DlmsData.OctetString authentication = DlmsData.OctetString.EMPTY;
    private DlmsData.OctetString userInformation = DlmsData.OctetString.EMPTY;

    private Fields(int apdu) {
      this.release = apdu == ApduTag.RLRQ || apdu == ApduTag.RLRE;
      this.answer = apdu == ApduTag.AARE;
    }

    private void field(AxdrReader in) throws DlmsException {
      int at = in.at();
      int tag = in.u8("a field's tag");
      DlmsData.OctetString value = in.octetString("a field of the association");
      switch (tag) {
        case 0xA1 -> context = oid(at, inner(at, value, 0x06), 1, 4);
        case 0xA2 -> {
          if (answer) {
            result = small(at, inner(at, value, 0x02));
          }
        }
        case 0xA3 -> {
          if (answer) {
            byUser = value.length() > 0 && value.at(0) == 0xA1;
            diagnostic = small(at, inner(at, inner(at, value, byUser ? 0xA1 : 0xA2), 0x02));
          }
        }
        case 0xA4, 0xA6 -> {
          if (tag == (answer ? 0xA4 : 0xA6)) {
            title = inner(at, value, 0x04);
          }
        }
        case 0x80 -> {
          // in AARQ and AARE it is the protocol version, of which there is one
          if (release) {
            reason = small(at, value);
          }
        }
        case 0x89, 0x8B -> mechanism = oid(at, value, 2, 7);
        case 0xAA, 0xAC -> authentication = inner(at, value, 0x80);
        case 0xBE -> userInformation = inner(at, value, 0x04);
        default -> {
          // protocol version, requirements, qualifiers, what later editions add: nothing follows
        }
      }
    }

    /** The one element of an explicitly tagged field. */
    private static DlmsData.OctetString inner(int at, DlmsData.OctetString field, int tag)
        throws DlmsException {
      AxdrReader in = new AxdrReader(field.buffer(), field.from(), field.from() + field.length());
      if (in.u8("a field's inner tag") != tag) {
        throw malformed(at, "a field of the association has not the inner tag %02X".formatted(tag));
      }
      DlmsData.OctetString value = in.octetString("a field's value");
      in.expectEnd();
      return value;
    }

    private static int small(int at, DlmsData.OctetString value) throws DlmsException {
      if (value.length() != 1) {
        throw malformed(at, "a small number of the association has one byte");
      }
      return value.at(0);
    }

    private static int oid(int at, DlmsData.OctetString value, int kind, int most)
        throws DlmsException {
      if (value.length() != 7) {
        throw malformed(at, "an object identifier of DLMS has 7 bytes, not " + value.length());
      }
      for (int i = 0; i < 6; i++) {
        if (value.at(i) != (i == 5 ? kind : DLMS_UA[i])) {
          throw unsupported(at, "an object identifier that is not the DLMS UA's: " + value.hex());
        }
      }
      if (value.at(6) > most || kind == 1 && value.at(6) == 0) {
        throw unsupported(at, "the object identifier " + value.hex() + " is not defined");
      }
      return value.at(6);
    }
  }

  /** Writes what follows the tag. */
  static void write(Acse apdu, AxdrWriter out) {
    AxdrWriter in = new AxdrWriter(96);
    switch (apdu) {
      case Acse.Aarq a -> {
        context(a.context(), in);
        if (a.callingTitle().length() > 0) {
          wrapped(0xA6, 0x04, a.callingTitle(), in);
        }
        proof(a.mechanism(), a.authentication(), 0x8A, 0x8B, 0xAC, in);
      }
      case Acse.Aare a -> {
        context(a.context(), in);
        in.u8(0xA2).u8(3).u8(2).u8(1).u8(a.result());
        in.u8(0xA3).u8(5).u8(a.diagnosticByUser() ? 0xA1 : 0xA2).u8(3).u8(2).u8(1);
        in.u8(a.diagnostic());
        if (a.respondingTitle().length() > 0) {
          wrapped(0xA4, 0x04, a.respondingTitle(), in);
        }
        proof(a.mechanism(), a.authentication(), 0x88, 0x89, 0xAA, in);
      }
      case Acse.Rlrq r -> reason(r.reason(), in);
      case Acse.Rlre r -> reason(r.reason(), in);
    }
    if (apdu.userInformation().length() > 0) {
      wrapped(0xBE, 0x04, apdu.userInformation(), in);
    }
    out.octets(in.bytes());
  }

  private static void context(Acse.Context context, AxdrWriter out) {
    out.u8(0xA1).u8(9);
    oid(1, context.arc(), out.u8(6));
  }

  private static void oid(int kind, int arc, AxdrWriter out) {
    out.u8(7);
    for (int part : DLMS_UA) {
      out.u8(part);
    }
    out.u8(kind).u8(arc);
  }

  private static void proof(
      Acse.Mechanism mechanism,
      DlmsData.OctetString value,
      int requirements,
      int name,
      int field,
      AxdrWriter out) {
    if (mechanism == Acse.Mechanism.NONE) {
      return;
    }
    out.u8(requirements).u8(2).u8(7).u8(0x80); // authentication functional unit
    oid(2, mechanism.ordinal(), out.u8(name));
    if (value.length() > 0) {
      wrapped(field, 0x80, value, out);
    }
  }

  private static void reason(int reason, AxdrWriter out) {
    if (reason >= 0) {
      out.u8(0x80).u8(1).u8(reason);
    }
  }

  private static void wrapped(int tag, int inner, DlmsData.OctetString value, AxdrWriter out) {
    AxdrWriter in = new AxdrWriter(value.length() + 6);
    in.u8(inner).octets(value);
    out.u8(tag).octets(in.bytes());
  }
}

package org.gridwarden.dlms;

/**
 * The APDUs that open and release an association (IEC 62056-5-3, clause 9.4.2: ACSE, encoded in
 * BER). Immutable; authentication values are never printed.
 */
public sealed interface Acse extends Apdu {
  /** How objects are named and APDUs protected: the last arc of the context's object identifier. */
  enum Context {
    LOGICAL_NAME(1),
    SHORT_NAME(2),
    LOGICAL_NAME_CIPHERED(3),
    SHORT_NAME_CIPHERED(4);

    private final int arc;

    Context(int arc) {
      this.arc = arc;
    }

    int arc() {
      return arc;
    }

    /** The context of a way to name objects, with ciphering or without. */
    public static Context of(boolean logicalName, boolean ciphered) {
      return logicalName
          ? ciphered ? LOGICAL_NAME_CIPHERED : LOGICAL_NAME
          : ciphered ? SHORT_NAME_CIPHERED : SHORT_NAME;
    }

    public boolean ciphered() {
      return arc > 2;
    }

    public boolean logicalName() {
      return arc % 2 == 1;
    }
  }

  /** How the sides prove who they are: the last arc of the mechanism's object identifier. */
  enum Mechanism {
    NONE,
    LLS,
    HLS_MANUFACTURER,
    HLS_MD5,
    HLS_SHA1,
    HLS_GMAC,
    HLS_SHA256,
    HLS_ECDSA;

    /** Whether a challenge is answered on both sides after the association's opening. */
    public boolean high() {
      return ordinal() > LLS.ordinal();
    }
  }

  /** What travels for the layer above: an {@link Initiate}, plain or ciphered. */
  DlmsData.OctetString userInformation();

  /**
   * AARQ: asks for an association.
   *
   * @param callingTitle the client's system title, of 0 or 8 bytes
   * @param mechanism how the client will prove itself
   * @param authentication a password or a challenge; empty without mechanism
   * @param userInformation an InitiateRequest
   */
  record Aarq(
      Context context,
      DlmsData.OctetString callingTitle,
      Mechanism mechanism,
      DlmsData.OctetString authentication,
      DlmsData.OctetString userInformation)
      implements Acse {
    @Override
    public int tag() {
      return ApduTag.AARQ;
    }

    @Override
    public String toString() {
      return "AARQ[" + context + ", " + mechanism + ", title " + callingTitle.hex() + "]";
    }
  }

  /**
   * AARE: the answer.
   *
   * @param result 0 accepted, 1 refused for good, 2 refused for now
   * @param diagnosticByUser whether the diagnostic is the service user's, else the provider's
   * @param diagnostic 0 none; by the user: 1 no reason, 2 context not supported, 11 mechanism not
   *     recognised, 12 mechanism required, 13 authentication failed, 14 authentication required
   * @param respondingTitle the meter's system title, of 0 or 8 bytes
   * @param mechanism as asked for
   * @param authentication the meter's challenge; empty where there is none
   * @param userInformation an InitiateResponse or an error
   */
  record Aare(
      Context context,
      int result,
      boolean diagnosticByUser,
      int diagnostic,
      DlmsData.OctetString respondingTitle,
      Mechanism mechanism,
      DlmsData.OctetString authentication,
      DlmsData.OctetString userInformation)
      implements Acse {
    public static final int ACCEPTED = 0;
    public static final int REJECTED = 1;
    public static final int NO_REASON = 1;
    public static final int CONTEXT_NOT_SUPPORTED = 2;
    public static final int MECHANISM_NOT_RECOGNISED = 11;
    public static final int AUTHENTICATION_FAILED = 13;
    public static final int AUTHENTICATION_REQUIRED = 14;

    /** What a refusal says, for a person. */
    public String reason() {
      if (!diagnosticByUser) {
        return diagnostic == 2 ? "no common ACSE version" : "no reason given";
      }
      return switch (diagnostic) {
        case 0, NO_REASON -> "no reason given";
        case CONTEXT_NOT_SUPPORTED -> "the application context is not supported";
        case MECHANISM_NOT_RECOGNISED -> "the authentication mechanism is not recognised";
        case 12 -> "an authentication mechanism is required";
        case AUTHENTICATION_FAILED -> "authentication failed";
        case AUTHENTICATION_REQUIRED -> "authentication is required";
        default -> "diagnostic " + diagnostic;
      };
    }

    @Override
    public int tag() {
      return ApduTag.AARE;
    }

    @Override
    public String toString() {
      return "AARE[" + context + ", result " + result + ", " + reason() + "]";
    }
  }

  /**
   * RLRQ: asks for the association's release.
   *
   * @param reason 0 normal, 1 urgent, 30 user defined, -1 left out
   */
  record Rlrq(int reason, DlmsData.OctetString userInformation) implements Acse {
    @Override
    public int tag() {
      return ApduTag.RLRQ;
    }
  }

  /**
   * RLRE: the answer.
   *
   * @param reason 0 normal, 1 not finished, 30 user defined, -1 left out
   */
  record Rlre(int reason, DlmsData.OctetString userInformation) implements Acse {
    @Override
    public int tag() {
      return ApduTag.RLRE;
    }
  }
}

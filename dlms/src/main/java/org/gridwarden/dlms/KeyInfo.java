package org.gridwarden.dlms;

import static org.gridwarden.dlms.DlmsException.malformed;

/**
 * Which key protects a general-ciphering APDU (IEC 62056-5-3, clause 9.2.7.2.4.7, Key-Info).
 * Immutable; prints no key.
 */
public sealed interface KeyInfo {
  /**
   * Left out: both sides know it, the global unicast encryption key unless they agreed otherwise.
   */
  KeyInfo NONE = new None();

  /** For a message to a person. */
  String words();

  /** Nothing is said. */
  record None() implements KeyInfo {
    @Override
    public String words() {
      return "no key-info";
    }
  }

  /**
   * A global key, by its name.
   *
   * @param broadcast whether it is the global broadcast encryption key, else the unicast one
   */
  record Identified(boolean broadcast) implements KeyInfo {
    @Override
    public String words() {
      return "an identified key";
    }
  }

  /**
   * A key made for this message, wrapped with the master key (key id 0, the only one).
   *
   * @param wrapped by AES key wrap (RFC 3394): 24 bytes for a key of 16, 40 for one of 32
   */
  record Wrapped(DlmsData.OctetString wrapped) implements KeyInfo {
    public Wrapped {
      if (wrapped.length() != 24 && wrapped.length() != 40) {
        throw new IllegalArgumentException(
            "a wrapped key has 24 or 40 bytes, not " + wrapped.length());
      }
    }

    @Override
    public String words() {
      return "a wrapped key";
    }

    @Override
    public String toString() {
      return "Wrapped[" + wrapped.length() + " bytes]";
    }
  }

  /**
   * A key that both sides compute.
   *
   * @param scheme how
   * @param data the sender's ephemeral public key and its signature for {@link Scheme#ONE_PASS},
   *     empty for {@link Scheme#STATIC}
   */
  record Agreed(Scheme scheme, DlmsData.OctetString data) implements KeyInfo {
    /** The key agreement schemes (clause 9.2.3.4.6). */
    public enum Scheme {
      /** One-pass Diffie-Hellman, C(1e, 1s). */
      ONE_PASS(1),
      /** Static unified model, C(0e, 2s). */
      STATIC(2);

      private final int parameter;

      Scheme(int parameter) {
        this.parameter = parameter;
      }
    }

    @Override
    public String words() {
      return "an agreed key";
    }
  }

  /** Reads the OPTIONAL CHOICE. */
  static KeyInfo read(AxdrReader in) throws DlmsException {
    int at = in.at();
    switch (in.u8("whether key-info is there")) {
      case 0:
        return NONE;
      case 1:
        break;
      default:
        throw malformed(at, "whether key-info is there is 0 or 1");
    }
    int choice = in.u8("the key-info's choice");
    try {
      return switch (choice) {
        case 0 -> new Identified(upTo(in, 1, "the key id") == 1);
        case 1 -> {
          upTo(in, 0, "the wrapping key's id");
          yield new Wrapped(in.octetString("the wrapped key"));
        }
        case 2 -> agreed(in);
        default -> throw malformed(at + 1, "the key-info's choice is 0 to 2, not " + choice);
      };
    } catch (IllegalArgumentException e) {
      throw malformed(at, String.valueOf(e.getMessage()));
    }
  }

  private static KeyInfo agreed(AxdrReader in) throws DlmsException {
    int at = in.at();
    DlmsData.OctetString parameters = in.octetString("the key agreement's parameters");
    DlmsData.OctetString data = in.octetString("the key agreement's data");
    for (Agreed.Scheme scheme : Agreed.Scheme.values()) {
      if (parameters.length() == 1 && parameters.at(0) == scheme.parameter) {
        return new Agreed(scheme, data);
      }
    }
    throw malformed(at, "the key agreement's parameters are 01 or 02, not " + parameters.hex());
  }

  private static int upTo(AxdrReader in, int most, String what) throws DlmsException {
    int at = in.at();
    int value = in.u8(what);
    if (value > most) {
      throw malformed(at, what + " is at most " + most + ", not " + value);
    }
    return value;
  }

  /** Writes the OPTIONAL CHOICE. */
  static void write(KeyInfo info, AxdrWriter out) {
    switch (info) {
      case None _ -> out.u8(0);
      case Identified key -> out.u8(1).u8(0).u8(key.broadcast() ? 1 : 0);
      case Wrapped key -> GeneralHeader.octets(key.wrapped(), out.u8(1).u8(1).u8(0));
      case Agreed key ->
          GeneralHeader.octets(key.data(), out.u8(1).u8(2).u8(1).u8(key.scheme().parameter));
    }
  }
}

package org.gridwarden.message;

import java.util.Optional;

/**
 * In which form a payload is, by the number of its CoAP content-format, where the registry has one.
 */
public enum Form {
  /** SenML in JSON (RFC 8428). */
  SENML_JSON(110),
  /** SenML in CBOR (RFC 8428). */
  SENML_CBOR(112),
  /** What is asked for, in JSON (RFC 8790, SenML-ETCH). */
  ETCH_JSON(320),
  /** What is asked for, in CBOR (RFC 8790, SenML-ETCH). */
  ETCH_CBOR(322),
  /** A COSE_Mac0 message: an operator's order under the head-end's seal (ADR 11). */
  DISPATCH(17),
  /** A COSE_Sign1 message: a meter's receipt, or what it says of a day. */
  SIGNED(18),
  /** A DLMS APDU; a number of the range for experiments, since the registry has none. */
  APDU(65_000);

  private final int number;

  Form(int number) {
    this.number = number;
  }

  /** The content-format. */
  public int number() {
    return number;
  }

  static Optional<Form> of(long number) {
    for (Form form : values()) {
      if (form.number == number) {
        return Optional.of(form);
      }
    }
    return Optional.empty();
  }

  /** Whether a message of this class may have this form, going this way. */
  boolean fits(MessageClass kind, Direction direction) {
    return switch (this) {
      case SENML_JSON, SENML_CBOR ->
          direction == Direction.UP
              && switch (kind) {
                case BILLING, USAGE, WARNING -> true;
                case CONTROL, REQUEST -> false;
              };
      case ETCH_JSON, ETCH_CBOR -> direction == Direction.DOWN && kind == MessageClass.REQUEST;
      case DISPATCH -> direction == Direction.DOWN && kind == MessageClass.CONTROL;
      case SIGNED ->
          direction == Direction.UP
              && (kind == MessageClass.CONTROL || kind == MessageClass.BILLING);
      case APDU -> kind != MessageClass.CONTROL;
    };
  }
}

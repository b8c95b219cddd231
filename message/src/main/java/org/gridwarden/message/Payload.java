package org.gridwarden.message;

import java.util.List;
import org.gridwarden.core.Message;
import org.gridwarden.message.senml.SenmlCodec;
import org.gridwarden.message.senml.SenmlMessages;

/**
 * What a message held once it was opened. Holds its arrays without copying: the opener gives them
 * up.
 */
public sealed interface Payload {
  /** What a meter measured or noticed, or is asked for. */
  record Messages(List<Message> messages) implements Payload {
    public Messages {
      messages = List.copyOf(messages);
    }
  }

  /**
   * An operator's order under the head-end's seal, for the meter's desk.
   *
   * @param bytes a COSE_Mac0 message
   */
  @SuppressWarnings("ArrayRecordComponent") // stated above
  record Dispatch(byte[] bytes) implements Payload {}

  /**
   * What a meter signed: a receipt, or what it says of a day.
   *
   * @param bytes a COSE_Sign1 message, not verified yet
   */
  @SuppressWarnings("ArrayRecordComponent") // stated above
  record Signed(byte[] bytes) implements Payload {}

  /** A DLMS APDU that rides inside. */
  @SuppressWarnings("ArrayRecordComponent") // stated above
  record Apdu(byte[] bytes) implements Payload {}

  /** A message's bytes before they are sealed, in one of the two forms of SenML. */
  static byte[] bytes(Form form, Message message) {
    return codec(form).encode(SenmlMessages.write(message));
  }

  /**
   * Reads what was opened.
   *
   * @param header of the message, known to be genuine
   * @throws MessageException where it is not what the header says
   */
  static Payload read(Header header, byte[] opened) throws MessageException {
    return switch (header.form()) {
      case DISPATCH -> new Dispatch(opened);
      case SIGNED -> new Signed(opened);
      case APDU -> new Apdu(opened);
      case SENML_CBOR, SENML_JSON, ETCH_CBOR, ETCH_JSON ->
          new Messages(
              SenmlMessages.read(
                  header.kind(), header.meter(), codec(header.form()).decode(opened)));
    };
  }

  private static SenmlCodec codec(Form form) {
    return switch (form) {
      case SENML_CBOR, ETCH_CBOR -> SenmlCodec.CBOR;
      case SENML_JSON, ETCH_JSON -> SenmlCodec.JSON;
      default -> throw new IllegalArgumentException(form + " is no SenML");
    };
  }
}

package org.gridwarden.cli;

import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.gridwarden.core.Signing;
import org.gridwarden.security.command.ActionWords;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.thirdparty.GeneralSigned;
import tools.jackson.databind.JsonNode;

/**
 * An order as its bytes have it: what is shown, released and signed is read from them here, not
 * from what the server says of them.
 *
 * @param bytes as the server sent them, base64
 * @param form in which the meter has the signature checked; a meter obeys no other, so that a
 *     server which lies about it wins nothing
 * @param meterTitle to which a DLMS request is addressed, 8 bytes; else of length 0
 */
@SuppressWarnings("ArrayRecordComponent") // only within this room
record SeenOrder(Order order, String bytes, Signing form, byte[] meterTitle) {
  /**
   * The order of a command that the server tells of.
   *
   * @throws Failure where its bytes are no order, or another command's
   */
  static SeenOrder of(JsonNode command) {
    String bytes = command.path("order").asString("");
    try {
      Order order = Order.parse(Base64.getDecoder().decode(bytes));
      if (!order.id().value().toString().equals(command.path("id").asString())
          || !order.meter().value().equals(command.path("meter").asString())) {
        throw new Failure(
            "the server shows the order of another command; nothing is signed or released");
      }
      Signing form = form(command);
      byte[] title =
          form == Signing.DLMS
              ? HexFormat.of().parseHex(command.path("systemTitle").asString(""))
              : new byte[0];
      return new SeenOrder(order, bytes, form, title);
    } catch (CommandException | IllegalArgumentException e) {
      throw new Failure("the server's order is none: " + e.getMessage());
    }
  }

  private static Signing form(JsonNode command) {
    String word = command.path("signing").asString("cose");
    return switch (word) {
      case "cose" -> Signing.COSE;
      case "dlms" -> Signing.DLMS;
      default ->
          throw new Failure("the server wants a signature in a form that is not known: " + word);
    };
  }

  String id() {
    return order.id().value().toString();
  }

  /** What it does to whom, by when and by whose order. */
  String words() {
    return ActionWords.of(order.action(), order.meter().value())
        + " Not before "
        + order.notBefore()
        + ", not after "
        + order.expires()
        + ", ordered by "
        + order.operator()
        + "."
        + (form == Signing.DLMS
            ? " Signed as "
                + form.words()
                + " to the system title "
                + HexFormat.of().withUpperCase().formatHex(meterTitle)
                + "."
            : "");
  }

  /**
   * The signature over it, base64: made of the order's own fields, whichever the form.
   *
   * @param at when, which DLMS has signed, too; whole seconds
   */
  String sign(Signer signer, Instant at) {
    try {
      byte[] keyId = Signed.keyId(signer.publicKey());
      byte[] tbs =
          switch (form) {
            case COSE -> Signed.toBeSigned(Purpose.ORDER, keyId, order.bytes());
            case DLMS -> GeneralSigned.toBeSigned(order, keyId, meterTitle, at);
          };
      return Base64.getEncoder().encodeToString(signer.sign(tbs));
    } catch (CommandException e) {
      throw new Failure("not signed: " + e.getMessage());
    }
  }

  /** A key's id as the server has it. */
  static String keyId(Signer signer) {
    return HexFormat.of().formatHex(Signed.keyId(signer.publicKey()));
  }
}

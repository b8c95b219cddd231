package org.gridwarden.cli;

import java.util.Base64;
import java.util.HexFormat;
import org.gridwarden.security.command.ActionWords;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import tools.jackson.databind.JsonNode;

/**
 * An order as its bytes have it: what is shown, released and signed is read from them here, not
 * from what the server says of them.
 *
 * @param bytes as the server sent them, base64
 */
record SeenOrder(Order order, String bytes) {
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
      return new SeenOrder(order, bytes);
    } catch (CommandException | IllegalArgumentException e) {
      throw new Failure("the server's order is none: " + e.getMessage());
    }
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
        + ".";
  }

  /** The signature over it, base64. */
  String sign(Signer signer) {
    try {
      byte[] tbs =
          Signed.toBeSigned(Purpose.ORDER, Signed.keyId(signer.publicKey()), order.bytes());
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

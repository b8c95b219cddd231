package org.gridwarden.security.thirdparty;

import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.security.command.CommandException;

/**
 * What a meter answered to an order, as a general-signing APDU under its own key: the evidence.
 * Immutable.
 *
 * @param id the command, by the transaction id
 * @param outcome CONFIRMED or REFUSED; that it is ready for reconnection is not in the answer
 * @param at when, by the meter's clock; whole seconds
 * @param detail the result in a word
 */
public record SignedAnswer(CommandId id, CommandState outcome, Instant at, String detail) {
  private static final int NORMAL = 1;
  private static final int SET_RESPONSE = 0xC5;
  private static final int ACTION_RESPONSE = 0xC7;

  /**
   * Reads an answer.
   *
   * @param meterKey the meter's, for digital signatures
   * @param meterTitle who has to have answered
   * @param operatorTitle to whom
   * @param id to which command
   * @throws CommandException where it is not genuine, or another one
   */
  public static SignedAnswer open(
      byte[] bytes, PublicKey meterKey, byte[] meterTitle, byte[] operatorTitle, CommandId id)
      throws CommandException {
    GeneralSigned.Parts parts = GeneralSigned.Parts.parse(bytes);
    parts.check(meterKey);
    if (!Arrays.equals(parts.originator(), meterTitle)
        || !Arrays.equals(parts.recipient(), operatorTitle)) {
      throw new CommandException("it is another meter's answer, or to somebody else");
    }
    ByteBuffer transaction = ByteBuffer.wrap(parts.transaction());
    if (!new UUID(transaction.getLong(), transaction.getLong()).equals(id.value())) {
      throw new CommandException("it is the answer to another request");
    }
    int result = result(parts.content());
    return new SignedAnswer(
        id,
        result == 0 ? CommandState.CONFIRMED : CommandState.REFUSED,
        DlmsTime.instant(parts.time()),
        result == 0 ? "done" : "not done: " + words(result));
  }

  /** An ACTION-Response-Normal or SET-Response-Normal: what follows the result says no more. */
  private static int result(byte[] content) throws CommandException {
    Octets.In in = new Octets.In(content);
    int tag = in.raw("the answer");
    if ((tag != SET_RESPONSE && tag != ACTION_RESPONSE) || in.raw("its kind") != NORMAL) {
      throw new CommandException("it answers no request that an operator signs");
    }
    in.raw("the invoke id");
    return in.raw("the result");
  }

  private static String words(int result) {
    return switch (result) {
      case 1 -> "hardware fault";
      case 2 -> "temporary failure";
      case 3 -> "read-write denied";
      case 4 -> "object undefined";
      case 9 -> "object class inconsistent";
      case 11 -> "object unavailable";
      case 12 -> "type unmatched";
      case 13 -> "scope of access violated";
      case 250 -> "other reason";
      default -> "result " + result;
    };
  }
}

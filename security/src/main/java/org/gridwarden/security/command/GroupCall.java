package org.gridwarden.security.command;

import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;

/**
 * What an operator says to a group of meters at once, signed and in the clear: who shares a key
 * with a whole group could speak for the office, so there is no seal on it, and hence it may order
 * nothing that needs one (C9). It asks for readings, and nothing else. Immutable.
 *
 * @param id names it: a meter answers each once
 * @param group which meters mean it, by the name that they were given at their making; 1 to 64
 *     characters
 * @param action what is to be done: {@link Action.Read}
 * @param notBefore not to be done earlier; whole seconds
 * @param expires not to be done then or later; whole seconds
 * @param operator who says it
 */
public record GroupCall(
    CommandId id,
    String group,
    Action action,
    Instant notBefore,
    Instant expires,
    String operator) {
  private static final int VERSION = 1;
  private static final int LONGEST_NAME = 64;

  /**
   * @throws IllegalArgumentException where it would change something at a meter, or its words are
   *     out of their ranges
   */
  public GroupCall {
    if (!(action instanceof Action.Read)) {
      throw new IllegalArgumentException(
          "a group is not ordered to " + action.word() + ": each meter wants a seal of its own");
    }
    if (group.isBlank() || group.length() > LONGEST_NAME) {
      throw new IllegalArgumentException("a group's name has 1 to 64 characters");
    }
    notBefore = Instant.ofEpochSecond(notBefore.getEpochSecond());
    expires = Instant.ofEpochSecond(expires.getEpochSecond());
    if (!notBefore.isBefore(expires)) {
      throw new IllegalArgumentException("a call expires after it begins");
    }
  }

  /** Under its operator's signature: COSE_Sign1. */
  public byte[] sign(Signer signer) throws CommandException {
    return Signed.sign(Purpose.GROUP, signer, bytes()).bytes();
  }

  /**
   * The call that signed bytes hold.
   *
   * @throws CommandException where they hold none, or the signature is not by that key
   */
  public static GroupCall open(byte[] signed, PublicKey key) throws CommandException {
    return parse(Signed.parse(signed).open(Purpose.GROUP, key));
  }

  private byte[] bytes() {
    return Cbor.write(out -> {
      out.writeStartArray(null, 7);
      out.writeNumber(VERSION);
      out.writeBinary(Order.bytes(id));
      out.writeString(group);
      out.writeString(action.word());
      out.writeNumber(notBefore.getEpochSecond());
      out.writeNumber(expires.getEpochSecond());
      out.writeString(operator);
      out.writeEndArray();
    });
  }

  private static GroupCall parse(byte[] bytes) throws CommandException {
    GroupCall call;
    try {
      call =
          Cbor.read(
              bytes,
              in -> {
                in.array();
                if (in.number("the version") != VERSION) {
                  throw new CommandException("calls to groups have version " + VERSION);
                }
                CommandId id = Order.id(in.bytes("the id", 16));
                String group = in.text("the group", 4 * LONGEST_NAME);
                String word = in.text("the action", 32);
                if (!word.equals(new Action.Read().word())) {
                  throw new CommandException("a group is not ordered to " + word);
                }
                GroupCall read =
                    new GroupCall(
                        id,
                        group,
                        new Action.Read(),
                        Instant.ofEpochSecond(in.number("not before")),
                        Instant.ofEpochSecond(in.number("the expiry")),
                        in.text("the operator", 128));
                in.end();
                return read;
              });
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new CommandException("the call is none: " + e.getMessage());
    }
    if (!Arrays.equals(call.bytes(), bytes)) {
      throw new CommandException("the call is not written in the one way");
    }
    return call;
  }
}

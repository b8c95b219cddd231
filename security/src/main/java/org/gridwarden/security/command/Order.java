package org.gridwarden.security.command;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.MeterId;

/**
 * What an operator signs: one action at one meter, within a time, once. Nothing of it can be
 * exchanged without breaking the signature. Immutable.
 *
 * @param id the command
 * @param meter the only meter that obeys it
 * @param action what is to be done
 * @param notBefore not to be done earlier; whole seconds
 * @param expires not to be done then or later; whole seconds
 * @param operator who orders it: the user's name
 */
public record Order(
    CommandId id,
    MeterId meter,
    Action action,
    Instant notBefore,
    Instant expires,
    String operator) {
  private static final int VERSION = 1;

  /**
   * @throws IllegalArgumentException where it expires before it begins
   */
  public Order {
    notBefore = Instant.ofEpochSecond(notBefore.getEpochSecond());
    expires = Instant.ofEpochSecond(expires.getEpochSecond());
    if (!notBefore.isBefore(expires)) {
      throw new IllegalArgumentException("an order expires after it begins");
    }
  }

  /**
   * Its bytes: a CBOR array of version, id (16 bytes, random enough to be the nonce as well),
   * meter, word, parameters, not-before, expiry (seconds since 1970) and operator.
   */
  public byte[] bytes() {
    return Cbor.write(out -> {
      out.writeStartArray(null, 8);
      out.writeNumber(VERSION);
      out.writeBinary(bytes(id));
      out.writeString(meter.value());
      out.writeString(action.word());
      out.writeBinary(ActionCodec.parameters(action));
      out.writeNumber(notBefore.getEpochSecond());
      out.writeNumber(expires.getEpochSecond());
      out.writeString(operator);
      out.writeEndArray();
    });
  }

  /**
   * The order that bytes are.
   *
   * @throws CommandException where they are none, or one that is not written in the one way
   */
  public static Order parse(byte[] bytes) throws CommandException {
    Order order;
    try {
      order =
          Cbor.read(
              bytes,
              in -> {
                in.array();
                if (in.number("the version") != VERSION) {
                  throw new CommandException("orders have version " + VERSION);
                }
                CommandId id = id(in.bytes("the id", 16));
                MeterId meter = new MeterId(in.text("the meter", 128));
                String word = in.text("the action", 32);
                Action action = ActionCodec.action(word, in.bytes("the parameters"));
                Order read =
                    new Order(
                        id,
                        meter,
                        action,
                        Instant.ofEpochSecond(in.number("not before")),
                        Instant.ofEpochSecond(in.number("the expiry")),
                        in.text("the operator", 128));
                in.end();
                return read;
              });
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new CommandException("the order is none: " + e.getMessage());
    }
    if (!java.util.Arrays.equals(order.bytes(), bytes)) {
      throw new CommandException("the order is not written in the one way");
    }
    return order;
  }

  static byte[] bytes(CommandId id) {
    return ByteBuffer.allocate(16)
        .putLong(id.value().getMostSignificantBits())
        .putLong(id.value().getLeastSignificantBits())
        .array();
  }

  static CommandId id(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new CommandId(new UUID(buffer.getLong(), buffer.getLong()));
  }
}

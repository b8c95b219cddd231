package org.gridwarden.security.command;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;

/**
 * What a meter says it made of a command, under its own signature. Immutable.
 *
 * @param id the command
 * @param meter who says so
 * @param outcome CONFIRMED, READY, REFUSED or EXPIRED
 * @param at when, by the meter's clock; whole seconds
 * @param detail why not, or the state that it is in now; at most 256 bytes
 */
public record MeterReceipt(
    CommandId id, MeterId meter, CommandState outcome, Instant at, String detail) {
  private static final int VERSION = 1;

  public MeterReceipt {
    switch (outcome) {
      case CONFIRMED, READY, REFUSED, EXPIRED -> {}
      default -> throw new IllegalArgumentException("a meter does not answer " + outcome);
    }
    at = Instant.ofEpochSecond(at.getEpochSecond());
  }

  /**
   * What bytes answer to a command. Whether they are genuine is for who has the meter's public key.
   *
   * @param signed a COSE_Sign1 message
   * @return empty where they are no receipt of that command by its meter
   */
  public static Optional<Receipt> answer(SignedCommand command, byte[] signed) {
    try {
      MeterReceipt receipt = parse(Signed.parse(signed).unverified());
      return receipt.id().equals(command.id()) && receipt.meter().equals(command.meter())
          ? Optional.of(new Receipt(receipt.id(), receipt.outcome(), receipt.at(), signed))
          : Optional.empty();
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  /** Its bytes: a CBOR array of version, id, meter, outcome, time and detail. */
  public byte[] bytes() {
    return Cbor.write(out -> {
      out.writeStartArray(null, 6);
      out.writeNumber(VERSION);
      out.writeBinary(Order.bytes(id));
      out.writeString(meter.value());
      out.writeString(outcome.name());
      out.writeNumber(at.getEpochSecond());
      out.writeString(detail);
      out.writeEndArray();
    });
  }

  /**
   * The receipt that bytes are.
   *
   * @throws CommandException where they are none
   */
  public static MeterReceipt parse(byte[] bytes) throws CommandException {
    MeterReceipt receipt;
    try {
      receipt =
          Cbor.read(
              bytes,
              in -> {
                in.array();
                if (in.number("the version") != VERSION) {
                  throw new CommandException("receipts have version " + VERSION);
                }
                MeterReceipt read =
                    new MeterReceipt(
                        Order.id(in.bytes("the id", 16)),
                        new MeterId(in.text("the meter", 128)),
                        CommandState.valueOf(in.text("the outcome", 16)),
                        Instant.ofEpochSecond(in.number("the time")),
                        in.text("the detail", 256));
                in.end();
                return read;
              });
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new CommandException("the receipt is none: " + e.getMessage());
    }
    if (!Arrays.equals(receipt.bytes(), bytes)) {
      throw new CommandException("the receipt is not written in the one way");
    }
    return receipt;
  }
}

package org.gridwarden.security.command;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;

/**
 * What a last gate says about a command to a meter that cannot sign: under the gate's signature,
 * never the meter's. Immutable.
 *
 * @param id the command
 * @param meter to whom it was
 * @param outcome CONFIRMED, READY, REFUSED or EXPIRED
 * @param at when, by the gate's clock; whole seconds
 * @param detail why not, or what the meter answered; at most 256 bytes
 * @param answer the meter's last answer as it came, ciphered; at most 4,096 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record GateRecord(
    CommandId id, MeterId meter, CommandState outcome, Instant at, String detail, byte[] answer) {
  /** The longest answer that is kept. */
  public static final int LONGEST_ANSWER = 4_096;

  private static final int VERSION = 1;

  public GateRecord {
    switch (outcome) {
      case CONFIRMED, READY, REFUSED, EXPIRED -> {}
      default -> throw new IllegalArgumentException("a gate does not say " + outcome);
    }
    if (answer.length > LONGEST_ANSWER) {
      throw new IllegalArgumentException("an answer of " + answer.length + " bytes is not kept");
    }
    at = Instant.ofEpochSecond(at.getEpochSecond());
    answer = answer.clone();
  }

  @Override
  public byte[] answer() {
    return answer.clone();
  }

  /** Its bytes: a CBOR array of version, id, meter, outcome, time, detail and answer. */
  public byte[] bytes() {
    return Cbor.write(out -> {
      out.writeStartArray(null, 7);
      out.writeNumber(VERSION);
      out.writeBinary(Order.bytes(id));
      out.writeString(meter.value());
      out.writeString(outcome.name());
      out.writeNumber(at.getEpochSecond());
      out.writeString(detail);
      out.writeBinary(answer);
      out.writeEndArray();
    });
  }

  /**
   * The record that bytes are.
   *
   * @throws CommandException where they are none
   */
  public static GateRecord parse(byte[] bytes) throws CommandException {
    GateRecord record;
    try {
      record =
          Cbor.read(
              bytes,
              in -> {
                in.array();
                if (in.number("the version") != VERSION) {
                  throw new CommandException("records have version " + VERSION);
                }
                GateRecord read =
                    new GateRecord(
                        Order.id(in.bytes("the id", 16)),
                        new MeterId(in.text("the meter", 128)),
                        CommandState.valueOf(in.text("the outcome", 16)),
                        Instant.ofEpochSecond(in.number("the time")),
                        in.text("the detail", 256),
                        in.bytes("the answer"));
                in.end();
                return read;
              });
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new CommandException("the record is none: " + e.getMessage());
    }
    if (!Arrays.equals(record.bytes(), bytes)) {
      throw new CommandException("the record is not written in the one way");
    }
    return record;
  }
}

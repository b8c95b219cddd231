package org.gridwarden.core;

import java.time.Instant;

/**
 * A meter's answer to a command.
 *
 * @param id which command
 * @param state what the meter made of it
 * @param at when
 * @param evidence the bytes that prove it
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record Receipt(CommandId id, CommandState state, Instant at, byte[] evidence) {
  public Receipt {
    evidence = evidence.clone();
  }

  @Override
  public byte[] evidence() {
    return evidence.clone();
  }
}

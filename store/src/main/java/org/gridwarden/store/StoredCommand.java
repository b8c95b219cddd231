package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;

/**
 * A command as the database has it.
 *
 * @param feeder the feeder of the meter when it was drafted; empty where unknown
 * @param word the vocabulary's word
 * @param parameters its encoded parameters
 * @param reason why, in the operator's words
 * @param draftedBy the operator
 * @param due when it may be sent
 * @param state where it stands
 * @param why of the state
 * @param releasedBy the second person; empty where the policy let it through
 * @param signed the order under its operator's signature
 * @param receipt the meter's
 * @param attempts how often it was sent
 * @param switching whether it counts in the windows of switching
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record StoredCommand(
    CommandId id,
    MeterId meter,
    String feeder,
    String word,
    byte[] parameters,
    String reason,
    String draftedBy,
    Instant drafted,
    Instant notBefore,
    Instant expires,
    Instant due,
    CommandState state,
    String why,
    String releasedBy,
    Optional<byte[]> signed,
    Optional<byte[]> receipt,
    int attempts,
    boolean switching) {
  public StoredCommand {
    parameters = parameters.clone();
    signed = signed.map(byte[]::clone);
    receipt = receipt.map(byte[]::clone);
  }

  /** The same after a step. */
  public StoredCommand moved(CommandState to, String note) {
    return with(due, to, note, releasedBy);
  }

  /** The same, let through. */
  public StoredCommand released(Instant at, String secondPerson) {
    return with(at, state, why, secondPerson);
  }

  private StoredCommand with(Instant at, CommandState to, String note, String secondPerson) {
    return new StoredCommand(
        id,
        meter,
        feeder,
        word,
        parameters,
        reason,
        draftedBy,
        drafted,
        notBefore,
        expires,
        at,
        to,
        note,
        secondPerson,
        signed,
        receipt,
        attempts,
        switching);
  }

  @Override
  public byte[] parameters() {
    return parameters.clone();
  }

  @Override
  public Optional<byte[]> signed() {
    return signed.map(byte[]::clone);
  }

  @Override
  public Optional<byte[]> receipt() {
    return receipt.map(byte[]::clone);
  }
}

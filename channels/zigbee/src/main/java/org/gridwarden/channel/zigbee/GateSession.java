package org.gridwarden.channel.zigbee;

import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.core.Action;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.message.UnaskedSession;

/** A session with a meter that has no tunnel: commands go by the gate. One thread at a time. */
final class GateSession extends UnaskedSession {
  private final SupplyGate gate;
  private final Way way;

  GateSession(MeterId meter, SupplyGate gate, Way way) {
    super(
        meter, "it reports by itself and is not read over this channel; wait for its next report");
    this.gate = gate;
    this.way = way;
  }

  /** What is asked of the meter. */
  interface Way extends SupplyGate.Hand {
    /** How the supply stands; empty where the meter does not say. */
    OptionalInt supply() throws InterruptedException;
  }

  @Override
  public Receipt send(SignedCommand command) throws ChannelException, InterruptedException {
    if (!command.meter().equals(meter())) {
      throw fault(
          Fault.Code.CONFLICT,
          "the command is for meter " + command.meter() + "; nothing was sent");
    }
    return gate.send(command, way);
  }

  /** The gate's book knows what it began. */
  @Override
  public boolean remembersCommands() {
    return true;
  }

  @Override
  public Optional<CommandState> look(Action action) throws ChannelException, InterruptedException {
    if (SupplyChange.wanted(action).isEmpty()) {
      throw fault(
          Fault.Code.FORBIDDEN, "it cannot be read back whether '" + action.word() + "' was done");
    }
    OptionalInt stands = way.supply();
    if (stands.isEmpty()) {
      throw fault(Fault.Code.TIMEOUT, "it does not say how its supply stands");
    }
    return SupplyChange.outcome(action, stands.getAsInt());
  }

  @Override
  public Assurance assurance() {
    return Assurance.TRANSPORT;
  }
}

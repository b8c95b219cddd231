package org.gridwarden.channel.zigbee;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.gridwarden.core.Action;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ClockReading;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;

/** A session with a meter that has no tunnel: commands go by the gate. One thread at a time. */
record GateSession(MeterId meter, SupplyGate gate, Way way) implements MeterSession {
  /** What is asked of the meter. */
  interface Way extends SupplyGate.Hand {
    /** How the supply stands; empty where the meter does not say. */
    OptionalInt supply() throws InterruptedException;
  }

  @Override
  public Receipt send(SignedCommand command) throws ChannelException, InterruptedException {
    if (!command.meter().equals(meter)) {
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

  @Override
  public Stream<Message> read(ReadPlan plan) throws ChannelException {
    throw unasked();
  }

  @Override
  public ClockReading clock() throws ChannelException {
    throw unasked();
  }

  @Override
  public void shiftClock(Duration by) throws ChannelException {
    throw unasked();
  }

  private ChannelException unasked() {
    return fault(
        Fault.Code.FORBIDDEN,
        "it reports by itself and is not read over this channel; wait for its next report");
  }

  private ChannelException fault(Fault.Code code, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }

  @Override
  public void close() {
    // the network is the coordinator's
  }
}

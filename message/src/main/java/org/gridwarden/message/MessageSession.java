package org.gridwarden.message;

import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;

/**
 * A conversation with a meter that sends by itself: it takes commands, and is not read. One thread
 * at a time.
 */
public final class MessageSession extends UnaskedSession {
  private final CommandDesk desk;
  private final CommandDesk.Way way;
  private final Deadline deadline;

  public MessageSession(MeterId meter, CommandDesk desk, CommandDesk.Way way, Deadline deadline) {
    super(meter, "it sends by itself and is not read over this channel; wait for its next message");
    this.desk = desk;
    this.way = way;
    this.deadline = deadline;
  }

  @Override
  public Receipt send(SignedCommand command) throws ChannelException, InterruptedException {
    if (!command.meter().equals(meter())) {
      throw fault(
          Fault.Code.CONFLICT,
          "the command is for meter " + command.meter() + "; nothing was sent");
    }
    return desk.send(command, deadline, way);
  }

  /** The meter's desk knows what it did. */
  @Override
  public boolean remembersCommands() {
    return true;
  }

  @Override
  public Assurance assurance() {
    return Assurance.MAC;
  }
}

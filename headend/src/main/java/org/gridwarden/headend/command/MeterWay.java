package org.gridwarden.headend.command;

import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;

/** How signed commands reach meters. Thread-safe. */
public interface MeterWay {
  /** Whether there is a way to the meter now. */
  boolean reaches(MeterId meter);

  /**
   * Whether the meter itself knows a command that comes again, so that it may be sent blindly.
   *
   * @throws ChannelException where that cannot be asked now
   */
  boolean remembers(MeterId meter) throws ChannelException, InterruptedException;

  /**
   * Sends a command and waits for the meter's receipt.
   *
   * @throws ChannelException where no receipt came: the meter may have done it all the same, unless
   *     the code is FORBIDDEN: then it was not taken
   */
  Receipt send(SignedCommand command) throws ChannelException, InterruptedException;

  /**
   * Reads back whether an action has been done already.
   *
   * @return CONFIRMED or READY where the meter stands as the action would have it; empty where it
   *     does not
   * @throws ChannelException where the meter does not say
   */
  Optional<CommandState> look(MeterId meter, Action action)
      throws ChannelException, InterruptedException;
}

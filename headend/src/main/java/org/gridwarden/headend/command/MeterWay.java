package org.gridwarden.headend.command;

import java.time.Duration;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
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
   * Brings to a meter what it must have before a command can be handed in, a part at a time: an
   * update's image. Nothing is done at the meter by that.
   *
   * @return after how long to go on; empty where nothing is wanting any more
   * @throws ChannelException FORBIDDEN where it can never be brought; otherwise it is tried again
   */
  default Optional<Duration> prepare(CommandId command, MeterId meter, Action action)
      throws ChannelException, InterruptedException {
    return Optional.empty();
  }

  /**
   * Looks, once a meter has confirmed an action, what it made of itself: which firmware runs.
   *
   * @throws ChannelException where it does not say; nothing is lost by that
   */
  default void confirmed(MeterId meter, Action action)
      throws ChannelException, InterruptedException {}

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

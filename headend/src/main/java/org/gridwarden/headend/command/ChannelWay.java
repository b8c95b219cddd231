package org.gridwarden.headend.command;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;

/**
 * Commands over the office's channels: the first that reaches a meter is taken, and each act is a
 * session of its own. Thread-safe.
 */
public final class ChannelWay implements MeterWay {
  private final List<Channel> channels;
  private final Duration patience;

  /**
   * @param channels in the order in which they are tried
   * @param patience how long one session may take, its opening included; more than zero
   */
  public ChannelWay(List<Channel> channels, Duration patience) {
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("a session needs some time");
    }
    this.channels = List.copyOf(channels);
    this.patience = patience;
  }

  @Override
  public boolean reaches(MeterId meter) {
    return way(meter).isPresent();
  }

  @Override
  public boolean remembers(MeterId meter) throws ChannelException, InterruptedException {
    try (MeterSession session = open(meter)) {
      return session.remembersCommands();
    }
  }

  @Override
  public Receipt send(SignedCommand command) throws ChannelException, InterruptedException {
    try (MeterSession session = open(command.meter())) {
      Receipt receipt = session.send(command);
      if (!receipt.id().equals(command.id())) {
        throw new ChannelException(
            new Fault(
                Fault.Code.CONFLICT,
                "meter " + command.meter(),
                "it answered with the receipt of another command"));
      }
      return receipt;
    }
  }

  @Override
  public Optional<CommandState> look(MeterId meter, Action action)
      throws ChannelException, InterruptedException {
    try (MeterSession session = open(meter)) {
      return session.look(action);
    }
  }

  private MeterSession open(MeterId meter) throws ChannelException, InterruptedException {
    Channel channel =
        way(meter)
            .orElseThrow(() ->
                new ChannelException(
                    new Fault(
                        Fault.Code.TIMEOUT, "meter " + meter, "no channel reaches it any more")));
    return channel.open(meter, Deadline.in(patience));
  }

  private Optional<Channel> way(MeterId meter) {
    return channels.stream().filter(channel -> channel.reaches(meter)).findFirst();
  }
}

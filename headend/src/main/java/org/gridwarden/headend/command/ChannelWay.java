package org.gridwarden.headend.command;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.gridwarden.core.Action;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Image;
import org.gridwarden.core.ImageProgress;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;

/**
 * Commands over the office's channels: the first that reaches a meter is taken, and each act is a
 * session of its own. A firmware image is carried in many, so that readings and other commands come
 * in between. Thread-safe.
 */
public final class ChannelWay implements MeterWay {
  /** So long an image is carried at a time; well below the patience of a session. */
  private static final Duration STINT = Duration.ofSeconds(10);

  /** So long others have the meter in between. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** So many images on their way at once: commands need places, too. */
  private static final int MOST_CARRIED = 64;

  private final List<Channel> channels;
  private final Duration patience;
  private final Images images;
  private final Semaphore carriers = new Semaphore(MOST_CARRIED);

  /** One that carries no images. */
  public ChannelWay(List<Channel> channels, Duration patience) {
    this(channels, patience, Images.NONE);
  }

  /**
   * @param channels in the order in which they are tried
   * @param patience how long one session may take, its opening included; more than zero
   * @param images what updates bring
   */
  public ChannelWay(List<Channel> channels, Duration patience, Images images) {
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("a session needs some time");
    }
    this.channels = List.copyOf(channels);
    this.patience = patience;
    this.images = images;
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
  public Optional<Duration> prepare(CommandId command, MeterId meter, Action action)
      throws ChannelException, InterruptedException {
    if (!(action instanceof Action.UpdateFirmware update)) {
      return Optional.empty();
    }
    if (!carriers.tryAcquire()) {
      return Optional.of(PAUSE);
    }
    try {
      Image image = images.image(update);
      Optional<ImageProgress> before = images.latest(meter);
      try (MeterSession session = open(meter)) {
        ImageProgress now =
            session.carry(image, before, STINT, so -> images.carried(command, meter, so));
        return now.isWhole() ? Optional.empty() : Optional.of(PAUSE);
      }
    } finally {
      carriers.release();
    }
  }

  @Override
  public void confirmed(MeterId meter, Action action)
      throws ChannelException, InterruptedException {
    if (action instanceof Action.UpdateFirmware) {
      try (MeterSession session = open(meter)) {
        session.firmware().ifPresent(version -> images.runs(meter, version));
      }
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

package org.gridwarden.channel.zigbee;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ClockReading;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Image;
import org.gridwarden.core.ImageProgress;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;

/**
 * A session through a meter's tunnel, which tells what was confirmed there: displays are told of it
 * by clusters of their own. One thread at a time.
 */
record ZigbeeSession(MeterSession tunnel, Consumer<SignedCommand> confirmed, Images images)
    implements MeterSession {
  /** How images reach the meter: by a cluster of their own. */
  interface Images {
    ImageProgress carry(Image image, Duration stint, Consumer<ImageProgress> told)
        throws ChannelException, InterruptedException;
  }

  /** The meter itself knows of which image it has what. */
  @Override
  public ImageProgress carry(
      Image image, Optional<ImageProgress> before, Duration stint, Consumer<ImageProgress> told)
      throws ChannelException, InterruptedException {
    return images.carry(image, stint, told);
  }

  @Override
  public Receipt send(SignedCommand command) throws ChannelException, InterruptedException {
    Receipt receipt = tunnel.send(command);
    if (receipt.state() == CommandState.CONFIRMED) {
      confirmed.accept(command);
    }
    return receipt;
  }

  @Override
  public boolean remembersCommands() {
    return tunnel.remembersCommands();
  }

  @Override
  public Assurance assurance() {
    return tunnel.assurance();
  }

  @Override
  public Stream<Message> read(ReadPlan plan) throws ChannelException, InterruptedException {
    return tunnel.read(plan);
  }

  @Override
  public ClockReading clock() throws ChannelException, InterruptedException {
    return tunnel.clock();
  }

  @Override
  public void shiftClock(Duration by) throws ChannelException, InterruptedException {
    tunnel.shiftClock(by);
  }

  @Override
  public void close() throws ChannelException {
    tunnel.close();
  }
}

package org.gridwarden.core;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A conversation with one meter. One thread at a time. */
public interface MeterSession extends AutoCloseable {
  /**
   * Reads what a plan asks for, object by object in the plan's order, each when the stream comes to
   * it. What the stream gives has been through intake: it is durable.
   *
   * @return throws {@link Broken} where the conversation ends early; what came before stands
   */
  Stream<Message> read(ReadPlan plan) throws ChannelException, InterruptedException;

  /** Reads the meter's clock. */
  ClockReading clock() throws ChannelException, InterruptedException;

  /**
   * Sets the meter's clock forward, or back where negative.
   *
   * @param by whole seconds, at most 900 either way
   * @throws ChannelException FORBIDDEN where the session does not stand under the meter's keys, or
   *     the meter does not allow it
   */
  void shiftClock(Duration by) throws ChannelException, InterruptedException;

  /** What stands behind what the meter says in this session. */
  Assurance assurance();

  /** Sends a command and waits for the meter's receipt. */
  Receipt send(SignedCommand command) throws ChannelException, InterruptedException;

  /**
   * Reads back whether an action has been done already.
   *
   * @return CONFIRMED or READY where the meter stands as the action would have it; empty where it
   *     does not
   * @throws ChannelException FORBIDDEN where that cannot be told of this meter or this action
   */
  default Optional<CommandState> look(Action action) throws ChannelException, InterruptedException {
    throw new ChannelException(
        new Fault(
            Fault.Code.FORBIDDEN,
            "the meter",
            "it cannot be read back from it whether '" + action.word() + "' was done"));
  }

  /** Whether the meter itself knows a command that comes again, so that it may be sent blindly. */
  default boolean remembersCommands() {
    return false;
  }

  /**
   * Carries a firmware image to the meter, from the first block on that it has not. It does nothing
   * with it before it is ordered to.
   *
   * @param before how far the latest image came that was carried to this meter; the meter itself is
   *     asked where it stands, but not every meter can say of which image
   * @param stint after so long the session is given back, and the rest is for another one
   * @param told how far it came: once it has begun, every second or so, and at the end
   * @return how far it came
   * @throws ChannelException FORBIDDEN where no image can be carried to this meter
   */
  default ImageProgress carry(
      Image image, Optional<ImageProgress> before, Duration stint, Consumer<ImageProgress> told)
      throws ChannelException, InterruptedException {
    throw new ChannelException(
        new Fault(
            Fault.Code.FORBIDDEN, "the meter", "no firmware image is carried over its channel"));
  }

  /** Reads which firmware the meter says it runs; empty where it does not say. */
  default Optional<String> firmware() throws ChannelException, InterruptedException {
    return Optional.empty();
  }

  /**
   * Reads by which trust list the meter obeys.
   *
   * @return its version, 0 before its first; empty where it takes none
   */
  default OptionalLong trusts() throws ChannelException, InterruptedException {
    return OptionalLong.empty();
  }

  /**
   * Hands the meter a trust list under its root's signature.
   *
   * @throws ChannelException FORBIDDEN where it does not take it: it obeys whom it obeyed
   */
  default void trust(byte[] signed) throws ChannelException, InterruptedException {
    throw new ChannelException(
        new Fault(Fault.Code.FORBIDDEN, "the meter", "it takes no trust list"));
  }

  /**
   * Reads how the meter is set up, as far as its companion profile says what belongs to that.
   *
   * @return empty where nothing does
   */
  default Optional<Configuration> configuration() throws ChannelException, InterruptedException {
    return Optional.empty();
  }

  /**
   * Reads whom the meter lets in, how they prove who they are and what they may do, as far as its
   * companion profile says which objects tell it.
   *
   * @return empty where none does
   */
  default Optional<MeterAccess> access() throws ChannelException, InterruptedException {
    return Optional.empty();
  }

  @Override
  void close() throws ChannelException;

  /** A stream's conversation ended early. */
  final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ChannelException why;

    public Broken(ChannelException why) {
      super(why.getMessage(), why);
      this.why = why;
    }

    /** What ended it. */
    public ChannelException why() {
      return why;
    }
  }
}

package org.gridwarden.core;

import java.util.stream.Stream;

/** A conversation with one meter. One thread at a time. */
public interface MeterSession extends AutoCloseable {
  /** Reads what a plan asks for, lazily. */
  Stream<Message> read(ReadPlan plan) throws ChannelException, InterruptedException;

  /** Sends a command and waits for the meter's receipt. */
  Receipt send(SignedCommand command) throws ChannelException, InterruptedException;

  @Override
  void close() throws ChannelException;
}

package org.gridwarden.core;

import java.time.InstantSource;
import java.util.Optional;

/** One protocol's office side. Built by a {@link ChannelFactory}. Thread-safe. */
public interface Channel extends AutoCloseable {
  /** Its name and instance. */
  ChannelId id();

  /**
   * Opens its listeners.
   *
   * @throws ChannelException where a port is taken or a device is missing; nothing stays open then
   */
  void start(Host host) throws ChannelException;

  /** Whether this channel has a way to the meter now. */
  boolean reaches(MeterId meter);

  /** What it could read of the meter, once it has a way to it; empty where nothing. */
  default Optional<Offer> offer(MeterId meter) {
    return Optional.empty();
  }

  /**
   * Opens a session with a meter. A thread that is interrupted meanwhile gives it up at once.
   *
   * @param deadline by which the session as a whole must have ended
   */
  MeterSession open(MeterId meter, Deadline deadline) throws ChannelException, InterruptedException;

  /** How it is. */
  Health health();

  /** Stops listening; messages in hand are finished first. */
  @Override
  void close();

  /**
   * What the office lends a channel.
   *
   * @param counters the office's own invocation counters, for what it ciphers itself: confirms
   * @param tls mutually authenticated TLS
   */
  record Host(
      Intake intake,
      MeterDirectory meters,
      KeyAccess keys,
      Admission admission,
      SendCounter counters,
      InstantSource clock,
      TransportSecurity tls) {
    /** The same without TLS. */
    public Host(
        Intake intake,
        MeterDirectory meters,
        KeyAccess keys,
        Admission admission,
        SendCounter counters,
        InstantSource clock) {
      this(intake, meters, keys, admission, counters, clock, TransportSecurity.NONE);
    }
  }
}

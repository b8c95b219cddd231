package org.gridwarden.simulator;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;

/**
 * What carries secured messages between a meter and the office: one a channel. A street is set to
 * work with any. Thread-safe; its ways are used by one thread each.
 */
public interface Carrier {
  /**
   * Opens a meter's way to the office, and listens for its orders.
   *
   * @throws IOException where there is none now
   */
  Way open(Caller meter) throws IOException, InterruptedException;

  /**
   * A meter, as far as a carrier must know it.
   *
   * @param key its key for messages, from which what it logs in by follows
   * @param counters gives each number once, also after a power cut
   * @param will seals a warning that somebody else may tell for the meter once it cannot
   * @param orders takes what the office says to it; at once
   * @param ended is told when the way has ended
   */
  record Caller(
      MeterId id,
      KeySet key,
      LongSupplier counters,
      Supplier<byte[]> will,
      Consumer<byte[]> orders,
      Runnable ended) {}

  /** A meter's way to the office. */
  interface Way extends AutoCloseable {
    /**
     * Sends a message, and waits until the office has acknowledged it.
     *
     * @throws IOException where it does not: whether it was taken is not known then
     */
    void send(MessageClass kind, byte[] message) throws IOException, InterruptedException;

    @Override
    void close();
  }
}

package org.gridwarden.channel.amqp;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.ConnectionState;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.EngineFactory;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.gridwarden.message.Pipe;

/**
 * The protocol's engine on one connection. It is not thread-safe itself: what touches it goes
 * through here, one at a time, whoever reads, learns of a commit or sends an order. Thread-safe.
 */
final class Wire {
  private final Engine engine = EngineFactory.PROTON.createNonSaslEngine();
  private final Pipe pipe;

  Wire(Pipe pipe) {
    this.pipe = pipe;
    engine.outputHandler((buffer, done) -> {
      byte[] bytes = new byte[buffer.getReadableBytes()];
      buffer.readBytes(bytes, 0, bytes.length);
      buffer.close();
      pipe.write(bytes);
      if (done != null) {
        done.run();
      }
    });
    engine.errorHandler(failed -> {}); // ingest throws, which is told and counted there
  }

  /** Begins. */
  synchronized void start(Consumer<Connection> prepare) {
    Connection connection = engine.connection();
    prepare.accept(connection);
    engine.start();
  }

  /** Does something with the connection, alone. It must not wait for anything. */
  synchronized <T> T alone(Function<Connection, T> work) {
    return work.apply(engine.connection());
  }

  /** Whether anything can still be said. */
  synchronized boolean isOpen() {
    return engine.isRunning() && engine.connection().getState() == ConnectionState.ACTIVE;
  }

  /** Whether both ends have taken leave. */
  synchronized boolean isOver() {
    Connection connection = engine.connection();
    return connection.isLocallyClosed() && connection.isRemotelyClosed();
  }

  /**
   * Takes a protocol header, or a frame that was reduced.
   *
   * @throws AmqpException where it may not come now; the other end was told
   */
  synchronized void take(byte[] unit) throws AmqpException {
    try {
      engine.ingest(ProtonBufferAllocator.defaultAllocator().copy(unit));
    } catch (RuntimeException e) {
      throw new AmqpException("a frame is out of place: " + e.getMessage(), e);
    }
    if (engine.isFailed()) {
      throw new AmqpException("a frame is out of place: " + engine.failureCause().getMessage());
    }
  }

  /**
   * Time has passed: shows that the office is there, where the other end wants to be shown.
   *
   * @return in how many milliseconds to come again; empty where that does not matter
   */
  synchronized Optional<Long> tick() {
    if (!isOpen()) {
      return Optional.empty();
    }
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    long next = engine.tick(now);
    return next == 0 || engine.isFailed() ? Optional.empty() : Optional.of(next - now);
  }

  /** Takes leave. */
  synchronized void close(Optional<ErrorCondition> why) {
    if (isOpen()) {
      engine.connection().setCondition(why.orElse(null)).close();
    }
  }

  /** Nothing more is said or taken. */
  synchronized void end() {
    engine.shutdown();
  }

  /** What is written to. */
  Pipe pipe() {
    return pipe;
  }
}

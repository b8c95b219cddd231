package org.gridwarden.channel.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Modified;
import org.apache.qpid.protonj2.types.messaging.Released;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.messaging.TerminusDurability;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.apache.qpid.protonj2.types.transport.ReceiverSettleMode;
import org.apache.qpid.protonj2.types.transport.SenderSettleMode;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.Pipe;
import org.gridwarden.message.listener.Tally;

/** One connection to a broker, as its client. One thread reads; any sends. */
final class BrokerLine {
  private static final String CONTAINER = "gridwarden";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final int READ = 8 * 1024;
  private static final long DRAIN = 4_000;
  private static final long SHORTEST_PAUSE = 100;

  private final AmqpSettings.Broker broker;
  private final AmqpSettings.Limits limits;
  private final Uplink uplink;
  private final Tally tally;
  private final String name;
  private final Pipe pipe;
  private final BrokerLogin login;
  private final Wire wire;
  private final Inflow inflow;
  private final Frames frames;
  private final AtomicLong links = new AtomicLong();
  private Next next = Next.SASL_HEADER;
  private volatile Optional<Session> session = Optional.empty();
  private volatile boolean open;
  private volatile boolean closing;
  private Optional<String> error = Optional.empty();

  /** What may come next. */
  private enum Next {
    SASL_HEADER,
    MECHANISMS,
    OUTCOME,
    AMQP_HEADER,
    FRAMES
  }

  /** Connects. */
  BrokerLine(
      AmqpSettings.Broker broker,
      AmqpSettings.Limits limits,
      BrokerLogin login,
      Uplink uplink,
      Tally tally)
      throws IOException {
    this.broker = broker;
    this.limits = limits;
    this.login = login;
    this.uplink = uplink;
    this.tally = tally;
    this.name = broker.host() + ":" + broker.port();
    Socket socket = login.connect(broker.host(), broker.port(), PATIENCE);
    this.pipe = new Pipe("amqp-broker-out", socket, Optional.empty());
    this.wire = new Wire(pipe);
    this.inflow = new Inflow(wire, limits, 1);
    this.frames = new Frames(Sasl.LONGEST);
  }

  /**
   * Takes messages until the connection ends.
   *
   * @param opened is told when the broker gives messages
   * @throws IOException where the broker refuses, or falls silent
   */
  void run(Runnable opened) throws IOException, InterruptedException {
    pipe.write(Sasl.HEADER);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    byte[] bytes = new byte[READ];
    try {
      InputStream in = pipe.socket().getInputStream();
      while (!closing) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new IOException("the broker fell silent");
        }
        long tick = wire.tick().orElse(left);
        pipe.socket()
            .setSoTimeout((int) Math.clamp(tick, SHORTEST_PAUSE, Math.max(SHORTEST_PAUSE, left)));
        int length;
        try {
          length = in.read(bytes);
        } catch (SocketTimeoutException e) {
          continue;
        }
        if (length < 0) {
          break;
        }
        frames.add(bytes, length);
        for (Optional<byte[]> unit = frames.next(); unit.isPresent(); unit = frames.next()) {
          take(unit.get(), opened);
        }
        deadline = System.nanoTime() + (open ? IDLE.multipliedBy(2) : PATIENCE).toNanos();
      }
    } catch (AmqpException e) {
      throw new IOException(error.orElse(String.valueOf(e.getMessage())), e);
    } finally {
      finish();
    }
    if (error.isPresent()) {
      throw new IOException("the broker says: " + error.get());
    }
  }

  private void take(byte[] unit, Runnable opened)
      throws AmqpException, IOException, InterruptedException {
    switch (next) {
      case SASL_HEADER -> {
        if (!Arrays.equals(unit, Sasl.HEADER)) {
          throw new AmqpException("the broker does not speak AMQP 1.0 with SASL");
        }
        next = Next.MECHANISMS;
      }
      case MECHANISMS -> {
        if (!Sasl.offers(unit, Sasl.PLAIN)) {
          throw new AmqpException("the broker takes no name and password (PLAIN)");
        }
        byte[] plain = login.plain();
        pipe.write(Sasl.init(Sasl.PLAIN, plain));
        Arrays.fill(plain, (byte) 0);
        next = Next.OUTCOME;
      }
      case OUTCOME -> {
        if (Sasl.outcome(unit) != Sasl.OK) {
          throw new AmqpException("the broker refuses user " + broker.user());
        }
        frames.expectHeader();
        wire.start(connection -> prepare(connection, opened));
        next = Next.AMQP_HEADER;
      }
      case AMQP_HEADER -> {
        if (!Arrays.equals(unit, Sasl.AMQP_HEADER)) {
          throw new AmqpException("the broker does not speak AMQP 1.0");
        }
        frames.longest(limits.maxFrame());
        wire.take(unit);
        next = Next.FRAMES;
      }
      case FRAMES -> {
        Reduced reduced = Reduced.of(unit);
        if (reduced.error().isPresent()) {
          error = reduced.error();
        }
        wire.take(reduced.frame());
        for (Inflow.Arrived message : inflow.take()) {
          uplink
              .take(message, Optional.empty(), name)
              .whenComplete((outcome, failure) -> answer(message, outcome));
        }
      }
    }
  }

  private void prepare(Connection connection, Runnable opened) {
    connection.setContainerId(CONTAINER);
    connection.setHostname(broker.host());
    connection.setMaxFrameSize(limits.maxFrame());
    connection.setIdleTimeout(IDLE.toMillis());
    connection.closeHandler(closed -> {
      closed.close();
      pipe.stopReading();
    });
    connection.open();
    Session own = connection.session();
    session = Optional.of(own);
    own.open();
    Receiver receiver = own.receiver("gridwarden-up");
    receiver.setSource(
        new Source().setAddress(broker.up()).setDurable(TerminusDurability.UNSETTLED_STATE));
    receiver.setTarget(new Target());
    receiver.setSenderSettleMode(SenderSettleMode.UNSETTLED);
    receiver.setReceiverSettleMode(ReceiverSettleMode.FIRST);
    receiver.openHandler(attached -> {
      if (attached.getRemoteSource() != null) {
        open = true;
        opened.run();
      }
    });
    receiver.closeHandler(closed -> connection.close());
    receiver.detachHandler(closed -> connection.close());
    inflow.open(receiver, Optional.empty(), Optional.empty());
  }

  /**
   * What could not be taken yet is given back after a while, not at once for ever; and always by
   * {@code released}: RabbitMQ 3.10 drops what is {@code modified}.
   */
  private void answer(
      Inflow.Arrived message, @org.jspecify.annotations.Nullable DeliveryState outcome) {
    DeliveryState now =
        outcome == null || outcome instanceof Modified ? Released.getInstance() : outcome;
    if (now instanceof Released) {
      CompletableFuture.delayedExecutor(broker.again().toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> inflow.answer(message, now));
    } else {
      inflow.answer(message, now);
    }
  }

  /** Whether messages come. */
  boolean isOpen() {
    return open && !closing && wire.isOpen();
  }

  /**
   * Sends an order, and waits until the broker has it.
   *
   * @throws ChannelException TIMEOUT where it does not say so in time
   */
  void send(MeterId meter, byte[] message, Deadline until) throws ChannelException {
    String address = broker.down().orElseThrow().replace("{meter}", meter.value());
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    long left = Math.max(1, until.left().toMillis());
    byte[] body = Body.write(message, (int) Math.min(Integer.MAX_VALUE, left));
    Sender link = wire.alone(connection -> attach(address, body, taken));
    try {
      if (!taken.get(left, TimeUnit.MILLISECONDS)) {
        throw fault(meter, "the broker does not take its order at " + address);
      }
    } catch (TimeoutException e) {
      throw fault(meter, "the broker did not take its order at " + address + " in time");
    } catch (ExecutionException e) {
      throw fault(meter, "the broker's connection ended; whether it has the order is not known");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw fault(meter, "nobody waits for the broker any longer");
    } finally {
      wire.alone(connection -> wire.isOpen() && link.isLocallyOpen() ? link.close() : link);
    }
  }

  private static ChannelException fault(MeterId meter, String remedy) {
    return new ChannelException(new Fault(Fault.Code.TIMEOUT, "meter " + meter, remedy));
  }

  private Sender attach(String address, byte[] body, CompletableFuture<Boolean> taken) {
    Sender link = session.orElseThrow().sender("gridwarden-order-" + links.incrementAndGet());
    link.setTarget(new Target().setAddress(address).setDurable(TerminusDurability.UNSETTLED_STATE));
    link.setSource(new Source());
    link.setSenderSettleMode(SenderSettleMode.UNSETTLED);
    link.setReceiverSettleMode(ReceiverSettleMode.FIRST);
    link.openHandler(attached -> {}); // its credit is what counts
    link.creditStateUpdateHandler(changed -> {
      if (changed.isSendable() && !changed.hasUnsettled() && !taken.isDone()) {
        OutgoingDelivery delivery = changed.next();
        delivery.setTag("1".getBytes(StandardCharsets.US_ASCII));
        delivery.deliveryStateUpdatedHandler(update -> {
          update.settle();
          taken.complete(update.getRemoteState() instanceof Accepted);
        });
        delivery.writeBytes(ProtonBufferAllocator.defaultAllocator().copy(body));
      }
    });
    link.closeHandler(ended -> taken.complete(false));
    link.detachHandler(ended -> taken.complete(false));
    link.parentEndpointClosedHandler(
        ended -> taken.completeExceptionally(new IllegalStateException("ended")));
    link.engineShutdownHandler(
        ended -> taken.completeExceptionally(new IllegalStateException("ended")));
    return link.open();
  }

  private void finish() throws InterruptedException {
    open = false;
    try {
      if (!inflow.drained(DRAIN)) {
        tally.count(Tally.What.FAILED); // the broker gives them again
      }
      wire.close(Optional.empty());
    } finally {
      pipe.close(Duration.ofSeconds(1), false);
      wire.end();
    }
  }

  /** No more is taken; what is under way is settled first. */
  void close() {
    closing = true;
    pipe.stopReading();
  }
}

package org.gridwarden.simulator.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.codec.CodecFactory;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.codec.DecoderState;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.EngineFactory;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.engine.sasl.SaslOutcome;
import org.apache.qpid.protonj2.engine.sasl.client.SaslAuthenticator;
import org.apache.qpid.protonj2.engine.sasl.client.SaslMechanismSelector;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.messaging.TerminusDurability;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.apache.qpid.protonj2.types.transport.ReceiverSettleMode;
import org.apache.qpid.protonj2.types.transport.SenderSettleMode;

/**
 * A client that speaks AMQP 1.0 over a socket that it is given: sends at any of the protocol's
 * three guarantees, and hears. Thread-safe; a virtual thread reads.
 */
public final class AmqpLine implements AutoCloseable {
  private static final int FRAME = 16 << 10;
  private static final int CREDIT = 4;

  private final Socket socket;
  private final Engine engine = EngineFactory.PROTON.createEngine();
  private final CompletableFuture<AmqpLine> opened = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Map<String, Up> ups = new HashMap<>();
  private final List<CompletableFuture<?>> open = new ArrayList<>();
  private Optional<Session> session = Optional.empty();
  private String why = "the connection has ended";
  private int tags;

  /** What is known of a message that was sent. */
  public enum Guarantee {
    /** Sent settled: it may be lost. */
    AT_MOST_ONCE,
    /** Settled by the receiver: it may come twice. */
    AT_LEAST_ONCE,
    /** Settled by the receiver once the sender has (settle mode second). */
    EXACTLY_ONCE
  }

  /**
   * How a delivery ended.
   *
   * @param accepted whether it was taken
   * @param why what the other end says, where it was not
   */
  public record Outcome(boolean accepted, String why) {}

  private AmqpLine(Socket socket) {
    this.socket = socket;
  }

  /**
   * Connects.
   *
   * @param socket already connected, under TLS or not; the line closes it
   * @return completes once the connection is open; fails where it is refused
   */
  public static CompletableFuture<AmqpLine> open(Socket socket, AmqpLogin login)
      throws IOException {
    socket.setTcpNoDelay(true);
    AmqpLine line = new AmqpLine(socket);
    line.begin(login);
    Thread.ofVirtual().name("amqp-line").start(line::read);
    return line.opened;
  }

  private synchronized void begin(AmqpLogin login) {
    engine.outputHandler((buffer, done) -> write(buffer, done));
    engine.errorHandler(failed -> cut());
    SaslAuthenticator authenticator =
        new SaslAuthenticator(
            new SaslMechanismSelector(List.of(login.mechanism())), login.credentials());
    authenticator.saslComplete(outcome -> {
      if (outcome != SaslOutcome.SASL_OK) {
        opened.completeExceptionally(new IOException("refused: " + outcome));
      }
    });
    engine.saslDriver().client().setListener(authenticator);
    engine.connection().setContainerId(login.name());
    engine.connection().setMaxFrameSize(FRAME);
    engine.connection().openHandler(connection -> opened.complete(this));
    engine
        .connection()
        .closeHandler(connection -> {
          connection.close();
          cut();
        });
    engine.start();
    engine.connection().open();
    Session own = engine.connection().session();
    own.closeHandler(closed -> {
      if (closed.getRemoteCondition() != null) {
        why = "the other end has ended the session: " + closed.getRemoteCondition();
      }
      cut();
    });
    session = Optional.of(own.open());
  }

  private void write(ProtonBuffer buffer, @org.jspecify.annotations.Nullable Runnable done) {
    byte[] bytes = new byte[buffer.getReadableBytes()];
    buffer.readBytes(bytes, 0, bytes.length);
    buffer.close();
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      cut();
    }
    Arrays.fill(bytes, (byte) 0); // the first has a password in it
    if (done != null) {
      done.run();
    }
  }

  private void read() {
    try {
      InputStream in = socket.getInputStream();
      byte[] bytes = new byte[8 * 1024];
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        take(bytes, length);
      }
    } catch (IOException | RuntimeException e) {
      // the connection has ended
    } finally {
      cut();
      over();
    }
  }

  private synchronized void take(byte[] bytes, int length) {
    ProtonBuffer buffer = ProtonBufferAllocator.defaultAllocator().copy(bytes, 0, length);
    while (buffer.isReadable() && engine.isWritable()) {
      engine.ingest(buffer);
    }
  }

  private void over() {
    List<CompletableFuture<?>> waiting;
    IOException over;
    synchronized (this) {
      engine.shutdown();
      waiting = List.copyOf(open);
      open.clear();
      over = new IOException(why);
    }
    opened.completeExceptionally(over);
    waiting.forEach(one -> one.completeExceptionally(over));
    ended.complete(null);
  }

  /** Completes when the connection has ended, whoever ended it. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  private synchronized <T> CompletableFuture<T> waiting(Supplier<CompletableFuture<T>> work) {
    if (!engine.isRunning()) {
      return CompletableFuture.failedFuture(new IOException("the connection has ended"));
    }
    CompletableFuture<T> one = work.get();
    open.removeIf(CompletableFuture::isDone);
    open.add(one);
    return one;
  }

  /**
   * Sends a message.
   *
   * @return how it ended, once the other end says so; accepted as soon as it is written where
   *     nobody is to say; fails where the connection ends before
   */
  public CompletableFuture<Outcome> send(String address, byte[] data, Guarantee guarantee) {
    return waiting(() -> {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      Up up = ups.computeIfAbsent(guarantee + " " + address, key -> new Up(address, guarantee));
      up.queue.add(new Message(message(data), outcome));
      up.flush();
      return outcome;
    });
  }

  @SuppressWarnings("ArrayRecordComponent") // stays here
  private record Message(byte[] bytes, CompletableFuture<Outcome> outcome) {}

  /** A durable message with one section of data (part 3, clause 3.2). */
  private static byte[] message(byte[] data) {
    ByteBuffer out = ByteBuffer.allocate(15 + data.length);
    out.put(new byte[] {0, 0x53, 0x70, (byte) 0xC0, 2, 1, 0x41}); // header: durable
    out.put(new byte[] {0, 0x53, 0x75, (byte) 0xB0}).putInt(data.length).put(data);
    return out.array();
  }

  /** A link for what is sent to an address. */
  private final class Up {
    private final Sender link;
    private final Guarantee guarantee;
    private final ArrayDeque<Message> queue = new ArrayDeque<>();
    private Optional<String> refused = Optional.empty();

    Up(String address, Guarantee guarantee) {
      this.guarantee = guarantee;
      this.link = session.orElseThrow().sender(guarantee + " " + address);
      link.setTarget(
          new Target().setAddress(address).setDurable(TerminusDurability.UNSETTLED_STATE));
      link.setSource(new Source());
      link.setSenderSettleMode(
          guarantee == Guarantee.AT_MOST_ONCE
              ? SenderSettleMode.SETTLED
              : SenderSettleMode.UNSETTLED);
      link.setReceiverSettleMode(
          guarantee == Guarantee.EXACTLY_ONCE
              ? ReceiverSettleMode.SECOND
              : ReceiverSettleMode.FIRST);
      link.openHandler(attached -> {}); // its credit is what counts
      link.creditStateUpdateHandler(changed -> flush());
      link.closeHandler(closed -> {
        refused =
            Optional.of(
                closed.getRemoteCondition() == null
                    ? "closed"
                    : closed.getRemoteCondition().toString());
        closed.close();
        flush();
      });
      link.open();
    }

    private void flush() {
      while (!queue.isEmpty() && refused.isPresent()) {
        queue.remove().outcome.complete(new Outcome(false, refused.get()));
      }
      while (!queue.isEmpty() && link.isLocallyOpen() && link.isSendable()) {
        Message message = queue.remove();
        OutgoingDelivery delivery = link.next();
        tags++;
        delivery.setTag(Integer.toString(tags).getBytes(StandardCharsets.US_ASCII));
        if (guarantee == Guarantee.AT_MOST_ONCE) {
          delivery.settle();
        }
        delivery.deliveryStateUpdatedHandler(update -> {
          if (update.getRemoteState() != null && !update.isSettled()) {
            update.settle();
            message.outcome.complete(outcome(update.getRemoteState()));
          }
        });
        delivery.writeBytes(ProtonBufferAllocator.defaultAllocator().copy(message.bytes));
        if (guarantee == Guarantee.AT_MOST_ONCE) {
          message.outcome.complete(new Outcome(true, ""));
        }
      }
    }
  }

  private static Outcome outcome(DeliveryState state) {
    if (state instanceof Accepted) {
      return new Outcome(true, "");
    }
    return new Outcome(
        false,
        state instanceof Rejected rejected && rejected.getError() != null
            ? rejected.getError().toString()
            : String.valueOf(state.getType()).toLowerCase(java.util.Locale.ROOT));
  }

  /**
   * Hears what is at an address.
   *
   * @param heard gets the data of each message, one after the other, at once
   * @return completes once it does; fails where it may not
   */
  public CompletableFuture<Void> hear(String address, Consumer<byte[]> heard) {
    return waiting(() -> {
      CompletableFuture<Void> hears = new CompletableFuture<>();
      Receiver link = session.orElseThrow().receiver("hears " + address);
      link.setSource(
          new Source().setAddress(address).setDurable(TerminusDurability.UNSETTLED_STATE));
      link.setTarget(new Target());
      link.setSenderSettleMode(SenderSettleMode.UNSETTLED);
      link.setReceiverSettleMode(ReceiverSettleMode.FIRST);
      link.openHandler(attached -> {
        if (attached.getRemoteSource() != null) {
          hears.complete(null);
        }
      });
      link.closeHandler(closed -> {
        hears.completeExceptionally(new IOException("refused: " + closed.getRemoteCondition()));
        closed.close();
      });
      link.deliveryReadHandler(delivery -> read(link, delivery, heard));
      link.open();
      link.addCredit(CREDIT);
      return hears;
    });
  }

  private static void read(Receiver link, IncomingDelivery delivery, Consumer<byte[]> heard) {
    if (delivery.isPartial()) {
      return;
    }
    try (ProtonBuffer payload = delivery.readAll()) {
      heard.accept(data(payload));
    }
    delivery.disposition(Accepted.getInstance(), true);
    link.addCredit(1);
  }

  /** The data of a message, whatever sections stand around it. */
  private static byte[] data(ProtonBuffer message) {
    Decoder decoder = CodecFactory.getDecoder();
    DecoderState state = decoder.newDecoderState();
    while (message.isReadable()) {
      if (decoder.readObject(message, state) instanceof Data data) {
        return data.getValue();
      }
    }
    return new byte[] {};
  }

  /** Ends the connection without a word. */
  public void cut() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  /** Takes its leave. */
  @Override
  public void close() {
    synchronized (this) {
      try {
        engine.connection().close();
      } catch (RuntimeException e) {
        // it has gone before
      }
    }
    cut();
  }
}

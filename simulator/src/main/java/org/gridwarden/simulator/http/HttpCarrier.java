package org.gridwarden.simulator.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.Dress;

/**
 * Carries messages by REST over HTTP/1.1, with a key in the header. Orders are asked for on a
 * connection of their own, and held by the office until there is one.
 */
public final class HttpCarrier implements Carrier {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration AGAIN = Duration.ofMillis(200);
  private static final int WAIT = 20;
  private static final int NOTHING = 204;

  private final InetSocketAddress headEnd;
  private final Optional<Duration> polling;
  private final Dress dress;

  /**
   * @param headEnd its listener without TLS
   */
  public HttpCarrier(InetSocketAddress headEnd) {
    this(headEnd, Dress.NONE);
  }

  /** The same, dressed. */
  public HttpCarrier(InetSocketAddress headEnd, Dress dress) {
    this(headEnd, Optional.empty(), dress);
  }

  private HttpCarrier(InetSocketAddress headEnd, Optional<Duration> polling, Dress dress) {
    this.headEnd = headEnd;
    this.polling = polling;
    this.dress = dress;
  }

  /** A meter that asks for orders every so often, and whom the office answers at once. */
  public static HttpCarrier polling(InetSocketAddress headEnd, Duration every, Dress dress) {
    return new HttpCarrier(headEnd, Optional.of(every), dress);
  }

  @Override
  public Way open(Caller meter) throws IOException {
    MeterId id = meter.id();
    String key = HttpLine.basic(id, MessagePassword.of(id, meter.key()));
    HttpLine posts = line(id, key, PATIENCE);
    HttpLine asks;
    try {
      asks = line(id, key, PATIENCE.plusSeconds(WAIT));
    } catch (IOException e) {
      posts.close();
      throw e;
    }
    Thread.ofVirtual().name(id + "-orders").start(() -> ask(meter, asks, polling));
    return new Lines(id, posts, asks);
  }

  private HttpLine line(MeterId meter, String key, Duration patience) throws IOException {
    Socket socket = connect(headEnd, meter, dress);
    socket.setSoTimeout((int) patience.toMillis());
    return new HttpLine(socket, key);
  }

  static Socket connect(InetSocketAddress headEnd, MeterId meter, Dress dress) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(headEnd, (int) PATIENCE.toMillis());
      return dress.over(meter, socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** For an order, again and again; one stays in the mailbox until its receipt was posted. */
  private static void ask(Caller meter, HttpLine line, Optional<Duration> polling) {
    String last = "";
    int wait = polling.isPresent() ? 0 : WAIT;
    try {
      while (true) {
        HttpLine.Answer answer = line.get("/gw/" + meter.id() + "/orders?wait=" + wait);
        String which = answer.fields().getOrDefault("content-location", "");
        if (answer.status() == 200 && !which.equals(last)) {
          last = which;
          meter.orders().accept(answer.body());
        } else if (answer.status() == 200) {
          Thread.sleep(AGAIN); // its receipt is on its way
        } else if (answer.status() != NOTHING) {
          throw new IOException("the head-end has no mailbox for meter " + meter.id());
        }
        if (polling.isPresent()) {
          Thread.sleep(polling.get());
        }
      }
    } catch (IOException e) {
      meter.ended().run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      line.close();
    }
  }

  private record Lines(MeterId id, HttpLine posts, HttpLine asks) implements Way {
    @Override
    public void send(MessageClass kind, byte[] message) throws IOException {
      int status = posts.message("POST", "/gw/" + id + "/" + kind.word(), message).status();
      if (status != 200 && status != 201) {
        throw new IOException("the head-end refuses a message of meter " + id + ": " + status);
      }
    }

    @Override
    public void close() {
      posts.close();
      asks.close();
    }
  }
}

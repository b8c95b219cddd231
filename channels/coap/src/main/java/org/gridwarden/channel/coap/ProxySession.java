package org.gridwarden.channel.coap;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.gridwarden.channel.coap.mapping.Incoming;
import org.gridwarden.channel.coap.mapping.Question;
import org.gridwarden.channel.coap.mapping.Reply;
import org.gridwarden.core.Admission;
import org.gridwarden.message.Pipe;
import org.gridwarden.message.listener.Acceptor;
import org.gridwarden.message.listener.Tally;

/**
 * A connection of HTTP to the office's CoAP resources. Who is at its other end is never known: what
 * a meter says proves itself. A request arrives in time, and is answered before the next is read.
 */
final class ProxySession implements Acceptor.Session {
  private static final Duration REQUEST = Duration.ofSeconds(10);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Duration PARTING = Duration.ofSeconds(1);
  private static final int READ = 4_096;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Pipe pipe;
  private final String name;
  private final Admission.Ticket ticket;
  private final ProxyChannel.Shared shared;
  private final Incoming incoming = new Incoming();
  private volatile boolean stopping;
  private boolean ended;

  ProxySession(Acceptor.Accepted accepted, ProxyChannel.Shared shared) {
    this.pipe = accepted.pipe();
    this.name = accepted.from();
    this.ticket = accepted.ticket();
    this.shared = shared;
  }

  /** An exchange of CoAP whose answer goes nowhere but here. */
  private static final class Within extends Exchange {
    private final CompletableFuture<Response> answer = new CompletableFuture<>();

    Within(Request request, InetSocketAddress from) {
      super(request, from, Origin.REMOTE, Runnable::run);
    }

    @Override
    public void sendResponse(Response response) {
      answer.complete(response);
    }

    @Override
    public void sendAccept() {
      // TCP has said already that the question came
    }
  }

  @Override
  public void run() {
    try {
      pipe.socket().setTcpNoDelay(true);
      var unused = pipe.shakeHands(REQUEST); // whatever it shows: what is asked here needs no name
      serve(pipe.socket().getInputStream());
    } catch (SocketTimeoutException e) {
      shared.tally().count(Tally.What.TIMED_OUT);
    } catch (Incoming.Refusal e) {
      shared
          .tally()
          .fault(
              e.status() == 400 || e.status() == 505 ? Tally.What.MALFORMED : Tally.What.OVER_LIMIT,
              name,
              "a request was answered by " + e.status());
      write(Reply.of(e.status(), String.valueOf(e.getMessage())), false, true);
    } catch (IOException e) {
      // it has gone, or admission has put it out
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      shared.tally().fault(Tally.What.FAILED, name, "the connection failed: " + e);
    } finally {
      pipe.close(PARTING, ended);
      ticket.close();
      incoming.close();
    }
  }

  private void serve(InputStream in) throws IOException, InterruptedException {
    byte[] bytes = new byte[READ];
    long deadline = in(REQUEST);
    boolean between = false;
    while (!stopping && !ended) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      pipe.socket().setSoTimeout((int) left);
      int length = in.read(bytes);
      if (length < 0) {
        return;
      }
      if (between) {
        deadline = in(REQUEST);
        between = false;
      }
      boolean answered = false;
      for (Incoming.Whole whole : incoming.read(bytes, length)) {
        if (!ended) {
          answer(whole);
          answered = true;
        }
      }
      if (incoming.isAwaited()) {
        pipe.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      if (answered) {
        between = !incoming.isWithin();
        deadline = in(between ? KEEP_ALIVE : REQUEST);
      }
    }
  }

  private static long in(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  private void answer(Incoming.Whole whole) throws InterruptedException {
    InetSocketAddress from = (InetSocketAddress) pipe.socket().getRemoteSocketAddress();
    ticket.active();
    if (!shared.host().admission().datagram(shared.id(), from.getAddress())) {
      shared.tally().count(Tally.What.TOO_FAST);
      write(shared.tooFast(), false, true);
      return;
    }
    switch (Question.of(whole, shared.own())) {
      case Question.Asked(Request request, boolean bare) ->
          write(asked(request, from), bare, whole.last());
      case Question.Discovery(boolean bare) -> write(Reply.discovery(), bare, whole.last());
      case Question.Refused(int status, String why) -> {
        shared
            .tally()
            .fault(
                status == 403 ? Tally.What.FORBIDDEN : Tally.What.UNSUPPORTED,
                name,
                "a request was answered by " + status + ": " + why);
        write(Reply.of(status, why), whole.method().equals("HEAD"), whole.last());
      }
    }
  }

  private Reply asked(Request request, InetSocketAddress from) throws InterruptedException {
    Within exchange = new Within(request, from);
    shared.door().proxied(exchange, from);
    try {
      return Reply.of(
          request, exchange.answer.get(ANSWER.toNanos(), TimeUnit.NANOSECONDS), shared.own());
    } catch (TimeoutException e) {
      return Reply.of(504, "the office did not answer in time: keep it, and send it again");
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody fails an answer", e);
    }
  }

  private void write(Reply reply, boolean bare, boolean last) {
    StringBuilder out = new StringBuilder(192);
    out.append("HTTP/1.1 ")
        .append(reply.status())
        .append(' ')
        .append(HttpResponseStatus.valueOf(reply.status()).reasonPhrase())
        .append("\r\ndate: ")
        .append(DATE.format(shared.host().clock().instant()));
    for (Reply.Field field : reply.fields()) {
      out.append("\r\n").append(field.name()).append(": ").append(field.value());
    }
    boolean saysLength = reply.status() != 204 && reply.status() != 304; // RFC 9110, clause 8.6
    if (saysLength) {
      out.append("\r\ncontent-length: ").append(reply.body().length);
    }
    if (last || stopping) {
      out.append("\r\nconnection: close");
      ended = true;
    }
    byte[] first = out.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    int length = bare || !saysLength ? 0 : reply.body().length;
    byte[] all = Arrays.copyOf(first, first.length + length);
    System.arraycopy(reply.body(), 0, all, first.length, length);
    pipe.write(all);
  }

  @Override
  public void stop() {
    stopping = true;
    pipe.stopReading();
  }

  @Override
  public void abort() {
    pipe.abort();
  }
}

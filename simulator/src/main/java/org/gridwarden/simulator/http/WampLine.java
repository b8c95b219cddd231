package org.gridwarden.simulator.http;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * A client that speaks WAMP version 2, basic profile, in CBOR over a WebSocket: it publishes a
 * meter's messages, each of which is acknowledged, and is subscribed to its orders. Thread-safe.
 */
public final class WampLine implements AutoCloseable {
  /** The sub-protocol. */
  public static final String PROTOCOL = "wamp.2.cbor";

  private static final String REALM = "gridwarden";
  private static final String TOPICS = "gridwarden.meter.";
  private static final Map<String, Object> NOTHING = Map.of();
  private static final Map<String, Object> ACKNOWLEDGE = Map.of("acknowledge", true);
  private static final int SECONDS = 20;
  private static final int LONGEST = 1 << 16;

  /** The messages' numbers (the specification's clause 7.4). */
  private static final int HELLO = 1;

  private static final int WELCOME = 2;
  private static final int ERROR = 8;
  private static final int PUBLISH = 16;
  private static final int PUBLISHED = 17;
  private static final int SUBSCRIBE = 32;
  private static final int SUBSCRIBED = 33;
  private static final int EVENT = 36;

  private static final ObjectMapper CBOR =
      new CBORMapper(
          CBORFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(6)
                      .maxStringLength(LONGEST)
                      .maxDocumentLength(LONGEST)
                      .build())
              .build());

  private final Frames frames;
  private final MeterId meter;
  private final Consumer<byte[]> heard;
  private final CompletableFuture<Boolean> welcome = new CompletableFuture<>();
  private final Map<Long, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();
  private long requests;

  private WampLine(Frames frames, MeterId meter, Consumer<byte[]> heard) {
    this.frames = frames;
    this.meter = meter;
    this.heard = heard;
  }

  /**
   * Opens one, and subscribes.
   *
   * @param socket already connected, under TLS or not; the line closes it
   * @param authorization empty where the certificate says who it is
   * @param heard gets orders, one after the other
   * @throws IOException where the office does not let it
   */
  public static WampLine open(
      Socket socket, MeterId meter, String authorization, Consumer<byte[]> heard)
      throws IOException, InterruptedException {
    Frames frames = Frames.open(socket, meter, authorization, PROTOCOL);
    WampLine line = new WampLine(frames, meter, heard);
    try {
      var told = frames.ended().thenRun(line::fail);
      frames.hear(line::take);
      Map<String, Object> roles = Map.of("publisher", NOTHING, "subscriber", NOTHING);
      line.write(List.of(HELLO, REALM, Map.of("roles", roles)));
      await(line.welcome);
      await(line.ask(SUBSCRIBE, NOTHING, TOPICS + meter + ".down.control", List.of()));
      return line;
    } catch (IOException | InterruptedException e) {
      frames.cut();
      throw e;
    }
  }

  /**
   * Publishes a secured message, and waits until it is acknowledged.
   *
   * @throws IOException where the office refuses it, or is not heard in time
   */
  public void send(MessageClass kind, byte[] message) throws IOException, InterruptedException {
    String topic = TOPICS + meter + ".up." + kind.word();
    await(ask(PUBLISH, ACKNOWLEDGE, topic, List.of(List.of(message))));
  }

  /** Completes when the connection has ended, whoever ended it. */
  public CompletableFuture<Void> ended() {
    return frames.ended();
  }

  private void fail() {
    IOException why = new IOException("the connection has ended");
    welcome.completeExceptionally(why);
    waiting.values().forEach(w -> w.completeExceptionally(why));
  }

  private CompletableFuture<Boolean> ask(
      int what, Map<String, Object> options, String name, List<Object> more) throws IOException {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    synchronized (waiting) {
      requests++;
      waiting.put(requests, answer);
      write(
          more.isEmpty()
              ? List.of(what, requests, options, name)
              : List.of(what, requests, options, name, more.getFirst()));
    }
    if (frames.ended().isDone()) {
      fail();
    }
    return answer;
  }

  private void write(List<Object> message) throws IOException {
    frames.send(CBOR.writeValueAsBytes(message));
  }

  private static void await(CompletableFuture<Boolean> answer)
      throws IOException, InterruptedException {
    try {
      if (!answer.get(SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the office refuses");
      }
    } catch (ExecutionException e) {
      throw new IOException("the connection has ended", e);
    } catch (TimeoutException e) {
      throw new IOException("no answer in time", e);
    }
  }

  private void take(byte[] bytes) throws IOException {
    List<?> message;
    try {
      message = CBOR.readValue(bytes, List.class);
    } catch (JacksonException e) {
      throw new IOException("the office says something that is no WAMP", e);
    }
    switch ((int) number(message, 0)) {
      case WELCOME -> welcome.complete(true);
      case SUBSCRIBED, PUBLISHED -> answered(number(message, 1), true);
      case ERROR -> answered(number(message, 2), false);
      case EVENT -> {
        if (message.size() > 4
            && message.get(4) instanceof List<?> arguments
            && !arguments.isEmpty()
            && arguments.getFirst() instanceof byte[] order) {
          heard.accept(order);
        }
      }
      default -> throw new IOException("the office aborts: " + message);
    }
  }

  private void answered(long request, boolean well) {
    CompletableFuture<Boolean> who = waiting.remove(request);
    if (who != null) {
      who.complete(well);
    }
  }

  private static long number(List<?> message, int place) throws IOException {
    if (place < message.size() && message.get(place) instanceof Number number) {
      return number.longValue();
    }
    throw new IOException("the office says something that is no WAMP");
  }

  /** Takes its leave, as a WebSocket does. */
  @Override
  public void close() {
    frames.close();
  }
}

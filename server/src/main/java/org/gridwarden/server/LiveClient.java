package org.gridwarden.server;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.LiveEvent;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import tools.jackson.databind.json.JsonMapper;

/**
 * One watcher of the live stream: holds what happened since the last frame, and sends a frame every
 * fifth of a second. Of a watcher that is too slow the oldest events are dropped; one that does not
 * take a frame in time is put out.
 */
final class LiveClient {
  /** Events held between two frames. */
  static final int MOST_HELD = 2_000;

  private static final Duration FRAME = Duration.ofMillis(200);
  private static final int FRAMES_A_CHECK = 5;

  private final WebSocketSession session;
  private final Optional<MeterId> only;
  private final BooleanSupplier welcome;
  private final JsonMapper json;
  private final ArrayDeque<LiveEvent> held = new ArrayDeque<>();
  private long dropped;
  private volatile boolean closed;

  /**
   * @param only of this meter, or empty: of all
   * @param welcome whether its user may still watch
   */
  LiveClient(
      WebSocketSession session,
      @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<MeterId> only,
      BooleanSupplier welcome,
      JsonMapper json) {
    this.session = session;
    this.only = only;
    this.welcome = welcome;
    this.json = json;
  }

  void take(LiveEvent event) {
    if (only.isPresent() && !only.get().equals(LiveView.meter(event))) {
      return;
    }
    synchronized (held) {
      if (held.size() == MOST_HELD) {
        held.removeFirst();
        dropped++;
      }
      held.addLast(event);
    }
  }

  void close() {
    closed = true;
  }

  /** Sends until the session ends. */
  void run() {
    int frames = 0;
    try {
      while (!closed && session.isOpen()) {
        LockSupport.parkNanos(FRAME.toNanos());
        if (frames++ % FRAMES_A_CHECK == 0 && !welcome.getAsBoolean()) {
          session.close(CloseStatus.POLICY_VIOLATION.withReason("the session has ended"));
          return;
        }
        send();
      }
    } catch (IOException | IllegalStateException e) {
      closed = true; // it went away, or did not take a frame in time
    }
  }

  private void send() throws IOException {
    List<LiveEvent> events;
    long lost;
    synchronized (held) {
      if (held.isEmpty()) {
        return;
      }
      events = new ArrayList<>(held);
      held.clear();
      lost = dropped;
      dropped = 0;
    }
    List<Map<String, Object>> told = new ArrayList<>(events.size());
    events.forEach(event -> told.addAll(LiveView.of(event)));
    session.sendMessage(
        new TextMessage(json.writeValueAsBytes(Map.of("events", told, "dropped", lost))));
  }
}

package org.gridwarden.server;

import java.net.URI;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Hears what the live stream tells of commands. */
final class LiveWatch implements WebSocket.Listener, AutoCloseable {
  private final List<JsonNode> heard;
  private final StringBuilder text = new StringBuilder();
  private @Nullable WebSocket socket;

  private LiveWatch(List<JsonNode> heard) {
    this.heard = heard;
  }

  /** Events are added to the list by another thread. */
  static LiveWatch open(RunningServer server, Api api, List<JsonNode> heard) {
    URI url = server.url();
    LiveWatch watch = new LiveWatch(heard);
    watch.socket =
        api.client()
            .newWebSocketBuilder()
            .header("Origin", url.getScheme() + "://" + url.getAuthority())
            .buildAsync(
                URI.create(url.toString().replaceFirst("^http", "ws") + "api/v1/live"), watch)
            .join();
    return watch;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      for (JsonNode event : Api.JSON.readTree(text.toString()).get("events")) {
        if (event.get("type").asString().equals("command")) {
          heard.add(event);
        }
      }
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.abort();
    }
  }
}

package org.gridwarden.server;

import jakarta.servlet.http.HttpSession;
import jakarta.websocket.Session;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.LiveFeed;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.security.core.Authentication;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.json.JsonMapper;

/**
 * The live stream at {@code /api/v1/live}, for those who are logged in, from the console's own
 * origin; {@code ?meter=} names one meter. It only talks: what a client sends ends it.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class LiveStream extends TextWebSocketHandler implements WebSocketConfigurer, HandshakeInterceptor {
  private static final String HTTP_SESSION = "gridwarden.http-session";

  /** A client that does not take a frame for so long is put out. */
  private static final long SEND_TIMEOUT_MS = 5_000;

  private final Office office;
  private final Accounts accounts;
  private final Sessions sessions;
  private final JsonMapper json;
  private final Map<String, Watch> watches = new ConcurrentHashMap<>();

  LiveStream(Office office, Accounts accounts, Sessions sessions, JsonMapper json) {
    this.office = office;
    this.accounts = accounts;
    this.sessions = sessions;
    this.json = json;
  }

  private record Watch(LiveClient client, LiveFeed.Subscription subscription) {}

  @Override
  public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
    // without further origins, a browser must come from the same one
    registry.addHandler(this, "/api/v1/live").addInterceptors(this);
  }

  @Override
  public boolean beforeHandshake(
      ServerHttpRequest request,
      ServerHttpResponse response,
      WebSocketHandler handler,
      Map<String, Object> attributes) {
    if (request instanceof ServletServerHttpRequest servlet) {
      HttpSession http = servlet.getServletRequest().getSession(false);
      if (http != null && !SessionGate.byToken(servlet.getServletRequest())) {
        attributes.put(HTTP_SESSION, http);
      }
    }
    return true;
  }

  @Override
  public void afterHandshake(
      ServerHttpRequest request,
      ServerHttpResponse response,
      WebSocketHandler handler,
      @org.jspecify.annotations.Nullable Exception exception) {}

  @Override
  public void afterConnectionEstablished(WebSocketSession session) throws IOException {
    if (!(session.getPrincipal() instanceof Authentication who)
        || !(who.getPrincipal() instanceof Login login)) {
      session.close(CloseStatus.POLICY_VIOLATION);
      return;
    }
    if (session instanceof NativeWebSocketSession own
        && own.getNativeSession() instanceof Session tomcat) {
      tomcat
          .getUserProperties()
          .put("org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT", SEND_TIMEOUT_MS);
    }
    Optional<MeterId> only;
    try {
      only = meter(session);
    } catch (FaultException e) {
      session.close(CloseStatus.BAD_DATA.withReason("meter is no meter id"));
      return;
    }
    Object http = session.getAttributes().get(HTTP_SESSION);
    LiveClient client = new LiveClient(session, only, () -> welcome(login, http), json);
    LiveFeed.Subscription subscription;
    try {
      subscription = office.live().subscribe(client::take);
    } catch (IllegalStateException e) {
      session.close(CloseStatus.SERVICE_OVERLOAD.withReason("too many watch already"));
      return;
    }
    watches.put(session.getId(), new Watch(client, subscription));
    Thread.ofVirtual()
        .name("live-" + session.getId())
        .start(() -> {
          try {
            client.run();
          } finally {
            end(session);
          }
        });
  }

  @Override
  protected void handleTextMessage(WebSocketSession session, TextMessage message)
      throws IOException {
    session.close(CloseStatus.NOT_ACCEPTABLE.withReason("this stream only talks"));
  }

  @Override
  public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
    end(session);
  }

  private void end(WebSocketSession session) {
    Watch watch = watches.remove(session.getId());
    if (watch != null) {
      watch.client().close();
      watch.subscription().close();
    }
    if (session.isOpen()) {
      try {
        session.close(CloseStatus.GOING_AWAY);
      } catch (IOException e) {
        // it is gone already
      }
    }
  }

  private boolean welcome(Login login, @org.jspecify.annotations.Nullable Object http) {
    if (login.equals(SessionGate.COMMAND_LINE)) {
      return true;
    }
    try {
      return http instanceof HttpSession session
          && login.equals(session.getAttribute(SessionGate.LOGIN))
          && accounts.current(login).isPresent()
          && sessions.goesOn(login.session(), false);
    } catch (IllegalStateException e) {
      return false; // logged out
    }
  }

  private static Optional<MeterId> meter(WebSocketSession session) {
    if (session.getUri() == null) {
      return Optional.empty();
    }
    String meter =
        UriComponentsBuilder.fromUri(session.getUri()).build().getQueryParams().getFirst("meter");
    return meter == null || meter.isEmpty() ? Optional.empty() : Optional.of(Requests.meter(meter));
  }
}

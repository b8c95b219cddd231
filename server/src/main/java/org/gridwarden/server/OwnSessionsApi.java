package org.gridwarden.server;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.gridwarden.store.User;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Where else one is logged in. */
@RestController
@RequestMapping("/api/v1/sessions")
class OwnSessionsApi {
  private final SessionApi api;
  private final Sessions sessions;

  OwnSessionsApi(SessionApi api, Sessions sessions) {
    this.api = api;
    this.sessions = sessions;
  }

  /**
   * A session of one's own.
   *
   * @param here whether it is the one that asks
   */
  record SessionView(
      String id, String since, String lastSeen, String source, String agent, boolean here) {}

  @GetMapping
  ReadingApi.Items<SessionView> list(HttpServletRequest request) {
    User user = api.user(request);
    String here = api.login(request).session();
    List<SessionView> views =
        sessions.of(user.name()).reversed().stream()
            .map(s ->
                new SessionView(
                    s.id(),
                    s.since().toString(),
                    s.seen().toString(),
                    s.source(),
                    s.agent(),
                    s.id().equals(here)))
            .toList();
    return new ReadingApi.Items<>(views);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void end(@PathVariable String id, HttpServletRequest request) {
    if (!sessions.end(api.user(request).name(), id)) {
      throw FaultException.notFound("session", "you have no such session");
    }
  }
}

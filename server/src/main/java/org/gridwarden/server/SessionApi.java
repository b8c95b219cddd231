package org.gridwarden.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import org.gridwarden.core.Fault;
import org.gridwarden.store.User;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.DeferredCsrfToken;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Logging in and out, and one's own password. */
@RestController
@RequestMapping("/api/v1/session")
class SessionApi {
  private final Accounts accounts;
  private final Sessions sessions;
  private final FirstAdministrator first;
  private final GridwardenConfig config;
  private final HttpSessionCsrfTokenRepository csrfTokens;
  private final XorCsrfTokenRequestAttributeHandler masks =
      new XorCsrfTokenRequestAttributeHandler();

  SessionApi(
      Accounts accounts,
      Sessions sessions,
      FirstAdministrator first,
      GridwardenConfig config,
      HttpSessionCsrfTokenRepository csrfTokens) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.first = first;
    this.config = config;
    this.csrfTokens = csrfTokens;
  }

  /**
   * What is sent to log in.
   *
   * @param code of the second factor, six digits, or a recovery code; where one is asked for
   */
  record Credentials(@Nullable String user, @Nullable String password, @Nullable String code) {
    @Override
    public String toString() {
      return "Credentials";
    }
  }

  /** What is sent to change one's password. */
  record Change(@Nullable String old, @JsonProperty("new") @Nullable String fresh) {
    @Override
    public String toString() {
      return "Change";
    }
  }

  /**
   * Who is logged in.
   *
   * @param user the name
   * @param roles in alphabetical order
   * @param permissions what they are together
   * @param mustChangePassword whether nothing else answers before the password is changed
   * @param mustEnrol whether nothing else answers before a second factor is there
   * @param csrf to be sent with each change
   * @param csrfHeader in this header
   */
  record Who(
      String user,
      List<String> roles,
      List<String> permissions,
      boolean mustChangePassword,
      boolean mustEnrol,
      String csrf,
      String csrfHeader) {
    @Override
    public String toString() {
      return "Who[" + user + "]";
    }
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  Who logIn(
      @RequestBody Credentials credentials,
      HttpServletRequest request,
      HttpServletResponse response) {
    Requests.refuseForeign(request);
    User user =
        accounts.login(
            Requests.needed("user", credentials.user()),
            Requests.needed("password", credentials.password()),
            credentials.code() == null ? "" : Requests.needed("code", credentials.code()),
            Requests.source(request));
    return begin(user, request, response);
  }

  @GetMapping
  Who whoAmI(HttpServletRequest request, HttpServletResponse response) {
    return who(user(request), request, response);
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void logOut(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session != null) {
      end(session);
    }
  }

  /** It ends, here and among {@link Sessions}. */
  private void end(HttpSession session) {
    if (session.getAttribute(SessionGate.LOGIN) instanceof Login login) {
      sessions.end(login.user(), login.session());
    }
    session.invalidate();
  }

  @PostMapping(path = "/password", consumes = MediaType.APPLICATION_JSON_VALUE)
  Who changePassword(
      @RequestBody Change change, HttpServletRequest request, HttpServletResponse response) {
    User changed =
        accounts.changePassword(
            user(request),
            Requests.needed("old", change.old()),
            Requests.needed("new", change.fresh()),
            Requests.source(request));
    first.passwordChanged(changed.name());
    return begin(changed, request, response);
  }

  /** A new session under a new id, whatever the browser held before. */
  Who begin(User user, HttpServletRequest request, HttpServletResponse response) {
    HttpSession before = request.getSession(false);
    if (before != null) {
      end(before);
    }
    HttpSession session = request.getSession(true);
    session.setMaxInactiveInterval((int) config.console().idleTimeout().toSeconds());
    session.setAttribute(
        SessionGate.LOGIN, new Login(user.name(), user.version(), open(user, request)));
    return who(user, request, response);
  }

  private String open(User user, HttpServletRequest request) {
    String agent = request.getHeader("User-Agent");
    return sessions.open(user.name(), request.getRemoteAddr(), agent == null ? "" : agent);
  }

  /** Who asks, by a session. */
  User user(HttpServletRequest request) {
    return accounts.current(login(request)).orElseThrow(SessionApi::nobody);
  }

  /** By which session somebody asks. */
  Login login(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (!SessionGate.byToken(request)
        && session != null
        && session.getAttribute(SessionGate.LOGIN) instanceof Login login) {
      return login;
    }
    throw nobody();
  }

  private static FaultException nobody() {
    return new FaultException(
        Fault.Code.UNAUTHENTICATED, "session", "nobody is logged in: POST /api/v1/session");
  }

  /** With a token masked anew each time, so that compressed answers do not tell it (BREACH). */
  private Who who(User user, HttpServletRequest request, HttpServletResponse response) {
    DeferredCsrfToken deferred = csrfTokens.loadDeferredToken(request, response);
    masks.handle(request, response, deferred::get);
    if (!(request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token)) {
      throw new IllegalStateException("no CSRF token was made");
    }
    return new Who(
        user.name(),
        user.roles().stream().sorted().toList(),
        RoleApi.names(accounts.permissions(user)),
        user.mustChangePassword(),
        !user.mustChangePassword() && accounts.mustEnrol(user),
        token.getToken(),
        token.getHeaderName());
  }
}

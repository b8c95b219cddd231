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
  private final FirstAdministrator first;
  private final GridwardenConfig config;
  private final HttpSessionCsrfTokenRepository csrfTokens;
  private final XorCsrfTokenRequestAttributeHandler masks =
      new XorCsrfTokenRequestAttributeHandler();

  SessionApi(
      Accounts accounts,
      FirstAdministrator first,
      GridwardenConfig config,
      HttpSessionCsrfTokenRepository csrfTokens) {
    this.accounts = accounts;
    this.first = first;
    this.config = config;
    this.csrfTokens = csrfTokens;
  }

  /** What is sent to log in. */
  record Credentials(@Nullable String user, @Nullable String password) {
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
   * @param csrf to be sent with each change
   * @param csrfHeader in this header
   */
  record Who(
      String user,
      List<String> roles,
      List<String> permissions,
      boolean mustChangePassword,
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
      session.invalidate();
    }
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
  private Who begin(User user, HttpServletRequest request, HttpServletResponse response) {
    HttpSession before = request.getSession(false);
    if (before != null) {
      before.invalidate();
    }
    HttpSession session = request.getSession(true);
    session.setMaxInactiveInterval((int) config.console().idleTimeout().toSeconds());
    session.setAttribute(SessionGate.LOGIN, new Login(user.name(), user.version()));
    return who(user, request, response);
  }

  private User user(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (!SessionGate.byToken(request)
        && session != null
        && session.getAttribute(SessionGate.LOGIN) instanceof Login login) {
      return accounts.current(login).orElseThrow(SessionApi::nobody);
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
        token.getToken(),
        token.getHeaderName());
  }
}

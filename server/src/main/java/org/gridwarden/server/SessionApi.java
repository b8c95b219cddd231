package org.gridwarden.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Fault;
import org.gridwarden.store.User;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.DeferredCsrfToken;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Logging in and out, and one's own password. */
@RestController
@RequestMapping("/api/v1/session")
class SessionApi {
  /** Who was named by a provider and has still to show a code. */
  private static final String PENDING = "gridwarden.pending";

  private static final String LOGOUT = "gridwarden.logout";
  private static final int CODE_SECONDS = 300;

  private final Accounts accounts;
  private final Sessions sessions;
  private final Oidc oidc;
  private final FirstAdministrator first;
  private final GridwardenConfig config;
  private final HttpSessionCsrfTokenRepository csrfTokens;
  private final XorCsrfTokenRequestAttributeHandler masks =
      new XorCsrfTokenRequestAttributeHandler();

  SessionApi(
      Accounts accounts,
      Sessions sessions,
      Oidc oidc,
      FirstAdministrator first,
      GridwardenConfig config,
      HttpSessionCsrfTokenRepository csrfTokens) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.oidc = oidc;
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

  /**
   * How one may log in besides by a password.
   *
   * @param label what the provider's way is called; null where there is none
   * @param start where it begins
   */
  record Ways(@Nullable String label, @Nullable String start) {}

  /** Where the provider's own session ends. */
  record Next(String next) {
    @Override
    public String toString() {
      return "Next"; // the address holds a token
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

  /** How one may log in. */
  @GetMapping("/ways")
  Ways ways() {
    return oidc.on()
        ? new Ways(oidc.label(), OidcDoor.START + "/" + Oidc.ID)
        : new Ways(null, null);
  }

  /** The code that is asked for where a provider has named somebody and no second factor. */
  @PostMapping(path = "/code", consumes = MediaType.APPLICATION_JSON_VALUE)
  Who showCode(
      @RequestBody FactorApi.Code shown, HttpServletRequest request, HttpServletResponse response) {
    Requests.refuseForeign(request);
    HttpSession session = request.getSession(false);
    if (session == null || !(session.getAttribute(PENDING) instanceof Login login)) {
      throw nobody();
    }
    User user = accounts.current(login).orElseThrow(SessionApi::nobody);
    accounts.showFactor(user, Requests.needed("code", shown.code()), Requests.source(request));
    Object logout = session.getAttribute(LOGOUT);
    Who who = begin(user, true, request, response);
    request.getSession().setAttribute(LOGOUT, logout);
    return who;
  }

  /** Where there is more to end, the answer says where. */
  @ApiResponse(responseCode = "204", description = "Done.", content = @Content)
  @ApiResponse(
      responseCode = "200",
      description = "Done here; the provider's own session ends at next.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = Next.class)))
  @DeleteMapping
  ResponseEntity<Next> logOut(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    Object next = null;
    if (session != null) {
      next = session.getAttribute(LOGOUT);
      end(session);
    }
    return next instanceof String url
        ? ResponseEntity.ok(new Next(url))
        : ResponseEntity.noContent().build();
  }

  /**
   * Begins for somebody whom a provider has named.
   *
   * @param proven whether the provider says that a second factor was shown
   * @param logout where the provider's own session ends
   * @return false where a code is still to be shown
   */
  boolean beginBy(
      User user,
      boolean proven,
      Optional<String> logout,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (!proven && accounts.factorOn(user)) {
      HttpSession before = request.getSession(false);
      if (before != null) {
        end(before);
      }
      HttpSession session = request.getSession(true);
      session.setMaxInactiveInterval(CODE_SECONDS);
      session.setAttribute(PENDING, new Login(user.name(), user.version(), ""));
      logout.ifPresent(url -> session.setAttribute(LOGOUT, url));
      return false;
    }
    Who unused = begin(user, proven, request, response);
    logout.ifPresent(url -> request.getSession().setAttribute(LOGOUT, url));
    return true;
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
    return begin(user, false, request, response);
  }

  private Who begin(
      User user, boolean proven, HttpServletRequest request, HttpServletResponse response) {
    HttpSession before = request.getSession(false);
    if (before != null) {
      end(before);
    }
    HttpSession session = request.getSession(true);
    session.setMaxInactiveInterval((int) config.console().idleTimeout().toSeconds());
    session.setAttribute(
        SessionGate.LOGIN, new Login(user.name(), user.version(), open(user, request), proven));
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
        !user.mustChangePassword() && !login(request).proven() && accounts.mustEnrol(user),
        token.getToken(),
        token.getHeaderName());
  }
}

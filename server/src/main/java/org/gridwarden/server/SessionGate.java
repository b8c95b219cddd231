package org.gridwarden.server;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Fault;
import org.gridwarden.security.access.Permission;
import org.gridwarden.store.User;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says who asks: by the session's cookie, or by the token of this machine's command line. The user
 * is looked up each time, so that a removed user or a lost role counts at once. While a first
 * password stands, only the session's own endpoints answer.
 */
final class SessionGate extends OncePerRequestFilter {
  /** The session's attribute. */
  static final String LOGIN = "gridwarden.login";

  /** The name under which the command line acts. */
  static final Login COMMAND_LINE = new Login("cli", 0, "", false);

  /** What a page sends that only refreshes itself: it keeps no session awake. */
  private static final String UNATTENDED = "X-Unattended";

  private static final String BEARER = "Bearer ";

  private final Accounts accounts;
  private final Sessions sessions;
  private final MachineDesk machines;
  private final CliToken token;
  private final DoorTokens doors;
  private final JsonMapper json;

  SessionGate(
      Accounts accounts,
      Sessions sessions,
      MachineDesk machines,
      CliToken token,
      DoorTokens doors,
      JsonMapper json) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.machines = machines;
    this.token = token;
    this.doors = doors;
    this.json = json;
  }

  /**
   * Whether the request shows a token, a key or a machine's name; then its cookies mean nothing,
   * and no page of another origin sent it: a browser would ask first, and is told no.
   */
  static boolean byToken(HttpServletRequest request) {
    return request.getHeader("Authorization") != null
        || request.getHeader(MachineDesk.KEY_HEADER) != null
        || request.getHeader(MachineDesk.NAME_HEADER) != null;
  }

  /** Whether it is a person who asks, who has logged in. */
  static boolean person(@Nullable Object principal) {
    return principal instanceof Login && !COMMAND_LINE.equals(principal);
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (byToken(request)) {
      String header = request.getHeader("Authorization");
      String bearer =
          header != null && header.startsWith(BEARER) ? header.substring(BEARER.length()) : "";
      if (!bearer.isEmpty() && token.is(bearer)) {
        admit(COMMAND_LINE, CliToken.PERMISSIONS);
      } else if (doors.of(bearer).isPresent()) {
        admitFromDoor(bearer);
      } else if (header == null || !bearer.isEmpty()) {
        try {
          machines
              .asks(request, bearer)
              .ifPresent(m -> admit(new MachineLogin(m.name()), m.permissions()));
        } catch (FaultException e) {
          response.setHeader("Retry-After", Integer.toString(e.retryAfterSeconds()));
          Problem.send(response, json, e.status(), e.fault());
          return;
        }
      }
    } else {
      HttpSession session = request.getSession(false);
      if (session != null && session.getAttribute(LOGIN) instanceof Login login) {
        Optional<User> user = accounts.current(login);
        boolean used = request.getHeader(UNATTENDED) == null;
        if (user.isEmpty() || !sessions.goesOn(login.session(), used)) {
          session.invalidate();
        } else if (user.get().mustChangePassword() && !forSession(request)) {
          Problem.send(
              response,
              json,
              403,
              new Fault(
                  Fault.Code.FORBIDDEN,
                  "session",
                  "the first password must be changed before anything else:"
                      + " POST /api/v1/session/password"));
          return;
        } else if (!login.proven() && !forSession(request) && accounts.mustEnrol(user.get())) {
          Problem.send(
              response,
              json,
              403,
              new Fault(
                  Fault.Code.FORBIDDEN,
                  "second factor",
                  "your roles must have one before anything else: get it in the console, or by users"
                      + " factor on"));
          return;
        } else {
          admit(login, accounts.permissions(user.get()));
        }
      }
    }
    try {
      chain.doFilter(request, response);
    } finally {
      SecurityContextHolder.clearContext();
    }
  }

  /** Who came in by another door is looked up each time, too. */
  private void admitFromDoor(String shown) {
    doors
        .of(shown)
        .flatMap(accounts::current)
        .filter(user -> !user.mustChangePassword() && !accounts.mustEnrol(user))
        .ifPresent(
            user -> admit(new Login(user.name(), user.version(), ""), accounts.permissions(user)));
  }

  private static boolean forSession(HttpServletRequest request) {
    String path = request.getServletPath(); // decoded and normal, as the rules see it
    return path.equals("/api/v1/session")
        || path.equals("/api/v1/session/password")
        || path.equals("/api/v1/session/factor")
        || path.equals("/api/v1/session/factor/confirm")
        || !path.startsWith("/api/");
  }

  private static void admit(Principal login, Set<Permission> permissions) {
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(
        UsernamePasswordAuthenticationToken.authenticated(
            login,
            "",
            permissions.stream().map(Enum::name).map(SimpleGrantedAuthority::new).toList()));
    SecurityContextHolder.setContext(context);
  }
}

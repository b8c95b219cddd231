package org.gridwarden.server;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Fault;
import org.gridwarden.security.access.Permission;
import org.gridwarden.store.User;
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
  static final Login COMMAND_LINE = new Login("cli", 0);

  private static final String BEARER = "Bearer ";

  private final Accounts accounts;
  private final CliToken token;
  private final JsonMapper json;

  SessionGate(Accounts accounts, CliToken token, JsonMapper json) {
    this.accounts = accounts;
    this.token = token;
    this.json = json;
  }

  /** Whether the request shows a token; then its cookies mean nothing. */
  static boolean byToken(HttpServletRequest request) {
    return request.getHeader("Authorization") != null;
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
      if (header.startsWith(BEARER) && token.is(header.substring(BEARER.length()))) {
        admit(COMMAND_LINE, CliToken.PERMISSIONS);
      }
    } else {
      HttpSession session = request.getSession(false);
      if (session != null && session.getAttribute(LOGIN) instanceof Login login) {
        Optional<User> user = accounts.current(login);
        if (user.isEmpty()) {
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

  private static boolean forSession(HttpServletRequest request) {
    String path = request.getServletPath(); // decoded and normal, as the rules see it
    return path.equals("/api/v1/session")
        || path.equals("/api/v1/session/password")
        || !path.startsWith("/api/");
  }

  private static void admit(Login login, Set<Permission> permissions) {
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(
        UsernamePasswordAuthenticationToken.authenticated(
            login,
            "",
            permissions.stream().map(Enum::name).map(SimpleGrantedAuthority::new).toList()));
    SecurityContextHolder.setContext(context);
  }
}

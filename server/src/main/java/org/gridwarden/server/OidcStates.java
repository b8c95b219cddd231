package org.gridwarden.server;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gridwarden.security.access.SpokenCode;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/**
 * Log-ins that are at the provider now. The browser comes back from another site, so the session's
 * own strict cookie is not with it; a cookie of its own, lax and short-lived, binds the answer to
 * the browser that asked. Bounded; each is used once. Thread-safe.
 */
final class OidcStates implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {
  private static final String COOKIE = "gridwarden-oidc";
  private static final Duration LIVES = Duration.ofMinutes(10);
  private static final int MOST = 1_000;

  private final InstantSource clock;
  private final Map<String, Away> away =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Away> eldest) {
          return size() > MOST;
        }
      };

  OidcStates(InstantSource clock) {
    this.clock = clock;
  }

  private record Away(OAuth2AuthorizationRequest request, String browser, Instant until) {}

  @Override
  public synchronized @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(
      HttpServletRequest request) {
    String state = request.getParameter("state");
    Away found = state == null ? null : away.get(state);
    return found != null && clock.instant().isBefore(found.until) && same(found.browser, request)
        ? found.request
        : null;
  }

  @Override
  public synchronized void saveAuthorizationRequest(
      @Nullable OAuth2AuthorizationRequest asked,
      HttpServletRequest request,
      HttpServletResponse response) {
    if (asked == null) {
      return;
    }
    String browser = SpokenCode.random(40, 0);
    away.put(asked.getState(), new Away(asked, browser, clock.instant().plus(LIVES)));
    set(response, request, browser, LIVES);
  }

  @Override
  public synchronized @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
      HttpServletRequest request, HttpServletResponse response) {
    OAuth2AuthorizationRequest found = loadAuthorizationRequest(request);
    if (found != null) {
      away.remove(found.getState());
      set(response, request, "", Duration.ZERO);
    }
    return found;
  }

  private static void set(
      HttpServletResponse response, HttpServletRequest request, String value, Duration lives) {
    response.addHeader(
        "Set-Cookie",
        ResponseCookie.from(COOKIE, value)
            .httpOnly(true)
            .secure(request.isSecure())
            .sameSite("Lax")
            .path("/oidc")
            .maxAge(lives)
            .build()
            .toString());
  }

  private static boolean same(String browser, HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies == null) {
      return false;
    }
    byte[] known = browser.getBytes(StandardCharsets.US_ASCII);
    for (Cookie cookie : cookies) {
      if (cookie.getName().equals(COOKIE)
          && MessageDigest.isEqual(known, cookie.getValue().getBytes(StandardCharsets.US_ASCII))) {
        return true;
      }
    }
    return false;
  }
}

package org.gridwarden.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** The way to the provider and back, as a part of the filter chain. */
final class OidcDoor {
  private static final Logger LOG = LoggerFactory.getLogger(OidcDoor.class);

  /** Where a browser begins; the provider's name follows. */
  static final String START = "/oidc/start";

  private final Oidc oidc;
  private final ObjectProvider<SessionApi> sessions;

  OidcDoor(Oidc oidc, ObjectProvider<SessionApi> sessions) {
    this.oidc = oidc;
    this.sessions = sessions;
  }

  /** Adds it where there is a provider. */
  void into(HttpSecurity http) {
    if (!oidc.on()) {
      return;
    }
    var resolver = new DefaultOAuth2AuthorizationRequestResolver(oidc, START);
    resolver.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
    http.oauth2Login(login ->
        login
            .loginPage("/login")
            .clientRegistrationRepository(oidc)
            .authorizedClientRepository(new Forgets())
            .authorizationEndpoint(to ->
                to.authorizationRequestResolver(resolver)
                    .authorizationRequestRepository(oidc.states()))
            .redirectionEndpoint(back -> back.baseUri("/oidc/callback/*"))
            .successHandler(this::back)
            .failureHandler(OidcDoor::failed));
  }

  private void back(HttpServletRequest request, HttpServletResponse response, Authentication who)
      throws IOException {
    if (!(who.getPrincipal() instanceof OidcUser user)) {
      response.sendRedirect("/login?sso=refused");
      return;
    }
    try {
      String base = ServletUriComponentsBuilder.fromContextPath(request).build().toUriString();
      boolean inside =
          sessions
              .getObject()
              .beginBy(
                  oidc.enter(user), oidc.proven(user), oidc.logout(user, base), request, response);
      response.sendRedirect(inside ? "/" : "/login?sso=code");
    } catch (FaultException e) {
      LOG.warn("log-in by the provider refused: {}", e.getMessage());
      response.sendRedirect("/login?sso=" + e.fault().where());
    }
  }

  private static void failed(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
      throws IOException {
    LOG.warn("log-in by the provider failed: {}", e.getMessage());
    response.sendRedirect("/login?sso=refused");
  }

  /** What the provider's tokens open is nothing that is asked here: none is kept. */
  private static final class Forgets implements OAuth2AuthorizedClientRepository {
    @Override
    @SuppressWarnings("NullAway") // the interface's own signature
    public <T extends OAuth2AuthorizedClient> T loadAuthorizedClient(
        String id, Authentication who, HttpServletRequest request) {
      return null;
    }

    @Override
    public void saveAuthorizedClient(
        OAuth2AuthorizedClient client,
        Authentication who,
        HttpServletRequest request,
        HttpServletResponse response) {
      // see above
    }

    @Override
    public void removeAuthorizedClient(
        String id, Authentication who, HttpServletRequest request, HttpServletResponse response) {
      // see above
    }
  }
}

package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Fault;
import org.gridwarden.store.OidcRoles;
import org.gridwarden.store.User;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Logging in by an OpenID Connect provider (authorization code with PKCE). Who somebody is, is the
 * issuer with its subject; their roles are what the provider's words give here, anew with each
 * log-in. The provider is asked for its endpoints at the first log-in, so that it may be down when
 * the server starts. Thread-safe.
 */
final class Oidc implements ClientRegistrationRepository {
  /** Names the provider in addresses. */
  static final String ID = "office";

  private final GridwardenConfig.Oidc config;
  private final OidcRoles rules;
  private final Accounts accounts;
  private final OidcStates states;
  private volatile @Nullable ClientRegistration registration;

  Oidc(GridwardenConfig.Oidc config, OidcRoles rules, Accounts accounts, InstantSource clock) {
    this.config = config;
    this.rules = rules;
    this.accounts = accounts;
    this.states = new OidcStates(clock);
  }

  /** Whether there is a provider. */
  boolean on() {
    return config.on();
  }

  /** What the way in is called. */
  String label() {
    return config.label();
  }

  OidcStates states() {
    return states;
  }

  @Override
  public @Nullable ClientRegistration findByRegistrationId(String id) {
    if (!id.equals(ID) || !on()) {
      return null;
    }
    ClientRegistration known = registration;
    if (known == null) {
      known = ask();
      registration = known;
    }
    return known;
  }

  private ClientRegistration ask() {
    byte[] secret = config.secret().copy();
    ClientRegistration.Builder builder =
        ClientRegistrations.fromIssuerLocation(config.issuer())
            .registrationId(ID)
            .clientId(config.client())
            .redirectUri("{baseUrl}/oidc/callback/{registrationId}")
            .scope("openid", "profile");
    return (secret.length == 0
            ? builder.clientAuthenticationMethod(ClientAuthenticationMethod.NONE)
            : builder
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .clientSecret(new String(secret, StandardCharsets.UTF_8)))
        .build();
  }

  /**
   * Who has come back from the provider; made here at the first time.
   *
   * @throws FaultException FORBIDDEN where nothing that is said of them gives a role here, CONFLICT
   *     where the name is another's
   */
  User enter(OidcUser who) {
    Set<String> roles = new LinkedHashSet<>();
    for (OidcRoles.Rule rule : rules.all()) {
      if (words(who.getClaims().get(rule.claim())).contains(rule.value())) {
        roles.add(rule.role());
      }
    }
    if (roles.isEmpty()) {
      throw new FaultException(
          Fault.Code.FORBIDDEN, "role", "nothing that the provider says gives you a role here");
    }
    Object name = who.getClaims().get(config.userClaim());
    if (!(name instanceof String text)) {
      throw new FaultException(
          Fault.Code.FORBIDDEN, "user", "the provider does not say " + config.userClaim());
    }
    return accounts.enter(config.issuer() + " " + who.getSubject(), text, roles);
  }

  /** Whether the provider says that a second factor was shown (RFC 8176, or by acr). */
  boolean proven(OidcUser who) {
    return words(who.getClaims().get("amr")).stream().anyMatch(config.factor()::contains)
        || words(who.getClaims().get("acr")).stream().anyMatch(config.factor()::contains);
  }

  /** Where the provider's own session ends; empty where it has no such place. */
  Optional<String> logout(OidcUser who, String base) {
    ClientRegistration known = registration;
    Map<String, Object> metadata =
        known == null ? Map.of() : known.getProviderDetails().getConfigurationMetadata();
    return metadata.get("end_session_endpoint") instanceof String endpoint
        ? Optional.of(
            UriComponentsBuilder.fromUriString(endpoint)
                .queryParam("id_token_hint", who.getIdToken().getTokenValue())
                .queryParam("post_logout_redirect_uri", base + "/login")
                .build()
                .toUriString())
        : Optional.empty();
  }

  private static List<String> words(@Nullable Object claim) {
    return switch (claim) {
      case String one -> List.of(one);
      case Collection<?> many -> many.stream().map(String::valueOf).toList();
      case null, default -> List.of();
    };
  }
}

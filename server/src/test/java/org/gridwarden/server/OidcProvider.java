package org.gridwarden.server;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.OAuth2AuthorizationServerConfiguration;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.web.SecurityFilterChain;

/** A real OpenID Connect provider on a loopback port, with some people and their groups. */
final class OidcProvider implements AutoCloseable {
  /** Everybody's, at the provider. */
  static final String PASSWORD = "at-the-provider";

  /** The office's, at the provider. */
  static final String SECRET = "the-office-at-the-provider";

  private static final Map<String, List<String>> GROUPS = new ConcurrentHashMap<>();
  private static final ConcurrentHashMap<String, RegisteredClient> CLIENTS =
      new ConcurrentHashMap<>();

  private final ServletWebServerApplicationContext context;

  private OidcProvider(ServletWebServerApplicationContext context) {
    this.context = context;
  }

  static OidcProvider start() {
    GROUPS.clear();
    GROUPS.putAll(
        Map.of(
            "vera", List.of("front-desk"),
            "willa", List.of("front-desk"),
            "stranger", List.of("canteen"),
            "both", List.of("control-room", "internal-audit"),
            "admin", List.of("front-desk"),
            "olivia-mfa", List.of("control-room"),
            "oscar", List.of("control-room")));
    SpringApplication application = new SpringApplication(Provider.class);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setDefaultProperties(
        Map.of("server.port", "0", "server.address", "127.0.0.1", "spring.jmx.enabled", "false"));
    return new OidcProvider((ServletWebServerApplicationContext) application.run());
  }

  String issuer() {
    var listener = context.getWebServer();
    if (listener == null) {
      throw new IllegalStateException("the provider has stopped");
    }
    return "http://127.0.0.1:" + listener.getPort();
  }

  /** The office is a client from now on. */
  void knows(String callback) {
    CLIENTS.put(
        "gridwarden",
        RegisteredClient.withId("1")
            .clientId("gridwarden")
            .clientSecret("{noop}" + SECRET)
            .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
            .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
            .redirectUri(callback)
            .scope("openid")
            .scope("profile")
            .clientSettings(
                ClientSettings.builder()
                    .requireProofKey(true)
                    .requireAuthorizationConsent(false)
                    .build())
            .build());
  }

  /** Somebody's groups from now on; returns those of before. */
  List<String> groups(String user, String... groups) {
    List<String> before = GROUPS.put(user, List.of(groups));
    return before == null ? List.of() : before;
  }

  @Override
  public void close() {
    context.close();
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    ConfigurationPropertiesAutoConfiguration.class,
    SslAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    SecurityFilterAutoConfiguration.class,
    ServletWebSecurityAutoConfiguration.class,
  })
  static class Provider {
    @Bean
    SecurityFilterChain chain(HttpSecurity http) throws Exception {
      http.oauth2AuthorizationServer(server -> server.oidc(Customizer.withDefaults()))
          .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
          .csrf(csrf -> csrf.ignoringRequestMatchers("/**"))
          .formLogin(Customizer.withDefaults());
      return http.build();
    }

    @Bean
    RegisteredClientRepository clients() {
      return new RegisteredClientRepository() {
        @Override
        public void save(RegisteredClient client) {
          CLIENTS.put(client.getClientId(), client);
        }

        @Override
        public @Nullable RegisteredClient findById(String id) {
          return CLIENTS.values().stream()
              .filter(client -> client.getId().equals(id))
              .findFirst()
              .orElse(null);
        }

        @Override
        public @Nullable RegisteredClient findByClientId(String clientId) {
          return CLIENTS.get(clientId);
        }
      };
    }

    @Bean
    UserDetailsService people() {
      return name -> User.withUsername(name).password("{noop}" + PASSWORD).roles("USER").build();
    }

    @Bean
    JWKSource<SecurityContext> keys() throws NoSuchAlgorithmException {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair pair = generator.generateKeyPair();
      RSAKey key =
          new RSAKey.Builder((RSAPublicKey) pair.getPublic())
              .privateKey(pair.getPrivate())
              .keyID("1")
              .build();
      return new ImmutableJWKSet<>(new JWKSet(key));
    }

    /** For its own userinfo endpoint. */
    @Bean
    JwtDecoder decoder(JWKSource<SecurityContext> keys) {
      return OAuth2AuthorizationServerConfiguration.jwtDecoder(keys);
    }

    @Bean
    AuthorizationServerSettings settings() {
      return AuthorizationServerSettings.builder().build();
    }

    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> claims() {
      return token -> {
        String name =
            java.util.Objects.requireNonNull(
                    token.<org.springframework.security.core.Authentication>getPrincipal())
                .getName();
        token
            .getClaims()
            .subject("subject of " + name)
            .claim("preferred_username", name)
            .claim("groups", GROUPS.getOrDefault(name, List.of()));
        token
            .getClaims()
            .claim("amr", name.endsWith("-mfa") ? List.of("pwd", "otp") : List.of("pwd"));
      };
    }
  }
}

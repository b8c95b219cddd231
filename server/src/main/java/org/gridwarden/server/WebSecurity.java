package org.gridwarden.server;

import static org.gridwarden.store.UserRole.AUDITOR;
import static org.gridwarden.store.UserRole.OPERATOR;
import static org.gridwarden.store.UserRole.SECURITY_ADMINISTRATOR;

import jakarta.servlet.DispatcherType;
import java.util.List;
import java.util.function.Supplier;
import org.gridwarden.core.Fault;
import org.gridwarden.store.UserRole;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManagers;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.header.writers.StaticHeadersWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import tools.jackson.databind.json.JsonMapper;

/** Who may do what over HTTP, and the headers that every answer carries. */
@Configuration(proxyBeanMethods = false)
class WebSecurity {
  private static final UserRole[] EVERYONE = UserRole.values();

  /** What is not a page loads nothing and is framed by nobody. */
  private static final String CSP = "default-src 'none'; frame-ancestors 'none'";

  /**
   * A rule: the first that fits counts.
   *
   * @param method GET, say; empty for all
   * @param path a path pattern
   * @param roles who may; empty for anybody
   * @param people whether only people who are logged in, and no token: two tokens are no four eyes
   */
  record Rule(String method, String path, List<UserRole> roles, boolean people) {
    static Rule of(String method, String path, UserRole... roles) {
      return new Rule(method, path, List.of(roles), false);
    }

    static Rule people(String method, String path, UserRole... roles) {
      return new Rule(method, path, List.of(roles), true);
    }
  }

  /** Everything under /api. What no rule names, nobody may. */
  static final List<Rule> RULES =
      List.of(
          Rule.of("POST", "/api/v1/session"),
          Rule.of("GET", "/api/v1/session"),
          Rule.of("DELETE", "/api/v1/session"),
          Rule.of("POST", "/api/v1/session/password", EVERYONE),
          Rule.of("POST", "/api/v1/meters/import", OPERATOR),
          Rule.of("POST", "/api/v1/meters/*/read", OPERATOR),
          Rule.of("PUT", "/api/v1/meters/*/reach", OPERATOR),
          Rule.people("PUT", "/api/v1/meters/*/protection", OPERATOR),
          Rule.people("DELETE", "/api/v1/meters/*/protection", OPERATOR),
          Rule.of("GET", "/api/v1/commands", EVERYONE),
          Rule.people("POST", "/api/v1/commands", OPERATOR),
          Rule.people("POST", "/api/v1/commands/sign", OPERATOR),
          Rule.of("GET", "/api/v1/commands/*", EVERYONE),
          Rule.people("POST", "/api/v1/commands/*/approve", OPERATOR),
          Rule.people("POST", "/api/v1/commands/*/refuse", OPERATOR),
          Rule.people("POST", "/api/v1/commands/*/sign", OPERATOR),
          Rule.of("GET", "/api/v1/command-policy", EVERYONE),
          Rule.people("POST", "/api/v1/command-policy", OPERATOR),
          Rule.people("POST", "/api/v1/command-policy/*/approve", OPERATOR),
          Rule.people("POST", "/api/v1/command-policy/*/refuse", OPERATOR),
          Rule.of("GET", "/api/v1/operator-keys", OPERATOR, SECURITY_ADMINISTRATOR, AUDITOR),
          Rule.people("POST", "/api/v1/operator-keys", OPERATOR),
          Rule.people("POST", "/api/v1/operator-keys/*/approve", SECURITY_ADMINISTRATOR),
          Rule.people("DELETE", "/api/v1/operator-keys/*", OPERATOR, SECURITY_ADMINISTRATOR),
          Rule.of("POST", "/api/v1/meters/*/quarantine", OPERATOR),
          Rule.of("POST", "/api/v1/meters/*/release", OPERATOR),
          Rule.of("GET", "/api/v1/alarms", EVERYONE),
          Rule.of("POST", "/api/v1/alarms/*/acknowledge", OPERATOR),
          Rule.of("GET", "/api/v1/cases/**", EVERYONE),
          Rule.of("POST", "/api/v1/cases/*/*", OPERATOR),
          Rule.of("GET", "/api/v1/street/**", EVERYONE),
          Rule.of("POST", "/api/v1/street/**", OPERATOR),
          Rule.people("POST", "/api/v1/firmware/keys", SECURITY_ADMINISTRATOR),
          Rule.of("GET", "/api/v1/firmware/**", EVERYONE),
          Rule.of("POST", "/api/v1/firmware/images", OPERATOR),
          Rule.people("POST", "/api/v1/firmware/campaigns", OPERATOR),
          Rule.people("POST", "/api/v1/firmware/campaigns/*/*", OPERATOR),
          Rule.of("PUT", "/api/v1/meters/*/firmware", OPERATOR),
          Rule.of("GET", "/api/v1/collection", EVERYONE),
          Rule.of("GET", "/api/v1/meters", EVERYONE),
          Rule.of("GET", "/api/v1/meters/**", EVERYONE),
          Rule.of("GET", "/api/v1/events", EVERYONE),
          Rule.of("GET", "/api/v1/waiting", EVERYONE),
          Rule.of("POST", "/api/v1/waiting/*/accept", OPERATOR),
          Rule.of("DELETE", "/api/v1/waiting/*", OPERATOR),
          Rule.of("GET", "/api/v1/state", EVERYONE),
          Rule.of("GET", "/api/v1/live", EVERYONE),
          Rule.of("GET", "/api/v1/office-key", EVERYONE),
          Rule.of("GET", "/api/v1/users", SECURITY_ADMINISTRATOR, AUDITOR),
          Rule.of("POST", "/api/v1/users", SECURITY_ADMINISTRATOR),
          Rule.of("PUT", "/api/v1/users/*/roles", SECURITY_ADMINISTRATOR),
          Rule.of("POST", "/api/v1/users/*/password", SECURITY_ADMINISTRATOR),
          Rule.of("DELETE", "/api/v1/users/*", SECURITY_ADMINISTRATOR),
          Rule.people("POST", "/api/v1/erasures/*", SECURITY_ADMINISTRATOR),
          Rule.of("GET", "/api/v1/audit", AUDITOR),
          Rule.of("GET", "/api/v1/audit/key", AUDITOR),
          Rule.of("GET", "/api/v1/audit/checkpoint", AUDITOR),
          Rule.of("GET", "/api/v1/audit/log", AUDITOR),
          Rule.of("GET", "/api/v1/audit/*/proof", AUDITOR),
          Rule.of("GET", "/api/v1/health", OPERATOR, AUDITOR),
          Rule.of("GET", "/api/v1/metrics", OPERATOR, AUDITOR),
          Rule.of("GET", "/api/v1/openapi", EVERYONE),
          Rule.of("GET", "/api/docs", EVERYONE));

  @Bean
  HttpSessionCsrfTokenRepository csrfTokens() {
    return new HttpSessionCsrfTokenRepository();
  }

  @Bean
  SecurityFilterChain chain(
      HttpSecurity http,
      Accounts accounts,
      CliToken token,
      HttpSessionCsrfTokenRepository csrfTokens,
      JsonMapper json)
      throws Exception {
    PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
    http.addFilterBefore(
            new SessionGate(accounts, token, json), AnonymousAuthenticationFilter.class)
        // SessionGate keeps sessions; the framework's filter would give each one a new id with
        // every request, so that a page's parallel requests log each other out
        .sessionManagement(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .securityContext(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .formLogin(AbstractHttpConfigurer::disable)
        .httpBasic(AbstractHttpConfigurer::disable)
        .csrf(csrf ->
            csrf.csrfTokenRepository(csrfTokens)
                // there is no session yet; only JSON is taken, which no foreign form can send
                .ignoringRequestMatchers(
                    paths.matcher(HttpMethod.POST, "/api/v1/session"), SessionGate::byToken))
        .authorizeHttpRequests(requests -> {
          for (Rule rule : RULES) {
            var matched = requests.requestMatchers(HttpMethod.valueOf(rule.method()), rule.path());
            String[] roles = rule.roles().stream().map(Enum::name).toArray(String[]::new);
            if (rule.roles().isEmpty()) {
              matched.permitAll();
            } else if (rule.people()) {
              matched.access(
                  AuthorizationManagers.allOf(
                      AuthorityAuthorizationManager.hasAnyAuthority(roles), WebSecurity::person));
            } else {
              matched.hasAnyAuthority(roles);
            }
          }
          requests.requestMatchers("/api", "/api/**").denyAll();
          // the container's way to its error page, not a page to be asked for
          requests.dispatcherTypeMatchers(DispatcherType.ERROR).permitAll();
          requests.requestMatchers("/error").denyAll();
          // the console's files and pages hold no data
          requests.requestMatchers(HttpMethod.GET, "/**").permitAll();
          requests.anyRequest().denyAll();
        })
        .exceptionHandling(
            e -> e.authenticationEntryPoint(unknown(json)).accessDeniedHandler(denied(json)))
        .headers(headers ->
            headers
                .httpStrictTransportSecurity(
                    hsts -> hsts.maxAgeInSeconds(31_536_000).includeSubDomains(false))
                .frameOptions(frame -> frame.deny())
                .referrerPolicy(r -> r.policy(ReferrerPolicy.NO_REFERRER))
                .cacheControl(cache -> cache.disable())
                .addHeaderWriter(WebSecurity::contentPolicy)
                .addHeaderWriter(
                    new StaticHeadersWriter("Cross-Origin-Opener-Policy", "same-origin")));
    return http.build();
  }

  private static AuthorizationDecision person(
      Supplier<? extends Authentication> who, RequestAuthorizationContext request) {
    Authentication asks = who.get();
    return new AuthorizationDecision(
        asks != null && !SessionGate.COMMAND_LINE.equals(asks.getPrincipal()));
  }

  private static void contentPolicy(
      jakarta.servlet.http.HttpServletRequest request,
      jakarta.servlet.http.HttpServletResponse response) {
    String path = request.getServletPath();
    if (path.startsWith("/api/") && response.getHeader("Cache-Control") == null) {
      response.setHeader("Cache-Control", "no-store");
    }
    if (response.getHeader("Content-Security-Policy") == null) {
      response.setHeader("Content-Security-Policy", CSP);
    }
  }

  private static AuthenticationEntryPoint unknown(JsonMapper json) {
    return (request, response, e) ->
        Problem.send(
            response,
            json,
            401,
            new Fault(Fault.Code.UNAUTHENTICATED, "session", "log in first: POST /api/v1/session"));
  }

  private static AccessDeniedHandler denied(JsonMapper json) {
    return (request, response, e) -> {
      Fault fault =
          e instanceof CsrfException
              ? new Fault(
                  Fault.Code.FORBIDDEN,
                  "X-CSRF-TOKEN",
                  "send the csrf value of GET /api/v1/session in this header")
              : new Fault(
                  Fault.Code.FORBIDDEN,
                  request.getMethod() + " " + request.getServletPath(),
                  SessionGate.byToken(request)
                      ? "the token of this machine may not: act for a person, by --user"
                      : "your roles do not allow this: ask a security administrator");
      Problem.send(response, json, 403, fault);
    };
  }
}

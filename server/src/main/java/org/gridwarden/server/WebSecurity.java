package org.gridwarden.server;

import static org.gridwarden.security.access.Permission.ANALYSE;
import static org.gridwarden.security.access.Permission.APPROVE;
import static org.gridwarden.security.access.Permission.BILL;
import static org.gridwarden.security.access.Permission.COMMAND;
import static org.gridwarden.security.access.Permission.MANAGE_FIRMWARE;
import static org.gridwarden.security.access.Permission.MANAGE_KEYS;
import static org.gridwarden.security.access.Permission.MANAGE_METERS;
import static org.gridwarden.security.access.Permission.MANAGE_ROLES;
import static org.gridwarden.security.access.Permission.MANAGE_USERS;
import static org.gridwarden.security.access.Permission.READ_AUDIT;
import static org.gridwarden.security.access.Permission.READ_HEALTH;
import static org.gridwarden.security.access.Permission.SERVE_CUSTOMERS;
import static org.gridwarden.security.access.Permission.VIEW;
import static org.gridwarden.security.access.Permission.VIEW_OWN;

import jakarta.servlet.DispatcherType;
import java.util.List;
import java.util.function.Supplier;
import org.gridwarden.core.Fault;
import org.gridwarden.security.access.Permission;
import org.springframework.beans.factory.ObjectProvider;
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
import org.springframework.security.web.access.intercept.AuthorizationFilter;
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
  /** Whoever looks: every role of the office's own people, and no consumer. */
  private static final Permission[] EVERYONE = {Permission.VIEW};

  /** What rules say in place of a permission's own word, where there is none. */
  private static final Permission OPERATOR = Permission.OPERATE;

  /** Who orders, does and closes work in the field. */
  private static final Permission[] FIELD = {
    Permission.OPERATE, Permission.MANAGE_METERS, Permission.SERVE_CUSTOMERS
  };

  private static final Permission SECURITY_ADMINISTRATOR = Permission.MANAGE_KEYS;
  private static final Permission AUDITOR = Permission.READ_AUDIT;

  /** Whoever is logged in. */
  private static final Permission[] SELF = Permission.values();

  /** What is not a page loads nothing and is framed by nobody. */
  private static final String CSP = "default-src 'none'; frame-ancestors 'none'";

  /**
   * A rule: the first that fits counts.
   *
   * @param method GET, say; empty for all
   * @param path a path pattern
   * @param permissions of which one is needed; empty for anybody
   * @param people whether only people who are logged in, and no token: two tokens are no four eyes
   */
  record Rule(String method, String path, List<Permission> permissions, boolean people) {
    static Rule of(String method, String path, Permission... permissions) {
      return new Rule(method, path, List.of(permissions), false);
    }

    static Rule people(String method, String path, Permission... permissions) {
      return new Rule(method, path, List.of(permissions), true);
    }
  }

  /** Everything under /api. What no rule names, nobody may. */
  static final List<Rule> RULES =
      List.of(
          Rule.of("POST", "/api/v1/session"),
          Rule.of("GET", "/api/v1/session"),
          Rule.of("DELETE", "/api/v1/session"),
          Rule.of("GET", "/api/v1/session/ways"),
          Rule.of("POST", "/api/v1/session/code"),
          Rule.of("POST", "/api/v1/session/password", SELF),
          Rule.of("GET", "/api/v1/session/factor", SELF),
          Rule.of("POST", "/api/v1/session/factor", SELF),
          Rule.of("POST", "/api/v1/session/factor/confirm", SELF),
          Rule.of("DELETE", "/api/v1/session/factor", SELF),
          Rule.of("GET", "/api/v1/sessions", SELF),
          Rule.of("DELETE", "/api/v1/sessions/*", SELF),
          Rule.of("POST", "/api/v1/meters/import", MANAGE_METERS),
          Rule.of("POST", "/api/v1/meters/*/read", OPERATOR),
          Rule.of("PUT", "/api/v1/meters/*/reach", MANAGE_METERS),
          Rule.of("PUT", "/api/v1/meters/*/outlets/*", MANAGE_METERS),
          Rule.people("PUT", "/api/v1/meters/*/access", SECURITY_ADMINISTRATOR),
          Rule.of("GET", "/api/v1/meter-access", EVERYONE),
          Rule.people("PUT", "/api/v1/meters/*/protection", SERVE_CUSTOMERS),
          Rule.people("POST", "/api/v1/meters/*/protection/lift", SERVE_CUSTOMERS),
          Rule.people("POST", "/api/v1/meters/*/protection/lift/*", APPROVE),
          Rule.of("GET", "/api/v1/protections", EVERYONE),
          Rule.of("GET", "/api/v1/commands", EVERYONE),
          Rule.people("POST", "/api/v1/commands", COMMAND),
          Rule.people("POST", "/api/v1/commands/sign", COMMAND),
          Rule.people("POST", "/api/v1/commands/approve", APPROVE),
          Rule.people("POST", "/api/v1/commands/refuse", COMMAND, APPROVE),
          Rule.of("GET", "/api/v1/commands/*", EVERYONE),
          Rule.people("POST", "/api/v1/commands/*/approve", APPROVE),
          Rule.people("POST", "/api/v1/commands/*/refuse", COMMAND, APPROVE),
          Rule.people("POST", "/api/v1/commands/*/sign", COMMAND),
          Rule.of("GET", "/api/v1/command-policy", EVERYONE),
          Rule.people("POST", "/api/v1/command-policy", APPROVE),
          Rule.people("POST", "/api/v1/command-policy/*/approve", APPROVE),
          Rule.people("POST", "/api/v1/command-policy/*/refuse", APPROVE),
          Rule.of("GET", "/api/v1/operator-keys", COMMAND, BILL, MANAGE_KEYS, READ_AUDIT),
          Rule.people("POST", "/api/v1/operator-keys", COMMAND, BILL),
          Rule.people("POST", "/api/v1/operator-keys/*/approve", MANAGE_KEYS),
          Rule.people("DELETE", "/api/v1/operator-keys/*", COMMAND, BILL, MANAGE_KEYS),
          Rule.of("GET", "/api/v1/tariffs", EVERYONE),
          Rule.of("GET", "/api/v1/tariffs/*", EVERYONE),
          Rule.of("GET", "/api/v1/tariffs/prices/*", EVERYONE),
          Rule.people("POST", "/api/v1/tariffs", BILL),
          Rule.people("POST", "/api/v1/tariffs/prices", BILL),
          Rule.of("GET", "/api/v1/ledger/*", BILL, SERVE_CUSTOMERS),
          Rule.people("POST", "/api/v1/ledger/*", BILL),
          Rule.of("GET", "/api/v1/budget-plans", BILL, SERVE_CUSTOMERS),
          Rule.people("POST", "/api/v1/budget-plans", BILL),
          Rule.people("POST", "/api/v1/budget-plans/*/end", BILL),
          Rule.of("GET", "/api/v1/virtual-meters", EVERYONE),
          Rule.of("POST", "/api/v1/virtual-meters", MANAGE_METERS),
          Rule.of("POST", "/api/v1/virtual-meters/*/end", MANAGE_METERS),
          Rule.of("GET", "/api/v1/virtual-meters/*/readings", EVERYONE),
          Rule.of("GET", "/api/v1/companions", EVERYONE),
          Rule.of("PUT", "/api/v1/companions/*", MANAGE_METERS),
          Rule.of("GET", "/api/v1/feeders", EVERYONE),
          Rule.of("PUT", "/api/v1/feeders/*", MANAGE_METERS),
          Rule.of("GET", "/api/v1/feeders/*/balance", EVERYONE),
          Rule.of("POST", "/api/v1/bill-runs", BILL),
          Rule.of("GET", "/api/v1/bill-runs", BILL),
          Rule.of("GET", "/api/v1/bill-runs/*", BILL),
          Rule.of("GET", "/api/v1/bill-runs/*/blocked", BILL),
          Rule.of("GET", "/api/v1/bills", BILL, SERVE_CUSTOMERS),
          Rule.of("GET", "/api/v1/bills/key", SELF),
          Rule.of("GET", "/api/v1/bills/**", BILL, SERVE_CUSTOMERS),
          Rule.people("POST", "/api/v1/bills/*/correct", BILL),
          Rule.of("GET", "/api/v1/analytics/*", ANALYSE),
          Rule.people("POST", "/api/v1/analytics/key/replace", MANAGE_KEYS),
          Rule.of("GET", "/api/v1/trust", EVERYONE),
          Rule.people("POST", "/api/v1/trust/*", SECURITY_ADMINISTRATOR),
          Rule.people("POST", "/api/v1/commands/*/adopt", OPERATOR),
          Rule.of("GET", "/api/v1/keys", OPERATOR, SECURITY_ADMINISTRATOR, AUDITOR),
          Rule.of("GET", "/api/v1/keys/*", OPERATOR, SECURITY_ADMINISTRATOR, AUDITOR),
          Rule.people("POST", "/api/v1/keys/rotate", OPERATOR),
          Rule.people("POST", "/api/v1/keys/*/replace", OPERATOR),
          Rule.of("GET", "/api/v1/certificates", EVERYONE),
          Rule.of("GET", "/api/v1/certificates/**", EVERYONE),
          Rule.people("POST", "/api/v1/certificates/invitations", SECURITY_ADMINISTRATOR),
          Rule.people("POST", "/api/v1/certificates/renew", SECURITY_ADMINISTRATOR),
          Rule.people("POST", "/api/v1/certificates", SECURITY_ADMINISTRATOR),
          Rule.people("POST", "/api/v1/certificates/requests/*/approve", SECURITY_ADMINISTRATOR),
          Rule.people("POST", "/api/v1/certificates/requests/*/refuse", SECURITY_ADMINISTRATOR),
          Rule.people("POST", "/api/v1/certificates/*/revoke", SECURITY_ADMINISTRATOR),
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
          Rule.of("POST", "/api/v1/firmware/images", MANAGE_FIRMWARE),
          Rule.people("POST", "/api/v1/firmware/campaigns", COMMAND),
          Rule.people("POST", "/api/v1/firmware/campaigns/plan", COMMAND),
          Rule.people("POST", "/api/v1/firmware/campaigns/*/*", COMMAND),
          Rule.of("PUT", "/api/v1/meters/*/firmware", MANAGE_FIRMWARE),
          Rule.of("GET", "/api/v1/collection", EVERYONE),
          Rule.of("GET", "/api/v1/meters", VIEW, VIEW_OWN),
          Rule.of("GET", "/api/v1/meters/*/channels", VIEW, VIEW_OWN),
          Rule.of("GET", "/api/v1/meters/*/readings", VIEW, VIEW_OWN),
          Rule.of("GET", "/api/v1/meters/*/registers", VIEW, VIEW_OWN),
          Rule.of("GET", "/api/v1/meters/*/momentary", VIEW, VIEW_OWN),
          Rule.of("GET", "/api/v1/meters/*/outlets", VIEW, VIEW_OWN),
          Rule.of("GET", "/api/v1/meters/*/export", VIEW, VIEW_OWN),
          Rule.of("GET", "/api/v1/service-points/export", VIEW, VIEW_OWN),
          Rule.of("GET", "/api/v1/imports", EVERYONE),
          Rule.of("GET", "/api/v1/imports/*", EVERYONE),
          Rule.of("POST", "/api/v1/imports", MANAGE_METERS),
          Rule.of("POST", "/api/v1/cim/get", EVERYONE),
          Rule.of("POST", "/api/v1/cim/readings", MANAGE_METERS),
          Rule.of("POST", "/api/v1/cim/meters", MANAGE_METERS),
          Rule.people("POST", "/api/v1/cim/controls", COMMAND),
          Rule.of("GET", "/api/v1/third-parties", VIEW, VIEW_OWN),
          Rule.people("POST", "/api/v1/third-parties", SERVE_CUSTOMERS),
          Rule.people("DELETE", "/api/v1/third-parties/*", SERVE_CUSTOMERS),
          Rule.of("GET", "/api/v1/consents", VIEW_OWN),
          Rule.people("POST", "/api/v1/consents", VIEW_OWN),
          Rule.people("DELETE", "/api/v1/consents/*", VIEW_OWN),
          Rule.of("GET", "/api/v1/own/**", VIEW_OWN),
          Rule.people("PUT", "/api/v1/own/budget", VIEW_OWN),
          Rule.people("DELETE", "/api/v1/own/budget", VIEW_OWN),
          Rule.people("POST", "/api/v1/own/erasures", VIEW_OWN),
          // these know third parties by tokens of their own
          Rule.of("POST", "/espi/1_1/oauth/token"),
          Rule.of("GET", "/espi/1_1/resource/Batch/Subscription/*"),
          Rule.of("GET", "/api/v1/meters/**", EVERYONE),
          Rule.of("GET", "/api/v1/events", EVERYONE),
          Rule.of("GET", "/api/v1/waiting", EVERYONE),
          Rule.of("POST", "/api/v1/waiting/*/accept", MANAGE_METERS),
          Rule.of("DELETE", "/api/v1/waiting/*", MANAGE_METERS),
          Rule.of("GET", "/api/v1/zigbee", EVERYONE),
          Rule.of("POST", "/api/v1/zigbee/*/admit", MANAGE_METERS),
          Rule.of("POST", "/api/v1/zigbee/*/permit", MANAGE_METERS),
          Rule.of("DELETE", "/api/v1/zigbee/*/devices/*", MANAGE_METERS),
          Rule.people("POST", "/api/v1/zigbee/*/refresh-key", SECURITY_ADMINISTRATOR),
          Rule.of("GET", "/api/v1/state", EVERYONE),
          Rule.of("GET", "/api/v1/live", EVERYONE),
          Rule.of("GET", "/api/v1/office-key", EVERYONE),
          Rule.of("GET", "/api/v1/users", MANAGE_USERS, MANAGE_ROLES, READ_AUDIT),
          Rule.people("POST", "/api/v1/users", MANAGE_USERS),
          Rule.people("PUT", "/api/v1/users/*/roles", MANAGE_USERS),
          Rule.people("POST", "/api/v1/users/*/password", MANAGE_USERS),
          Rule.people("PUT", "/api/v1/users/*/disabled", MANAGE_USERS),
          Rule.people("DELETE", "/api/v1/users/*/lock", MANAGE_USERS),
          Rule.people("DELETE", "/api/v1/users/*/factor", MANAGE_USERS),
          Rule.of("GET", "/api/v1/users/*/ssh-keys", MANAGE_USERS, READ_AUDIT),
          Rule.people("POST", "/api/v1/users/*/ssh-keys", MANAGE_USERS),
          Rule.people("DELETE", "/api/v1/users/*/ssh-keys", MANAGE_USERS),
          Rule.people("DELETE", "/api/v1/users/*", MANAGE_USERS),
          Rule.of("GET", "/api/v1/users/*/points", SERVE_CUSTOMERS),
          Rule.of("PUT", "/api/v1/users/*/points", SERVE_CUSTOMERS),
          Rule.of("DELETE", "/api/v1/users/*/points", SERVE_CUSTOMERS),
          Rule.of("GET", "/api/v1/accounts", SERVE_CUSTOMERS, BILL),
          Rule.of("POST", "/api/v1/accounts", SERVE_CUSTOMERS),
          Rule.of("GET", "/api/v1/accounts/*", SERVE_CUSTOMERS, BILL),
          Rule.of("PUT", "/api/v1/accounts/*", SERVE_CUSTOMERS),
          Rule.of("GET", "/api/v1/accounts/*/story", SERVE_CUSTOMERS, BILL),
          Rule.of("POST", "/api/v1/accounts/*/note", SERVE_CUSTOMERS, BILL),
          Rule.of("POST", "/api/v1/accounts/*/tariff", SERVE_CUSTOMERS, BILL),
          Rule.of("POST", "/api/v1/accounts/*/*", SERVE_CUSTOMERS),
          Rule.of("PUT", "/api/v1/accounts/*/users/*", SERVE_CUSTOMERS),
          Rule.of("DELETE", "/api/v1/accounts/*/users/*", SERVE_CUSTOMERS),
          Rule.of("GET", "/api/v1/exceptions/**", EVERYONE),
          Rule.people("POST", "/api/v1/exceptions/**", BILL, OPERATOR),
          Rule.of("GET", "/api/v1/validation/runs", EVERYONE),
          Rule.of("POST", "/api/v1/validation/runs", BILL, OPERATOR),
          Rule.of("GET", "/api/v1/work/*/evidence/*", FIELD),
          Rule.of("GET", "/api/v1/work/**", EVERYONE),
          Rule.of("POST", "/api/v1/work/**", FIELD),
          Rule.of("GET", "/api/v1/machines", MANAGE_USERS, READ_AUDIT),
          Rule.people("POST", "/api/v1/machines", MANAGE_USERS),
          Rule.people("DELETE", "/api/v1/machines/*", MANAGE_USERS),
          Rule.of("GET", "/api/v1/oidc-roles", MANAGE_USERS, MANAGE_ROLES, READ_AUDIT),
          Rule.people("PUT", "/api/v1/oidc-roles", MANAGE_USERS),
          Rule.people("DELETE", "/api/v1/oidc-roles", MANAGE_USERS),
          Rule.of("GET", "/api/v1/roles", MANAGE_USERS, MANAGE_ROLES, READ_AUDIT),
          Rule.people("PUT", "/api/v1/roles/*", MANAGE_ROLES),
          Rule.people("DELETE", "/api/v1/roles/*", MANAGE_ROLES),
          Rule.of("GET", "/api/v1/erasures", SECURITY_ADMINISTRATOR, AUDITOR),
          Rule.people("POST", "/api/v1/erasures/*", SECURITY_ADMINISTRATOR),
          Rule.people("POST", "/api/v1/erasures/*/*", SECURITY_ADMINISTRATOR),
          Rule.of("GET", "/api/v1/backups", EVERYONE),
          Rule.people("POST", "/api/v1/backups", OPERATOR, SECURITY_ADMINISTRATOR),
          Rule.people("POST", "/api/v1/backups/check", OPERATOR, SECURITY_ADMINISTRATOR),
          Rule.of("GET", "/api/v1/audit", AUDITOR),
          Rule.of("GET", "/api/v1/audit/key", AUDITOR),
          Rule.of("GET", "/api/v1/audit/checkpoint", AUDITOR),
          Rule.of("GET", "/api/v1/audit/log", AUDITOR),
          Rule.of("GET", "/api/v1/audit/*/proof", AUDITOR),
          Rule.of("GET", "/api/v1/health", READ_HEALTH),
          Rule.of("GET", "/api/v1/metrics", READ_HEALTH),
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
      Sessions sessions,
      MachineDesk machines,
      Oidc oidc,
      ObjectProvider<SessionApi> ways,
      CliToken token,
      DoorTokens doors,
      HttpSessionCsrfTokenRepository csrfTokens,
      JsonMapper json)
      throws Exception {
    new OidcDoor(oidc, ways).into(http);
    PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
    http.addFilterBefore(
            new SessionGate(accounts, sessions, machines, token, doors, json),
            AnonymousAuthenticationFilter.class)
        .addFilterAfter(new BodyLimits(json), AuthorizationFilter.class)
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
                    paths.matcher(HttpMethod.POST, "/api/v1/session"),
                    paths.matcher(HttpMethod.POST, "/api/v1/session/code"),
                    // no session counts there
                    paths.matcher(HttpMethod.POST, "/espi/1_1/oauth/token"),
                    SessionGate::byToken))
        .authorizeHttpRequests(requests -> {
          for (Rule rule : RULES) {
            var matched = requests.requestMatchers(HttpMethod.valueOf(rule.method()), rule.path());
            String[] needed = rule.permissions().stream().map(Enum::name).toArray(String[]::new);
            if (rule.permissions().isEmpty()) {
              matched.permitAll();
            } else if (rule.people()) {
              matched.access(
                  AuthorizationManagers.allOf(
                      AuthorityAuthorizationManager.hasAnyAuthority(needed), WebSecurity::person));
            } else {
              matched.hasAnyAuthority(needed);
            }
          }
          requests.requestMatchers("/api", "/api/**").denyAll();
          requests.requestMatchers("/espi", "/espi/**").denyAll();
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
    return new AuthorizationDecision(asks != null && SessionGate.person(asks.getPrincipal()));
  }

  private static void contentPolicy(
      jakarta.servlet.http.HttpServletRequest request,
      jakarta.servlet.http.HttpServletResponse response) {
    String path = request.getServletPath();
    if ((path.startsWith("/api/") || path.startsWith("/espi/"))
        && response.getHeader("Cache-Control") == null) {
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
                      ? "this token or key may not: act for a person, by --user"
                      : "your roles do not allow this: ask a security administrator");
      Problem.send(response, json, 403, fault);
    };
  }
}

package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Secret;
import org.gridwarden.security.access.Totp;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Logging in by a real OpenID Connect provider, which runs beside. */
class OidcIT {
  private static final String OWN = "walnut ferry meadow 63";

  @TempDir static Path folder;
  private static OidcProvider provider;
  private static RunningServer server;
  private static Api admin;

  @BeforeAll
  static void start() {
    provider = OidcProvider.start();
    server =
        GridwardenServer.start(
            GridwardenConfig.parse(
                    """
                    console:
                      port: 0
                      secondFactor: operator
                      oidc: {issuer: "%s", clientSecret: "env:OIDC", label: The utility's own}
                    channels: {dlms: {plaintext: allowed, tcp: {bind: 127.0.0.1, port: 0}, udp: {bind: 127.0.0.1, port: 0}}}
                    collection: {enabled: false}
                    logging: {level: error}
                    """
                        .formatted(provider.issuer()),
                    "test",
                    Map.of("OIDC", OidcProvider.SECRET))
                .withData(folder.resolve("data")));
    provider.knows(server.url().resolve("/oidc/callback/office").toString());
    admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    admin.logIn("admin", first);
    assertThat(admin.changePassword(first, OWN).statusCode()).isEqualTo(200);
    gives("groups", "control-room", "operator");
    gives("groups", "front-desk", "viewer");
    gives("groups", "internal-audit", "auditor");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (provider != null) {
      provider.close();
    }
  }

  private static void gives(String claim, String value, String role) {
    String body = Api.JSON.writeValueAsString(Map.of("claim", claim, "value", value, "role", role));
    assertThat(admin.call("PUT", "/api/v1/oidc-roles", body).statusCode()).isEqualTo(200);
  }

  /** A browser that follows where it is sent, as far as the office's own pages. */
  private static final class Browser implements AutoCloseable {
    private final HttpClient client =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .sslContext(Api.trusting(server))
            .connectTimeout(Duration.ofSeconds(20))
            .build();

    HttpResponse<String> get(URI address) throws IOException, InterruptedException {
      return client.send(
          HttpRequest.newBuilder(address)
              .timeout(Duration.ofSeconds(60))
              .header(
                  "Accept",
                  address.getPath().startsWith("/api/") ? "application/json" : "text/html")
              .GET()
              .build(),
          BodyHandlers.ofString());
    }

    HttpResponse<String> post(URI address, String type, String body, String csrf)
        throws IOException, InterruptedException {
      HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(60));
      request.header("Content-Type", type).header("X-CSRF-TOKEN", csrf);
      return client.send(
          request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    /** To the provider, in as somebody, and back; where the office sends the browser then. */
    String logIn(String user) throws IOException, InterruptedException {
      return follow(callback(user));
    }

    /** As far as the address to which the provider sends the browser back. */
    URI callback(String user) throws IOException, InterruptedException {
      URI at = server.url().resolve("/oidc/start/office");
      HttpResponse<String> answer = get(at);
      for (int hops = 0; hops < 8; hops++) {
        assertThat(answer.statusCode()).as(at + " " + answer.body()).isEqualTo(302);
        at = at.resolve(answer.headers().firstValue("Location").orElseThrow());
        if (at.getPath().startsWith("/oidc/callback/")) {
          return at;
        }
        if (at.getPath().equals("/login")) {
          assertThat(at.getPort()).isEqualTo(URI.create(provider.issuer()).getPort());
          String form =
              "username="
                  + URLEncoder.encode(user, StandardCharsets.UTF_8)
                  + "&password="
                  + OidcProvider.PASSWORD;
          answer = post(at, "application/x-www-form-urlencoded", form, "");
        } else {
          if (at.getPath().endsWith("/authorize")) {
            assertThat(at.getQuery()).contains("code_challenge_method=S256", "nonce=", "state=");
          }
          answer = get(at);
        }
      }
      throw new AssertionError("no end of redirections at " + at);
    }

    String follow(URI callback) throws IOException, InterruptedException {
      HttpResponse<String> back = get(callback);
      assertThat(back.statusCode()).as(back.body()).isEqualTo(302);
      URI to = callback.resolve(back.headers().firstValue("Location").orElseThrow());
      assertThat(to.getAuthority()).isEqualTo(server.url().getAuthority());
      return to.getRawPath() + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery());
    }

    HttpResponse<String> api(String path) throws IOException, InterruptedException {
      return get(server.url().resolve("/api/v1" + path));
    }

    @Override
    public void close() {
      client.close();
    }
  }

  @Test
  @DisplayName("C29 who comes from the provider has the roles that its words give, and no others")
  void claimsGiveRoles() throws Exception {
    JsonNode ways = Api.json(new Api(server).get("/api/v1/session/ways"));
    assertThat(ways.get("label").asString()).isEqualTo("The utility's own");
    assertThat(ways.get("start").asString()).isEqualTo("/oidc/start/office");
    try (Browser vera = new Browser()) {
      assertThat(vera.logIn("vera")).isEqualTo("/");
      JsonNode who = Api.json(vera.api("/session"));
      assertThat(who.get("user").asString()).isEqualTo("vera");
      assertThat(who.get("roles").toString()).isEqualTo("[\"VIEWER\"]");
      assertThat(vera.api("/meters").statusCode()).isEqualTo(200);
      assertThat(vera.api("/users").statusCode()).isEqualTo(403);
    }
    // known to the provider, and of no word that means anything here
    try (Browser stranger = new Browser()) {
      assertThat(stranger.logIn("stranger")).isEqualTo("/login?sso=role");
      assertThat(stranger.api("/session").statusCode()).isEqualTo(401);
    }
    assertThat(admin.get("/api/v1/users").body()).doesNotContain("stranger");
    // duties stay apart, whatever a provider says
    try (Browser both = new Browser()) {
      assertThat(both.logIn("both")).isEqualTo("/login?sso=roles");
      assertThat(both.api("/session").statusCode()).isEqualTo(401);
    }
  }

  @Test
  @DisplayName("C29 a provider's user takes no local user's name, and no password opens for them")
  void noOthersName() throws Exception {
    try (Browser impostor = new Browser()) {
      assertThat(impostor.logIn("admin")).isEqualTo("/login?sso=user");
      assertThat(impostor.api("/session").statusCode()).isEqualTo(401);
    }
    try (Browser willa = new Browser()) {
      assertThat(willa.logIn("willa")).isEqualTo("/");
      assertThat(admin.post("/api/v1/users/willa/password", "").statusCode()).isEqualTo(409);
      assertThat(new Api(server).logIn("willa", OidcProvider.PASSWORD).statusCode()).isEqualTo(401);
      assertThat(new Api(server).logIn("willa", "").statusCode()).isEqualTo(400);
      String off = "{\"disabled\":true}";
      assertThat(admin.call("PUT", "/api/v1/users/willa/disabled", off).statusCode())
          .isEqualTo(200);
      assertThat(willa.api("/session").statusCode()).as("out at once").isEqualTo(401);
      assertThat(willa.logIn("willa")).isEqualTo("/login?sso=disabled");
    }
  }

  @Test
  @DisplayName("C29 the local second factor is asked unless the provider says that one was shown")
  void secondFactor() throws Exception {
    try (Browser olivia = new Browser()) {
      assertThat(olivia.logIn("olivia-mfa")).isEqualTo("/");
      assertThat(Api.json(olivia.api("/session")).get("mustEnrol").asBoolean()).isFalse();
      assertThat(olivia.api("/meters").statusCode()).as("amr says otp").isEqualTo(200);
    }
    try (Browser oscar = new Browser()) {
      assertThat(oscar.logIn("oscar")).isEqualTo("/");
      JsonNode who = Api.json(oscar.api("/session"));
      assertThat(who.get("mustEnrol").asBoolean()).isTrue();
      assertThat(oscar.api("/meters").statusCode()).isEqualTo(403);
      String csrf = who.get("csrf").asString();
      URI factor = server.url().resolve("/api/v1/session/factor");
      Secret secret =
          SecondFactorIT.secret(
              Api.json(oscar.post(factor, "application/json", "", csrf)).get("secret").asString());
      String code = Totp.code(secret, Totp.step(Instant.now()));
      HttpResponse<String> on =
          oscar.post(
              server.url().resolve("/api/v1/session/factor/confirm"),
              "application/json",
              "{\"code\":\"" + code + "\"}",
              csrf);
      assertThat(on.statusCode()).as(on.body()).isEqualTo(200);
      assertThat(oscar.api("/meters").statusCode()).isEqualTo(200);

      assertThat(oscar.logIn("oscar")).isEqualTo("/login?sso=code");
      assertThat(oscar.api("/meters").statusCode()).isEqualTo(401);
      URI show = server.url().resolve("/api/v1/session/code");
      assertThat(oscar.post(show, "application/json", "{\"code\":\"000000\"}", "").statusCode())
          .isEqualTo(401);
      String next = Totp.code(secret, Totp.step(Instant.now()) + 1);
      HttpResponse<String> in =
          oscar.post(show, "application/json", "{\"code\":\"" + next + "\"}", "");
      assertThat(in.statusCode()).as(in.body()).isEqualTo(200);
      assertThat(oscar.api("/meters").statusCode()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("C29 an answer of the provider opens once, and only in the browser that asked")
  void boundToTheBrowser() throws Exception {
    try (Browser victim = new Browser();
        Browser thief = new Browser()) {
      URI callback = victim.callback("vera");
      assertThat(thief.follow(callback)).isEqualTo("/login?sso=refused");
      assertThat(thief.api("/session").statusCode()).isEqualTo(401);
      assertThat(victim.follow(callback)).isEqualTo("/");
      assertThat(victim.follow(callback)).as("again").isEqualTo("/login?sso=refused");
    }
  }

  @Test
  void loggingOutEndsTheProvidersSessionToo() throws Exception {
    try (Browser vera = new Browser()) {
      assertThat(vera.logIn("vera")).isEqualTo("/");
      String csrf = Api.json(vera.api("/session")).get("csrf").asString();
      HttpResponse<String> out =
          vera.client.send(
              HttpRequest.newBuilder(server.url().resolve("/api/v1/session"))
                  .header("X-CSRF-TOKEN", csrf)
                  .DELETE()
                  .build(),
              BodyHandlers.ofString());
      assertThat(out.statusCode()).isEqualTo(200);
      assertThat(Api.json(out).get("next").asString())
          .startsWith(provider.issuer() + "/connect/logout?id_token_hint=");
      assertThat(vera.api("/session").statusCode()).isEqualTo(401);
    }
  }

  @Test
  @DisplayName("C28 a role that the provider takes away is gone with the next log-in")
  void rolesFollow() throws Exception {
    List<String> before = provider.groups("mover", "front-desk", "control-room");
    assertThat(before).isEmpty();
    try (Browser mover = new Browser()) {
      assertThat(mover.logIn("mover")).isEqualTo("/");
      assertThat(Api.json(mover.api("/session")).get("roles").toString())
          .isEqualTo("[\"OPERATOR\",\"VIEWER\"]");
    }
    provider.groups("mover", "front-desk");
    try (Browser mover = new Browser()) {
      assertThat(mover.logIn("mover")).isEqualTo("/");
      assertThat(Api.json(mover.api("/session")).get("roles").toString()).isEqualTo("[\"VIEWER\"]");
    }
  }
}

package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Machines by key and by certificate, against a server that asks for certificates. */
class MachinesIT {
  private static final String OWN = "walnut ferry meadow 63";

  @TempDir static Path folder;
  private static RunningServer server;
  private static Api admin;

  @BeforeAll
  static void start() {
    server =
        GridwardenServer.start(
            GridwardenConfig.parse(
                    """
                    console: {port: 0, clientCertificates: true}
                    channels: {dlms: {plaintext: allowed, tcp: {bind: 127.0.0.1, port: 0}, udp: {bind: 127.0.0.1, port: 0}}}
                    collection: {enabled: false}
                    logging: {level: error}
                    """,
                    "test",
                    Map.of())
                .withData(folder.resolve("data")));
    admin = new Api(server);
    String first = server.adminPassword().orElseThrow();
    admin.logIn("admin", first);
    assertThat(admin.changePassword(first, OWN).statusCode()).isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> add(Map<String, ?> machine) {
    return admin.post("/api/v1/machines", Api.JSON.writeValueAsString(machine));
  }

  private static HttpResponse<String> ask(String header, String value, String method, String path) {
    Api api = new Api(server);
    return api.send(
        api.request(path)
            .header(header, value)
            .method(method, HttpRequest.BodyPublishers.noBody()));
  }

  @Test
  @DisplayName("C28 C29 a machine's key opens what it may until it is revoked, and is no person")
  void key() throws Exception {
    HttpResponse<String> made =
        add(Map.of("name", "scada", "permissions", List.of("view", "operate")));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String key = Api.json(made).get("key").asString();
    assertThat(key).matches("gw_[a-z2-9]{12}_[a-z2-9]{40}");
    for (String header : List.of("X-Api-Key", "Authorization")) {
      String shown = header.equals("Authorization") ? "Bearer " + key : key;
      assertThat(ask(header, shown, "GET", "/api/v1/meters").statusCode()).isEqualTo(200);
      assertThat(ask(header, shown, "GET", "/api/v1/users").statusCode()).isEqualTo(403);
      assertThat(ask(header, shown, "POST", "/api/v1/commands").statusCode())
          .as("people only")
          .isEqualTo(403);
      assertThat(ask(header, shown, "GET", "/api/v1/session").statusCode())
          .as("no session")
          .isEqualTo(401);
      assertThat(ask(header, shown, "POST", "/api/v1/alarms/0/acknowledge").statusCode())
          .as("no CSRF token is asked of it")
          .isEqualTo(404);
    }
    String wrong = key.substring(0, key.length() - 1) + (key.endsWith("a") ? "b" : "a");
    assertThat(ask("X-Api-Key", wrong, "GET", "/api/v1/meters").statusCode()).isEqualTo(401);
    assertThat(ask("X-Api-Key", "gw_", "GET", "/api/v1/meters").statusCode()).isEqualTo(401);

    JsonNode listed = Api.json(admin.get("/api/v1/machines")).get("items").get(0);
    assertThat(listed.get("lastUsed").isString()).isTrue();
    assertThat(listed.toString()).doesNotContain(key.substring(16));
    assertThat(admin.call("DELETE", "/api/v1/machines/scada", "").statusCode()).isEqualTo(204);
    assertThat(ask("X-Api-Key", key, "GET", "/api/v1/meters").statusCode()).isEqualTo(401);
    assertThat(add(Map.of("name", "scada", "permissions", List.of("view"))).statusCode())
        .as("a name is given once")
        .isEqualTo(409);
  }

  @Test
  @DisplayName("C28 no machine commands, releases, grants, or both acts and audits")
  void never() {
    for (List<String> permissions :
        List.of(
            List.of("COMMAND"),
            List.of("APPROVE"),
            List.of("MANAGE_USERS"),
            List.of("MANAGE_KEYS"),
            List.of("VIEW_OWN"),
            List.of("OPERATE", "READ_AUDIT"),
            List.<String>of())) {
      HttpResponse<String> refused = add(Map.of("name", "never", "permissions", permissions));
      assertThat(refused.statusCode()).as("%s", permissions).isEqualTo(400);
    }
  }

  @Test
  @DisplayName("C29 a machine that asks too often is told to wait")
  void rate() {
    HttpResponse<String> made =
        add(Map.of("name", "greedy", "permissions", List.of("VIEW"), "perMinute", 3));
    String key = Api.json(made).get("key").asString();
    List<Integer> answers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      answers.add(ask("X-Api-Key", key, "GET", "/api/v1/state").statusCode());
    }
    assertThat(answers.subList(0, 3)).containsOnly(200);
    HttpResponse<String> more = ask("X-Api-Key", key, "GET", "/api/v1/state");
    assertThat(more.statusCode()).isEqualTo(429);
    assertThat(more.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 61L);
  }

  @Test
  @DisplayName("C37 mutual TLS: a registered certificate with its name is a machine, no other is")
  void certificate() throws Exception {
    Instant now = Instant.now();
    KeyPair pair = pair();
    X509Certificate mine = issued(pair, now.minusSeconds(60), now.plusSeconds(3600));
    KeyPair old = pair();
    X509Certificate expired = issued(old, now.minusSeconds(7200), now.minusSeconds(3600));
    KeyPair other = pair();
    X509Certificate strange = issued(other, now.minusSeconds(60), now.plusSeconds(3600));
    HttpResponse<String> made =
        add(
            Map.of(
                "name", "historian",
                "permissions", List.of("VIEW"),
                "certificate", MachineDesk.sha256(mine.getEncoded())));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(Api.json(made).get("key").isNull()).isTrue();
    add(
        Map.of(
            "name", "old",
            "permissions", List.of("VIEW"),
            "certificate", MachineDesk.sha256(expired.getEncoded())));
    assertThat(by(pair, mine, "historian")).isEqualTo(200);
    assertThat(by(pair, mine, "old")).as("another's name").isEqualTo(401);
    assertThat(by(pair, mine, "")).as("no name: a browser's, perhaps").isEqualTo(401);
    assertThat(by(other, strange, "historian")).as("not registered").isEqualTo(401);
    assertThat(by(old, expired, "old")).as("expired").isEqualTo(401);
    assertThat(admin.call("DELETE", "/api/v1/machines/historian", "").statusCode()).isEqualTo(204);
    assertThat(by(pair, mine, "historian")).as("revoked").isEqualTo(401);
  }

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static X509Certificate issued(KeyPair pair, Instant from, Instant to) throws Exception {
    X500Name name = new X500Name("CN=machine");
    byte[] der =
        new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(64, new java.util.Random(7)),
                Date.from(from),
                Date.from(to),
                name,
                pair.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
            .getEncoded();
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static int by(KeyPair pair, X509Certificate certificate, String name) throws Exception {
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry("own", pair.getPrivate(), new char[0], new Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, new char[0]);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (var in = Files.newInputStream(server.data().resolve("console/console.crt"))) {
      trusted.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(server.url().resolve("/api/v1/meters"))
              .timeout(Duration.ofSeconds(30));
      if (!name.isEmpty()) {
        request.header("X-Machine", name);
      }
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }
}

package org.gridwarden.server;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client with its own cookies, which trusts the server's own certificate and no other. */
final class Api {
  static final JsonMapper JSON = JsonMapper.shared();

  private final URI url;
  private final HttpClient client;
  private String csrf = "";
  private String bearer = "";

  Api(RunningServer server) {
    this.url = server.url();
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .connectTimeout(Duration.ofSeconds(10));
    if (url.getScheme().equals("https")) {
      builder.sslContext(trusting(server));
    } else {
      builder.version(HttpClient.Version.HTTP_1_1); // no upgrade amid a body
    }
    this.client = builder.build();
  }

  static SSLContext trusting(RunningServer server) {
    try (var in = Files.newInputStream(server.data().resolve("console/console.crt"))) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  HttpClient client() {
    return client;
  }

  Api withToken(String token) {
    bearer = token;
    return this;
  }

  /** Without the token of this session from now on. */
  Api forgetCsrf() {
    csrf = "";
    return this;
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(30));
    if (!csrf.isEmpty()) {
      request.header("X-CSRF-TOKEN", csrf);
    }
    if (!bearer.isEmpty()) {
      request.header("Authorization", "Bearer " + bearer);
    }
    return request;
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpResponse<String> call(String method, String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  HttpResponse<String> post(String path, String body) {
    return call("POST", path, body);
  }

  HttpResponse<String> logIn(String user, String password) {
    return logIn(java.util.Map.of("user", user, "password", password));
  }

  HttpResponse<String> logIn(java.util.Map<String, String> shown) {
    csrf = "";
    return keep(post("/api/v1/session", JSON.writeValueAsString(shown)));
  }

  /** A session that another answer than log-in's told of. */
  void take(JsonNode session) {
    csrf = session.get("csrf").asString();
  }

  HttpResponse<String> changePassword(String old, String fresh) {
    return keep(
        post(
            "/api/v1/session/password",
            JSON.writeValueAsString(java.util.Map.of("old", old, "new", fresh))));
  }

  private HttpResponse<String> keep(HttpResponse<String> response) {
    if (response.statusCode() == 200) {
      csrf = json(response).get("csrf").asString();
    }
    return response;
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }
}

package org.gridwarden.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running server over its REST API. Not thread-safe. */
final class OfficeClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration ANSWER = Duration.ofMinutes(5);

  private final HttpClient http;
  private final CookieManager cookies;
  private final String address;
  private final String base;
  private Map<String, String> shown;
  private Optional<String> keptFor = Optional.empty();
  private boolean renewed;

  private OfficeClient(
      HttpClient http, CookieManager cookies, String address, Map<String, String> shown) {
    this.http = http;
    this.cookies = cookies;
    this.address = address;
    this.base = address.replaceAll("/+$", "") + "/api/v1";
    this.shown = shown;
  }

  /**
   * A client for a server.
   *
   * @param url its address
   * @param fingerprint the SHA-256 of its certificate, which is then the only one taken; where
   *     empty, the certificate must be one that Java trusts
   * @param tokenFile holds the token
   */
  static OfficeClient of(String url, Optional<String> fingerprint, Path tokenFile) {
    String token;
    try {
      token = Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new Failure(
          "cannot read the token in " + tokenFile + "; run this as the user that runs the server");
    }
    return of(url, fingerprint, Map.of("Authorization", "Bearer " + token));
  }

  /** A client that shows a token. */
  static OfficeClient bearing(String url, Optional<String> fingerprint, String token) {
    return of(url, fingerprint, Map.of("Authorization", "Bearer " + token));
  }

  /**
   * A client that acts for a person, who is logged in at once and logged out by {@link #close}.
   *
   * @param fresh the password from now on; where empty, the old one stays
   */
  static OfficeClient login(
      String url,
      Optional<String> fingerprint,
      String user,
      String password,
      Optional<String> fresh) {
    return login(url, fingerprint, user, password, fresh, Optional::empty, Optional::empty);
  }

  /**
   * The same for a person with a second factor, or with a first password.
   *
   * @param code asked for a code where the server wants one; empty where nobody is there to say it
   * @param first asked for a new password where a first one is to be changed; empty where nobody is
   *     there to say it
   */
  static OfficeClient login(
      String url,
      Optional<String> fingerprint,
      String user,
      String password,
      Optional<String> fresh,
      Supplier<Optional<String>> code,
      Supplier<Optional<String>> first) {
    OfficeClient client = of(url, fingerprint, Map.of());
    JsonNode answer;
    try {
      answer = client.post("/session", Map.of("user", user, "password", password));
    } catch (Failure e) {
      if (!e.where().equals("code")) {
        throw e;
      }
      String shown =
          code.get()
              .orElseThrow(() ->
                  new Failure(
                      user
                          + " has a second factor: give its code, by --code file:PATH or env:NAME"));
      answer = client.post("/session", Map.of("user", user, "password", password, "code", shown));
    }
    client.session(answer);
    boolean must = answer.path("mustChangePassword").asBoolean();
    Optional<String> next = fresh.isEmpty() && must ? first.get() : fresh;
    boolean open = false;
    try {
      if (next.isPresent()) {
        client.session(
            client.post("/session/password", Map.of("old", password, "new", next.get())));
      } else if (must) {
        throw new Failure(
            user
                + " has a first password: change it by './gridwarden login --user "
                + user
                + "', in the console, or by --new-password file:PATH");
      }
      open = true;
      return client;
    } finally {
      if (!open) {
        client.close();
      }
    }
  }

  /** A client by a session that was kept, if there is one that the server still knows. */
  static Optional<OfficeClient> kept(String url, Optional<String> fingerprint, String user) {
    OfficeClient client = of(url, fingerprint, Map.of());
    Optional<Map<String, String>> header = KeptSessions.usual().find(url, user, client.cookies);
    if (header.isPresent()) {
      client.shown = header.get();
      client.keptFor = Optional.of(user);
      try {
        JsonNode who = client.get("/session");
        // a name is whatever case it was typed in
        if (who.path("user").asString("").equalsIgnoreCase(user)
            && !who.path("mustChangePassword").asBoolean()) {
          return Optional.of(client);
        }
      } catch (Failure e) {
        if (!e.where().equals("session")) {
          client.http.close();
          throw e;
        }
      }
      KeptSessions.usual().forget(url, user);
    }
    client.http.close();
    return Optional.empty();
  }

  /** Keeps the session beyond this client. */
  void keep(String user) {
    keptFor = Optional.of(user);
    renewed = true;
  }

  /** Ends the session with this client, kept or not. */
  void end() {
    keptFor.ifPresent(user -> KeptSessions.usual().forget(address, user));
    keptFor = Optional.empty();
  }

  /** Another session than before, in the place of the one that was. */
  void session(JsonNode answer) {
    shown = Map.of(answer.path("csrfHeader").asString(), answer.path("csrf").asString());
    renewed = true;
  }

  /** The answer to a POST of a JSON object. */
  JsonNode post(String path, Map<String, ?> body) {
    return post(path, "application/json", JsonMapper.shared().writeValueAsBytes(body));
  }

  private static OfficeClient of(
      String url, Optional<String> fingerprint, Map<String, String> shown) {
    // without TLS an upgrade to HTTP/2 would have the server buffer the body, of which it takes 4
    // KB
    CookieManager cookies = new CookieManager();
    HttpClient.Builder http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(cookies)
            .connectTimeout(CONNECT);
    fingerprint.ifPresent(f -> http.sslContext(PinnedCertificate.context(f)));
    return new OfficeClient(http.build(), cookies, url, shown);
  }

  /** The answer to a GET as JSON. */
  JsonNode get(String path) {
    return json(send(request(path).GET().header("Accept", "application/json").build()));
  }

  /** The answer to a POST as JSON; an empty answer is an empty object. */
  JsonNode post(String path, String contentType, byte[] body) {
    return json(
        send(
            request(path)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .header("Content-Type", contentType)
                .header("Accept", "application/json")
                .build()));
  }

  /**
   * The answer to a POST of a file as JSON; it is sent as it is read.
   *
   * @param sent told how many bytes have been
   */
  JsonNode postFile(String path, String contentType, Path file, LongConsumer sent)
      throws IOException {
    long size = Files.size(file);
    HttpRequest.BodyPublisher body =
        HttpRequest.BodyPublishers.fromPublisher(
            HttpRequest.BodyPublishers.ofInputStream(() -> told(file, sent)), Math.max(1, size));
    if (size == 0) {
      body = HttpRequest.BodyPublishers.noBody();
    }
    return json(
        send(
            request(path)
                .POST(body)
                .header("Content-Type", contentType)
                .header("Accept", "application/json")
                .build()));
  }

  private static InputStream told(Path file, LongConsumer sent) {
    try {
      return new FilterInputStream(Files.newInputStream(file)) {
        private long count;

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
          int n = in.read(into, from, length);
          count += Math.max(0, n);
          sent.accept(count);
          return n;
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer to a POST of nothing, as text. */
  String postForText(String path, String contentType) {
    HttpRequest request =
        request(path)
            .POST(HttpRequest.BodyPublishers.noBody())
            .header("Accept", contentType)
            .build();
    try (InputStream body = send(request).body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Failure("the server broke off: " + e.getMessage());
    }
  }

  /** The answer to a PUT of a JSON object. */
  JsonNode put(String path, Map<String, ?> body) {
    return json(
        send(
            request(path)
                .PUT(
                    HttpRequest.BodyPublishers.ofByteArray(
                        JsonMapper.shared().writeValueAsBytes(body)))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .build()));
  }

  /** The answer to a DELETE. */
  void delete(String path) {
    json(send(request(path).DELETE().build()));
  }

  /** The answer to a GET as it comes; the caller closes it. */
  InputStream stream(String path, String contentType) {
    return send(request(path).GET().header("Accept", contentType).build()).body();
  }

  /** The answer to a GET as text. */
  String text(String path, String contentType) {
    try (InputStream body = stream(path, contentType)) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Failure("the server broke off: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    if (keptFor.isPresent()) {
      if (renewed) {
        KeptSessions.usual().keep(address, keptFor.get(), cookies, shown);
      }
    } else if (!shown.isEmpty() && !shown.containsKey("Authorization")) {
      try {
        delete("/session");
      } catch (Failure e) {
        // the session ends by itself
      }
    }
    http.close();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER);
    shown.forEach(request::header);
    return request;
  }

  private HttpResponse<InputStream> send(HttpRequest request) {
    try {
      HttpResponse<InputStream> answer =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() >= 400) {
        throw refused(answer);
      }
      return answer;
    } catch (ConnectException e) {
      throw new Failure("no server answers at " + base + "; is it running? start it first");
    } catch (IOException e) {
      throw new Failure("the server at " + base + " broke off: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted");
    }
  }

  private static JsonNode json(HttpResponse<InputStream> answer) {
    try (InputStream body = answer.body()) {
      byte[] bytes = body.readAllBytes();
      return bytes.length == 0
          ? JsonMapper.shared().createObjectNode()
          : JsonMapper.shared().readTree(bytes);
    } catch (IOException | JacksonException e) {
      throw new Failure("the server's answer was broken: " + e.getMessage());
    }
  }

  /** Turns a problem+json into one line. */
  private static Failure refused(HttpResponse<InputStream> answer) throws IOException {
    try (InputStream body = answer.body()) {
      String text = new String(body.readNBytes(65_536), StandardCharsets.UTF_8);
      JsonNode problem = JsonMapper.shared().readTree(text);
      // its one sentence holds the place and the remedy
      String detail = problem.path("detail").asString(problem.path("title").asString(""));
      return new Failure(
          "the server refused (" + answer.statusCode() + "): " + detail,
          Gridwarden.FAILED,
          problem.path("where").asString(""));
    } catch (JacksonException e) {
      return new Failure("the server refused with status " + answer.statusCode());
    }
  }
}

package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over plain HTTP on loopback, so that the test sees each byte that leaves. */
class BodyLimitsIT {
  private static final long MOST_SENT = 512L << 20;
  private static final int AT_ONCE = 16;

  @TempDir static Path folder;
  private static RunningServer server;
  private static String token;

  @BeforeAll
  static void start() throws IOException {
    server =
        GridwardenServer.start(
            GridwardenConfig.parse(
                    """
                    console: {port: 0, plaintext: true}
                    channels:
                      dlms:
                        plaintext: allowed
                        tcp: {bind: 127.0.0.1, port: 0}
                        udp: {bind: 127.0.0.1, port: 0}
                    collection: {enabled: false}
                    logging: {level: warn}
                    """,
                    "test",
                    Map.of())
                .withData(folder.resolve("data")));
    token = Files.readString(server.data().resolve("cli-token")).strip();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /**
   * What became of an endless body.
   *
   * @param sent how many bytes went into the socket before it was cut
   * @param answer all that came back
   */
  private record Cut(long sent, String answer) {}

  private static Cut endless(String start, String more, String path) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.url().getPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("PUT "
                  + path
                  + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                  + token
                  + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      byte[] first = chunk(start);
      byte[] next = chunk(more.repeat(Math.max(1, (64 << 10) / more.length())));
      long sent = 0;
      try {
        out.write(first);
        while (sent < MOST_SENT) {
          out.write(next);
          sent += next.length;
        }
      } catch (IOException e) {
        // cut: the server reads no more
      }
      StringBuilder answer = new StringBuilder();
      try {
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (int c = in.read(); c >= 0 && answer.length() < 4096; c = in.read()) {
          answer.append((char) c);
        }
      } catch (IOException e) {
        // reset after, or before, the answer could be read
      }
      return new Cut(sent, answer.toString());
    }
  }

  private static byte[] chunk(String text) {
    return (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  @DisplayName("C39: endless chunked bodies are cut at the limit, and leave the heap as it was")
  void endlessBodies() throws Exception {
    String path = "/api/v1/meters/NONE/reach";
    // warm: classes and buffers of the first request are no growth
    assertThat(endless("{\"address\":\"", "a", path).sent()).isLessThan(MOST_SENT);
    long before = used();
    List<Callable<Cut>> floods = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      // one endless text, endless members, endless white space, endless depth
      String[] kind =
          switch (i % 4) {
            case 0 -> new String[] {"{\"address\":\"", "a"};
            case 1 -> new String[] {"{\"address\":\"x\"", ",\"address\":\"x\""};
            case 2 -> new String[] {"{", " "};
            default -> new String[] {"[", "["};
          };
      floods.add(() -> endless(kind[0], kind[1], path));
    }
    List<Cut> cuts = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Cut> cut : threads.invokeAll(floods, 120, TimeUnit.SECONDS)) {
        cuts.add(cut.get());
      }
    }
    // the limit, what the container swallows to be polite (2 MiB), and the sockets' buffers
    assertThat(cuts).allSatisfy(cut -> assertThat(cut.sent()).isLessThan(32L << 20));
    assertThat(used() - before).isLessThan(16L << 20);
    assertThat(new Api(server).withToken(token).get("/api/v1/state").statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("C39: a chunked body above the limit is refused by 413, with limit and remedy")
  void tooLongInChunks() {
    String much = "{\"address\":\"" + "a".repeat((1 << 20) + 1) + "\"}";
    Api api = new Api(server).withToken(token);
    HttpResponse<String> answer =
        api.send(
            api.request("/api/v1/meters/NONE/reach")
                .header("Content-Type", "application/json")
                .PUT(
                    BodyPublishers.ofByteArrays(
                        List.of(much.getBytes(StandardCharsets.US_ASCII)))));
    assertRefused(answer, 1 << 20);
  }

  @Test
  @DisplayName("C39: a body whose declared length is above the limit is refused before it is read")
  void tooLongDeclared() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.url().getPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("PUT /api/v1/meters/NONE/reach HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                      + token
                      + "\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[1024];
      int got = socket.getInputStream().read(answer);
      assertThat(new String(answer, 0, got, StandardCharsets.UTF_8)).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  @DisplayName("C39: whoever may not send a body is refused before its length matters")
  void authenticationFirst() {
    Api nobody = new Api(server);
    HttpResponse<String> answer =
        nobody.call("PUT", "/api/v1/meters/NONE/reach", "a".repeat(2 << 20));
    assertThat(answer.statusCode()).isEqualTo(403);
    HttpResponse<String> logIn =
        nobody.post("/api/v1/session", "{\"user\":\"" + "a".repeat(17 << 10) + "\"}");
    assertRefused(logIn, 16 << 10);
  }

  @Test
  @DisplayName("C39: 10,000 signatures fit")
  void whatMayBeLongIs() {
    char[] id = new char[36];
    Arrays.fill(id, 'a');
    long signing =
        10_000L * ("{\"id\":\"" + new String(id) + "\",\"signature\":\"").length()
            + 10_000L * (88 + 4);
    assertThat(BodyLimits.most("/api/v1/commands/sign")).isGreaterThan(signing);
    assertThat(BodyLimits.most("/api/v1/users")).isEqualTo(BodyLimits.USUAL);
  }

  private static void assertRefused(HttpResponse<String> answer, long most) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(Api.json(answer).get("where").asString()).isEqualTo("body");
    assertThat(Api.json(answer).get("remedy").asString())
        .contains("at most " + most + " bytes")
        .contains("send fewer");
  }
}

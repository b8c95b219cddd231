package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.SOON;
import static org.gridwarden.channel.coap.TestOffice.usage;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.message.Form;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Debian's curl asks the office's CoAP resources by HTTP (RFC 8075). */
class ProxyIT {
  private static final String USAGE = "/hc/coap://localhost/gw/usage";
  private static final String LINKS = "/hc/coap://localhost/.well-known/core";
  private static final String COSE = "Content-Type: application/cose; cose-type=\"cose-encrypt0\"";

  @TempDir Path folder;

  static TestOffice office(AdmissionLimits limits) throws Exception {
    return new TestOffice("udp", Map.of("proxy", Map.of("port", 0, "security", "none")), limits);
  }

  private static TestOffice office() throws Exception {
    return office(AdmissionLimits.defaults());
  }

  /** What curl was answered. */
  private record Said(int status, String head, String body) {
    Optional<String> field(String name) {
      var found = Pattern.compile("(?im)^" + name + ": (.*?)\r?$").matcher(head);
      return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
  }

  private final class Curl {
    private final Process process;
    private final Path head;
    private final Path body;
    private final Path told;

    Curl(TestOffice office, String path, String... more) throws Exception {
      head = Files.createTempFile(folder, "head", "");
      body = Files.createTempFile(folder, "body", "");
      told = Files.createTempFile(folder, "told", "");
      List<String> command =
          new ArrayList<>(
              List.of(
                  "curl",
                  "-sS",
                  "--path-as-is",
                  "-D",
                  head.toString(),
                  "-o",
                  body.toString(),
                  "-w",
                  "%{http_code}"));
      command.addAll(List.of(more));
      command.add("http://127.0.0.1:" + office.proxyPort() + path);
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(told.toFile())
              .start();
    }

    Said said() throws Exception {
      try {
        assertThat(process.waitFor(SOON.toSeconds() * 3, TimeUnit.SECONDS)).isTrue();
        return new Said(
            Integer.parseInt(Files.readString(told).strip()),
            Files.readString(head, StandardCharsets.ISO_8859_1),
            Files.readString(body, StandardCharsets.ISO_8859_1));
      } finally {
        process.destroyForcibly();
      }
    }
  }

  private Said curl(TestOffice office, String path, String... more) throws Exception {
    return new Curl(office, path, more).said();
  }

  private String file(byte[] bytes) throws Exception {
    Path file = Files.createTempFile(folder, "message", "");
    Files.write(file, bytes);
    return "@" + file;
  }

  private String message(TestOffice office, long wattHours) throws Exception {
    return file(office.end(A).seal(Form.SENML_CBOR, usage(A, wattHours)));
  }

  @Test
  @DisplayName("S29: a meter's message posted by curl is stored, and answered after the commit")
  void aMessageIsStored() throws Exception {
    try (TestOffice office = office()) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      String message = message(office, 117);
      Curl posting = new Curl(office, USAGE, "-H", COSE, "--data-binary", message);
      await().atMost(SOON).until(() -> !office.submitted.isEmpty());
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      assertThat(office.submitted.getFirst().id().meter()).isEqualTo(A);
      assertThat(posting.process.isAlive()).isTrue();
      assertThat(Files.size(posting.head)).isZero();
      commit.complete(new Outcome.Stored());
      assertThat(posting.said().status()).isEqualTo(204);
      assertThat(office.proxy.orElseThrow().tally().of(Tally.What.STORED)).isEqualTo(1);

      office.held = Optional.of(CompletableFuture.completedFuture(new Outcome.Duplicate()));
      assertThat(curl(office, USAGE, "-H", COSE, "--data-binary", message).status()).isEqualTo(204);
    }
  }

  @Test
  void whatIntakeSaysIsMapped() throws Exception {
    try (TestOffice office = office()) {
      office.held =
          Optional.of(
              CompletableFuture.completedFuture(
                  new Outcome.Refused(new Fault(Fault.Code.REPLAYED, "here", "nothing"))));
      String[] post = {"-H", COSE, "--data-binary", message(office, 1)};
      assertThat(curl(office, USAGE, post).status()).isEqualTo(409);
      office.held = Optional.of(CompletableFuture.completedFuture(new Outcome.Waiting()));
      Said waiting = curl(office, USAGE, post);
      assertThat(waiting.status()).isEqualTo(503);
      assertThat(waiting.field("retry-after")).hasValue("300");
      assertThat(waiting.field("content-type")).hasValue("text/plain;charset=utf-8");
      assertThat(waiting.body()).isEqualTo("not known here yet");
    }
  }

  @Test
  @DisplayName("C22: what is no meter's own is refused, and no mailbox is seen by HTTP")
  void whatIsRefused() throws Exception {
    try (TestOffice office = office()) {
      byte[] forged = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      forged[forged.length - 1] ^= 1;
      assertThat(curl(office, USAGE, "-H", COSE, "--data-binary", file(forged)).status())
          .isEqualTo(403);
      assertThat(curl(office, USAGE, "-H", COSE, "--data-binary", "nothing").status())
          .isEqualTo(400);
      assertThat(
              curl(office, USAGE, "-H", "Content-Type: image/png", "--data-binary", "x").status())
          .isEqualTo(415);
      assertThat(
              curl(office, USAGE, "-H", "Content-Type: application/json", "--data-binary", "{}")
                  .status())
          .isEqualTo(415);
      Said orders = curl(office, "/hc/coap://localhost/gw/orders");
      assertThat(orders.status()).isEqualTo(403);
      assertThat(orders.field("cache-control")).hasValue("no-store");
      assertThat(curl(office, "/hc/coap://localhost/rd-lookup/ep").status()).isEqualTo(403);
      assertThat(
              curl(
                      office,
                      "/hc/coap://localhost/rd?ep=" + A,
                      "-H",
                      "Content-Type: application/link-format",
                      "-d",
                      "</x>")
                  .status())
          .isEqualTo(403);
      assertThat(curl(office, USAGE, "-X", "PUT", "-H", COSE, "-d", "x").status()).isEqualTo(400);
      assertThat(curl(office, USAGE, "-X", "DELETE").status()).isEqualTo(400);
      assertThat(curl(office, USAGE, "-X", "PATCH").status()).isEqualTo(501);
      assertThat(curl(office, "/hc/coap://localhost/nothing").status()).isEqualTo(404);
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  void whatIsThereIsToldWithItsValidator() throws Exception {
    try (TestOffice office = office()) {
      assertThat(curl(office, "/.well-known/core").body()).isEqualTo("</hc/>;rt=\"core.hc\"");
      Said found = curl(office, LINKS);
      assertThat(found.status()).isEqualTo(200);
      assertThat(found.body()).contains("</gw/usage>;rt=\"gw.up\"").contains("</rd-lookup/res>");
      assertThat(found.field("content-type")).hasValue("application/link-format");
      assertThat(found.field("cache-control")).hasValue("max-age=60");
      String tag = found.field("etag").orElseThrow();
      Said again = curl(office, LINKS, "-H", "If-None-Match: " + tag);
      assertThat(again.status()).isEqualTo(304);
      assertThat(again.field("etag")).hasValue(tag);
      assertThat(again.body()).isEmpty();
      assertThat(curl(office, LINKS, "-H", "If-None-Match: \"00\"").status()).isEqualTo(200);
      assertThat(curl(office, LINKS, "-H", "If-Match: \"00\"").status()).isEqualTo(400);
      assertThat(curl(office, LINKS, "-H", "Accept: application/json").status()).isEqualTo(406);
      assertThat(curl(office, LINKS, "-H", "Accept: image/png").status()).isEqualTo(406);
      Said filtered = curl(office, LINKS + "?rt=gw.orders");
      assertThat(filtered.body()).isEqualTo("</gw/orders>;rt=\"gw.orders\";ct=16;obs");
      Said head = curl(office, LINKS, "--head");
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.field("content-length")).hasValue(String.valueOf(found.body().length()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hc/coap://127.0.0.2/gw/usage",
        "/hc/coap://localhost:5684/gw/usage",
        "/hc/coaps://localhost/gw/usage",
        "/hc/http://localhost/gw/usage"
      })
  @DisplayName("C40: it is no open proxy")
  void nobodyElseIsAsked(String path) throws Exception {
    try (TestOffice office = office()) {
      Said said = curl(office, path, "-H", COSE, "--data-binary", message(office, 1));
      assertThat(said.status()).isEqualTo(403);
      assertThat(said.body()).contains("its own office alone");
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  @DisplayName("C40: nor is it one for HTTP, as curl asks those")
  void noForwardProxy() throws Exception {
    try (TestOffice office = office()) {
      String proxy = "http://127.0.0.1:" + office.proxyPort();
      assertThat(curl(office, LINKS, "--proxy", proxy, "--noproxy", "").status()).isEqualTo(403);
      Curl tunnel = new Curl(office, LINKS, "--proxy", proxy, "--noproxy", "", "--proxytunnel");
      assertThat(tunnel.process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(tunnel.head)).startsWith("HTTP/1.1 403");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HELLO,400",
    "GET /.well-known/core HTTP/1.0|Host: a||,505",
    "GET /.well-known/core HTTP/1.1||,400",
    "GET /.well-known/core HTTP/1.1|Host: a|Host: b||,400",
    "POST /hc/ HTTP/1.1|Host: a|Content-Length: 16385||,413",
    "POST /hc/ HTTP/1.1|Host: a|Content-Length: -1||,400",
    "POST /hc/ HTTP/1.1|Host: a|Content-Length: 1|Transfer-Encoding: chunked||,400",
    "POST /hc/ HTTP/1.1|Host: a|Transfer-Encoding: chunked||ffffff0|,413",
    "GET /~ HTTP/1.1|Host: a||,414",
    "GET / HTTP/1.1|Host: a|Long: ~||,431"
  })
  @DisplayName("C39: what is no request, or too long, is answered and the connection ends")
  void malformed(String text, int status) throws Exception {
    try (TestOffice office = office();
        Socket socket = new Socket("127.0.0.1", office.proxyPort())) {
      socket.setSoTimeout((int) SOON.toMillis());
      String bytes =
          (text.equals("HELLO") ? "HELLO||" : text)
              .replace("|", "\r\n")
              .replace("~", "x".repeat(5_000));
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
      if (text.endsWith("ffffff0|")) {
        socket.getOutputStream().write(new byte[17_000]);
      }
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
      assertThat(answer).contains("connection: close");
    }
  }

  @Test
  @DisplayName(
      "C21: an address asks so often and no oftener; what is asked at once is answered in turn")
  void rates() throws Exception {
    AdmissionLimits few =
        new AdmissionLimits(50_000, 4_096, 512, 4, 1, 3, 50_000, 65_536, java.util.Set.of());
    try (TestOffice office = office(few);
        Socket socket = new Socket("127.0.0.1", office.proxyPort())) {
      socket.setSoTimeout((int) SOON.toMillis());
      String one = "GET /.well-known/core HTTP/1.1\r\nHost: a\r\n\r\n";
      socket.getOutputStream().write(one.repeat(100).getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 200 ").contains("HTTP/1.1 429 ");
      assertThat(answer.substring(answer.indexOf("HTTP/1.1 429"))).contains("retry-after: 1");
      assertThat(office.proxy.orElseThrow().tally().of(Tally.What.TOO_FAST)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("C25: off by default; at the loopback by TLS where nothing else is said")
  void settingsAreChecked() {
    CoapChannelFactory factory = new CoapChannelFactory();
    assertThat(factory.create(Map.of())).isEmpty();
    CoapSettings.Proxy usual = CoapSettings.of(Map.of("proxy", Map.of())).proxy().orElseThrow();
    assertThat(usual.listener()).isEqualTo(new CoapSettings.Listener("127.0.0.1", 8_085));
    assertThat(usual.tls()).isTrue();
    assertThat(factory.plaintext(Map.of("proxy", Map.of()))).isEmpty();
    assertThat(factory.plaintext(Map.of("proxy", Map.of("security", "none"))))
        .containsExactly("proxy");
    assertThatThrownBy(() -> factory.create(Map.of("proxy", Map.of("authority", "a/b"))))
        .hasMessageContaining("'proxy.authority'");
    assertThatThrownBy(() -> factory.create(Map.of("proxy", Map.of("target", "x"))))
        .hasMessageContaining("'proxy.target'");
  }

  @Test
  @DisplayName("C25: by TLS curl asks the same")
  void byTls() throws Exception {
    try (TestOffice office =
        new TestOffice("dtls", Map.of("proxy", Map.of("port", 0)), AdmissionLimits.defaults())) {
      List<String> command =
          List.of("curl", "-sSk", "https://127.0.0.1:" + office.proxyPort() + "/.well-known/core");
      Path said = Files.createTempFile(folder, "said", "");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      assertThat(process.waitFor(SOON.toSeconds() * 3, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(said)).isEqualTo("</hc/>;rt=\"core.hc\"");
    }
  }
}

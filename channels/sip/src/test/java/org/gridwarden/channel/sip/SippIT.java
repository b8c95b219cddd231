package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.sip.TestOffice.A;
import static org.gridwarden.channel.sip.TestOffice.usage;

import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Secret;
import org.gridwarden.message.Form;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Debian's sipp (sip-tester) plays a meter. Its digest knows MD5 alone, and looks at the first
 * challenge alone, so the office is told to take that here.
 */
class SippIT {
  private static final Path SCENARIOS = Path.of("src/test/sipp");
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static TestOffice office(Transport transport, Map<String, Object> more) throws Exception {
    Map<String, Object> all = new java.util.HashMap<>(more);
    all.put("md5", "first");
    return new TestOffice(transport, all, AdmissionLimits.defaults());
  }

  private Process start(TestOffice office, Path scenario, String target, int port)
      throws IOException {
    Secret password = TestOffice.password(A);
    List<String> command =
        new ArrayList<>(
            List.of(
                "sipp",
                office.host(),
                "-sf",
                scenario.toAbsolutePath().toString(),
                "-m",
                "1",
                "-s",
                A.value(),
                "-ap",
                new String(password.copy(), StandardCharsets.US_ASCII),
                "-auth_uri",
                target + office.host(),
                "-i",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-t",
                office.transport == Transport.UDP ? "u1" : "t1",
                "-timeout",
                "60s",
                "-timeout_error",
                "-nostdin",
                "-trace_err"));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("said").toFile())
        .start();
  }

  private int run(TestOffice office, Path scenario, String target) throws Exception {
    return end(start(office, scenario, target, free()));
  }

  private int end(Process process) throws Exception {
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
      if (process.exitValue() != 0) {
        System.out.println(Files.readString(folder.resolve("said"), StandardCharsets.ISO_8859_1));
      }
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static int free() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Path message(byte[] message) throws IOException {
    String body = Base64.getEncoder().encodeToString(message);
    Path scenario = folder.resolve("message.xml");
    Files.writeString(
        scenario, Files.readString(SCENARIOS.resolve("message.xml")).replace("BODY", body));
    return scenario;
  }

  @ParameterizedTest
  @CsvSource({"UDP", "TCP"})
  @DisplayName("C22: sipp registers by digest, and sends a message that is stored once")
  void registersAndSends(Transport transport) throws Exception {
    try (TestOffice office = office(transport, Map.of())) {
      assertThat(run(office, SCENARIOS.resolve("register.xml"), "")).isZero();
      assertThat(office.channel.tally().of(Tally.What.REGISTERED)).isEqualTo(1);
      Path scenario = message(office.end(A).seal(Form.SENML_CBOR, usage(A, 117)));
      assertThat(run(office, scenario, "usage@")).isZero();
      assertThat(run(office, scenario, "usage@")).as("the same again").isZero();
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      assertThat(office.channel.tally().of(Tally.What.STORED)).isEqualTo(1);
      assertThat(office.channel.tally().of(Tally.What.DUPLICATE)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"UDP", "TCP"})
  void isNotifiedOfAnOrder(Transport transport) throws Exception {
    try (TestOffice office = office(transport, Map.of())) {
      Process sipp = start(office, SCENARIOS.resolve("subscribe.xml"), "orders@", free());
      await().atMost(LONG).until(() -> office.channel.reaches(A) || !sipp.isAlive());
      TestDesk desk = TestDesk.of(A);
      var unused = CompletableFuture.supplyAsync(() -> desk.send(office.channel));
      assertThat(end(sipp)).isZero();
      assertThat(office.channel.tally().of(Tally.What.ORDER)).isEqualTo(1);
      assertThat(office.channel.tally().of(Tally.What.GONE)).isZero();
    }
  }

  @Test
  void isAskedWhetherItLives() throws Exception {
    try (TestOffice office = office(Transport.UDP, Map.of("ping", "3s"))) {
      int port = free();
      assertThat(end(start(office, SCENARIOS.resolve("register.xml"), "", port))).isZero();
      assertThat(office.channel.reaches(A)).isTrue();
      assertThat(end(start(office, SCENARIOS.resolve("lives.xml"), "", port))).isZero();
      assertThat(office.channel.reaches(A)).isTrue();
    }
  }

  @Test
  @DisplayName("C25: sipp's MD5 is refused where it is not allowed")
  void md5IsRefusedUnasked() throws Exception {
    try (TestOffice office = new TestOffice(Transport.UDP)) {
      assertThat(run(office, SCENARIOS.resolve("register.xml"), "")).isNotZero();
      assertThat(office.channel.reaches(A)).isFalse();
      assertThat(office.channel.tally().of(Tally.What.CHALLENGED)).isPositive();
    }
  }
}

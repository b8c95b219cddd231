package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.amqp.TestOffice.A;
import static org.gridwarden.channel.amqp.TestOffice.SOON;
import static org.gridwarden.channel.amqp.TestOffice.usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.message.Form;
import org.gridwarden.message.Payload;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Qpid Proton's client (Debian's python3-qpid-proton) speaks to the endpoint. */
class ProtonPeerIT {
  @TempDir Path folder;

  /** The peer, and what it has said so far. */
  private final class Peer implements AutoCloseable {
    private final Process process;
    private final Path said;

    Peer(Map<String, String> environment, List<String> arguments) throws IOException {
      said = Files.createTempFile(folder, "said", "");
      List<String> command =
          new ArrayList<>(
              List.of(
                  "/usr/bin/python3",
                  Path.of("src/test/python/peer.py").toAbsolutePath().toString()));
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    }

    List<String> said() throws IOException {
      return Files.readAllLines(said);
    }

    void says(String start) {
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(said()).anyMatch(line -> line.startsWith(start)));
    }

    void ends() throws Exception {
      assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static String url(TestOffice office, String name, String password) {
    return "amqp://" + name + ":" + password + "@127.0.0.1:" + office.port();
  }

  private static String url(TestOffice office, MeterId meter) {
    return url(
        office,
        meter.value(),
        new String(TestOffice.password(meter).copy(), StandardCharsets.US_ASCII));
  }

  private Path message(TestOffice office, MeterId meter) throws IOException {
    Path file = Files.createTempFile(folder, "message", "");
    Files.write(file, office.end(meter).seal(Form.SENML_CBOR, usage(meter, 117)));
    return file;
  }

  private Peer send(TestOffice office, String url, String address, Path file, String mode)
      throws IOException {
    return new Peer(Map.of(), List.of("send", url, address, file.toString(), mode));
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "second"})
  @DisplayName("C38: Proton sees its message accepted after the commit, and not before")
  void theDispositionFollowsTheCommit(String mode) throws Exception {
    try (TestOffice office = new TestOffice()) {
      CompletableFuture<Outcome> commit = new CompletableFuture<>();
      office.held = Optional.of(commit);
      try (Peer peer = send(office, url(office, A), TestOffice.up(A), message(office, A), mode)) {
        peer.says("sent");
        await().atMost(SOON).until(() -> office.submitted.size() == 1);
        assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
        assertThat(peer.said()).doesNotContain("accepted");
        commit.complete(new Outcome.Stored());
        peer.says("accepted");
        peer.ends();
      }
    }
  }

  @Test
  void protonSendsAtMostOnce() throws Exception {
    try (TestOffice office = new TestOffice();
        Peer peer = send(office, url(office, A), TestOffice.up(A), message(office, A), "settled")) {
      await().atMost(SOON).until(() -> office.of(Tally.What.STORED) == 1);
      peer.ends();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gw/GW-0000002/up,refused amqp:unauthorized-access",
    "gw/GW-0000001/up/warning,rejected",
    "elsewhere,refused amqp:not-found"
  })
  @DisplayName("C22: Proton may not send for another meter, and hears why")
  void protonIsRefused(String address, String says) throws Exception {
    try (TestOffice office = new TestOffice();
        Peer peer = send(office, url(office, A), address, message(office, A), "first")) {
      peer.says(says);
      peer.ends();
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  @DisplayName("C22: Proton with a wrong password is not let in")
  void aWrongPassword() throws Exception {
    try (TestOffice office = new TestOffice();
        Peer peer =
            send(
                office,
                url(office, A.value(), "wrong"),
                TestOffice.up(A),
                message(office, A),
                "first")) {
      peer.says("failed amqp:unauthorized-access");
      peer.ends();
      assertThat(office.submitted).isEmpty();
    }
  }

  @Test
  void protonHearsAnOrder() throws Exception {
    try (TestOffice office = new TestOffice();
        Peer peer = new Peer(Map.of(), List.of("hear", url(office, A), TestOffice.down(A)))) {
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      SignedCommand command =
          new SignedCommand(new CommandId(new UUID(1, 1)), A, new byte[] {1, 2, 3});
      try (var session = office.channel.open(A, Deadline.in(Duration.ofSeconds(5)))) {
        // it takes the order and leaves: no receipt comes
        assertThatThrownBy(() -> session.send(command)).isInstanceOf(ChannelException.class);
      }
      peer.says("heard ");
      peer.ends();
      String heard =
          peer.said().stream().filter(s -> s.startsWith("heard ")).findFirst().orElseThrow();
      byte[] order = HexFormat.of().parseHex(heard.substring(6).strip());
      assertThat(office.end(A).open(order)).isInstanceOf(Payload.Dispatch.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EXTERNAL,GW-0000001,accepted",
    "PLAIN,GW-0000001,accepted",
    "PLAIN,GW-0000002,failed amqp:unauthorized-access"
  })
  @DisplayName(
      "C22, C23: Proton under TLS is proven by its certificate; a password beside it agrees")
  void underTls(String mechanism, String name, String says) throws Exception {
    TestAuthority authority = TestAuthority.shared();
    authority.write(folder, authority.meter(A));
    try (TestOffice office =
        new TestOffice(Map.of(), AdmissionLimits.defaults(), Optional.of(authority))) {
      MeterId by = new MeterId(name);
      String url =
          mechanism.equals("EXTERNAL")
              ? "amqps://localhost:" + office.port()
              : url(office, by).replace("amqp:", "amqps:").replace("127.0.0.1", "localhost");
      Map<String, String> environment =
          Map.of(
              "CA", folder.resolve("root.pem").toString(),
              "CERT", folder.resolve("meter.pem").toString(),
              "KEY", folder.resolve("meter.key").toString(),
              "MECHANISM", mechanism);
      try (Peer peer =
          new Peer(
              environment,
              List.of("send", url, TestOffice.up(A), message(office, A).toString(), "first"))) {
        peer.says(says);
        peer.ends();
      }
    }
  }
}

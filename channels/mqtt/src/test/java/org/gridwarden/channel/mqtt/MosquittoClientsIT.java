package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.mqtt.TestOffice.A;
import static org.gridwarden.channel.mqtt.TestOffice.B;
import static org.gridwarden.channel.mqtt.TestOffice.SOON;
import static org.gridwarden.channel.mqtt.TestOffice.up;
import static org.gridwarden.channel.mqtt.TestOffice.usage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.message.Payload;
import org.gridwarden.message.listener.Tally;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mosquitto's clients (Debian's mosquitto-clients) speak to the endpoint. */
class MosquittoClientsIT {
  @TempDir Path folder;

  private static List<String> command(
      String program, TestOffice office, MeterId meter, int version, String... more) {
    Secret password = MessagePassword.of(meter, TestOffice.key(meter, Purpose.MESSAGE));
    List<String> command =
        new ArrayList<>(
            List.of(
                program,
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(office.port()),
                "-i",
                meter.value(),
                "-u",
                meter.value(),
                "-P",
                new String(password.copy(), StandardCharsets.US_ASCII),
                "-V",
                version == 5 ? "mqttv5" : "mqttv311"));
    command.addAll(List.of(more));
    return command;
  }

  private static int run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({"3,0", "3,1", "3,2", "5,0", "5,1", "5,2"})
  void mosquittoPublishes(int version, int qos) throws Exception {
    try (TestOffice office = new TestOffice()) {
      Path file = folder.resolve("message");
      Files.write(file, office.end(A).seal(Form.SENML_CBOR, usage(A, 117)));
      List<String> publish =
          command(
              "mosquitto_pub",
              office,
              A,
              version,
              "-t",
              up(A, "usage"),
              "-q",
              Integer.toString(qos),
              "-f",
              file.toString());
      assertThat(run(publish)).isZero();
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
    }
  }

  @ParameterizedTest
  @CsvSource({"CERTIFICATES,3", "CERTIFICATES,5", "PASSWORDS,3", "PASSWORDS,5"})
  @DisplayName("C23, C25: mosquitto_pub by TLS, with its certificate or its password")
  void mosquittoPublishesByTls(TestOffice.Way way, int version) throws Exception {
    try (TestOffice office = TestOffice.by(way)) {
      TestAuthority authority = TestAuthority.shared();
      authority.write(folder, "meter", authority.meter(A));
      Path file = folder.resolve("message");
      Files.write(file, office.end(A).seal(Form.SENML_CBOR, usage(A, 117)));
      List<String> publish =
          command(
              "mosquitto_pub",
              office,
              A,
              version,
              "-t",
              up(A, "usage"),
              "-q",
              "1",
              "-f",
              file.toString(),
              "--cafile",
              folder.resolve("root.pem").toString());
      publish.set(publish.indexOf("127.0.0.1"), "localhost");
      if (way == TestOffice.Way.CERTIFICATES) {
        assertThat(run(publish)).as("without a certificate").isNotZero();
        publish.subList(publish.indexOf("-u"), publish.indexOf("-V")).clear(); // no password
        publish.addAll(
            List.of(
                "--cert",
                folder.resolve("meter.pem").toString(),
                "--key",
                folder.resolve("meter.key").toString()));
      }
      assertThat(run(publish)).isZero();
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
    }
  }

  @ParameterizedTest
  @CsvSource({"3", "5"})
  @DisplayName(
      "C22: mosquitto_pub with another meter's password or for its topic brings nothing in")
  void mosquittoIsRefused(int version) throws Exception {
    try (TestOffice office = new TestOffice()) {
      Path file = folder.resolve("message");
      Files.write(file, office.end(B).seal(Form.SENML_CBOR, usage(B, 1)));
      List<String> publish =
          command(
              "mosquitto_pub",
              office,
              A,
              version,
              "-t",
              up(B, "usage"),
              "-q",
              "1",
              "-f",
              file.toString());
      if (version == 3) {
        // it is hung up on, and tries again until it is stopped
        Process process = new ProcessBuilder(publish).redirectErrorStream(true).start();
        await().atMost(SOON).until(() -> office.tally().of(Tally.What.FORBIDDEN) > 0);
        process.destroyForcibly();
      } else {
        run(publish);
        assertThat(office.tally().of(Tally.What.FORBIDDEN)).isPositive();
      }
      List<String> wrong = command("mosquitto_pub", office, A, version, "-t", "x", "-m", "y");
      wrong.set(wrong.indexOf("-P") + 1, "wrong");
      assertThat(run(wrong)).isNotZero();
      assertThat(office.submitted).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"3", "5"})
  void mosquittoHearsAnOrder(int version) throws Exception {
    try (TestOffice office = new TestOffice()) {
      Process subscriber =
          new ProcessBuilder(
                  command(
                      "mosquitto_sub",
                      office,
                      A,
                      version,
                      "-t",
                      "gw/" + A + "/down/control",
                      "-q",
                      "1",
                      "-C",
                      "1",
                      "-F",
                      "%x"))
              .start();
      try {
        await().atMost(SOON).until(() -> office.channel.reaches(A));
        SignedCommand command =
            new SignedCommand(new CommandId(new UUID(1, 1)), A, new byte[] {1, 2, 3});
        CompletableFuture<String> line =
            CompletableFuture.supplyAsync(() -> subscriber.inputReader().lines().findFirst().get());
        var session = office.channel.open(A, Deadline.in(Duration.ofSeconds(3)));
        // it prints the order and leaves: no receipt comes
        assertThatThrownBy(() -> session.send(command)).isInstanceOf(ChannelException.class);
        byte[] message =
            HexFormat.of().parseHex(line.get(SOON.toSeconds(), TimeUnit.SECONDS).strip());
        assertThat(office.end(A).open(message)).isInstanceOf(Payload.Dispatch.class);
      } finally {
        subscriber.destroyForcibly();
      }
    }
  }

  @Test
  void mosquittoLeavesAWill() throws Exception {
    try (TestOffice office = new TestOffice()) {
      List<String> subscribe =
          command(
              "mosquitto_sub",
              office,
              A,
              5,
              "-t",
              "gw/" + A + "/down/#",
              "--will-topic",
              up(A, "warning"),
              "--will-payload",
              "no message");
      Process subscriber = new ProcessBuilder(subscribe).start();
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      subscriber.destroyForcibly(); // no DISCONNECT
      // what somebody else could have written is no will
      await().atMost(SOON).until(() -> office.tally().of(Tally.What.MALFORMED) == 1);
      assertThat(office.submitted).isEmpty();
    }
  }
}

package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.mqtt.TestOffice.A;
import static org.gridwarden.channel.mqtt.TestOffice.B;
import static org.gridwarden.channel.mqtt.TestOffice.NOW;
import static org.gridwarden.channel.mqtt.TestOffice.up;
import static org.gridwarden.channel.mqtt.TestOffice.usage;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.gridwarden.channel.mqtt.TestOffice.Way;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.listener.Tally;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * npm's mqtt speaks to the endpoint, and by Mosquitto. It is put there by: npm ci --prefix
 * channels/mqtt/src/test/npm.
 */
class NpmMqttIT {
  private static final Path NPM = Path.of("src/test/npm").toAbsolutePath();
  private static final Duration SOON = Mosquitto.PATIENCE;

  @TempDir private Path folder;

  /** A program that is told what to do, and tells what came of it, line by line. */
  private static final class Peer implements AutoCloseable {
    private final Process process;
    private final BufferedWriter in;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Peer(List<String> command) throws IOException {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      in = process.outputWriter();
      Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(lines::add));
    }

    void say(String line) throws IOException {
      in.write(line + "\n");
      in.flush();
    }

    /** The next line, which begins so. */
    String hears(String beginning) throws InterruptedException {
      String line = lines.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(line).isNotNull().startsWith(beginning);
      return line.substring(beginning.length()).strip();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private Peer peer(TestOffice office, int version, String... will) throws IOException {
    assertThat(NPM.resolve("node_modules/mqtt"))
        .as("npm's mqtt: npm ci --prefix channels/mqtt/src/test/npm")
        .exists();
    boolean tls = office.way != Way.TCP;
    TestAuthority.shared().write(folder, "meter", TestAuthority.shared().meter(A));
    List<String> command =
        new ArrayList<>(
            List.of(
                "node",
                NPM.resolve("client.js").toString(),
                (tls ? "mqtts://localhost:" : "mqtt://127.0.0.1:") + office.port(),
                version == 5 ? "5" : "4",
                A.value(),
                TestOffice.password(A),
                tls ? folder.resolve("root.pem").toString() : "-"));
    command.addAll(List.of(will));
    return new Peer(command);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "TCP,3,0",
    "TCP,3,1",
    "TCP,3,2",
    "TCP,5,0",
    "TCP,5,1",
    "TCP,5,2",
    "PASSWORDS,3,1",
    "PASSWORDS,5,2",
    "BROKER,3,2",
    "BROKER,5,1"
  })
  void publishes(Way way, int version, int qos) throws Exception {
    try (TestOffice office = TestOffice.by(way);
        Peer peer = peer(office, version)) {
      peer.hears("connected");
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      peer.say("publish " + up(A, "usage") + " " + qos + " " + hex(message));
      assertThat(peer.hears("published")).isEqualTo("ok");
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      peer.say("end");
      peer.hears("ended");
    }
  }

  @ParameterizedTest
  @CsvSource({"TCP,3", "TCP,5", "BROKER,5"})
  @DisplayName("C22: npm's mqtt neither speaks nor listens as another meter")
  void isRefused(Way way, int version) throws Exception {
    try (TestOffice office = TestOffice.by(way);
        Peer peer = peer(office, version)) {
      peer.hears("connected");
      if (way == Way.TCP) {
        peer.say("subscribe gw/" + B + "/down/# 1");
        assertThat(peer.hears("granted")).isNotEqualTo("0").isNotEqualTo("1");
      }
      byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
      peer.say("publish " + up(B, "usage") + " 1 " + hex(ofB));
      if (version == 5) {
        assertThat(peer.hears("published")).isEqualTo("135");
      } else {
        peer.hears("ended"); // 3.1.1 has no word for it
      }
      assertThat(office.submitted).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"TCP,3", "TCP,5", "PASSWORDS,5", "BROKER,3", "BROKER,5"})
  @DisplayName("C9, C10: npm's mqtt hears an order and publishes its receipt")
  void hearsAnOrder(Way way, int version) throws Exception {
    try (TestOffice office = TestOffice.by(way);
        Peer peer = peer(office, version)) {
      peer.hears("connected");
      peer.say("subscribe gw/" + A + "/down/control 1");
      assertThat(peer.hears("granted")).isEqualTo("1");
      MeterEnd end = office.end(A);
      obeys(office, peer, end);
    }
  }

  private static void obeys(TestOffice office, Peer peer, MeterEnd end) throws Exception {
    if (office.hearsOnly()) {
      peer.say("publish " + up(A, "usage") + " 1 " + hex(end.seal(Form.SENML_CBOR, usage(A, 1))));
      assertThat(peer.hears("published")).isEqualTo("ok");
    }
    await().atMost(SOON).until(() -> office.channel.reaches(A));
    TestDesk desk = TestDesk.of(A);
    CompletableFuture<Receipt> receipt =
        CompletableFuture.supplyAsync(() -> desk.send(office.channel));
    String[] heard = peer.hears("heard").split(" ");
    assertThat(heard[0]).isEqualTo("gw/" + A + "/down/control");
    byte[] answer = desk.answer(end, HexFormat.of().parseHex(heard[1]));
    peer.say("publish " + up(A, "control") + " 1 " + hex(answer));
    assertThat(peer.hears("published")).isEqualTo("ok");
    desk.confirms(receipt.get(SOON.toSeconds(), TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @CsvSource({"TCP,3", "TCP,5", "BROKER,3", "BROKER,5"})
  void leavesAWill(Way way, int version) throws Exception {
    try (TestOffice office = TestOffice.by(way)) {
      Warning lost =
          new Warning(
              A,
              new EventId(new UUID(7, 7)),
              NOW,
              "connection.lost",
              Severity.ATTENTION,
              "The meter's connection was lost");
      byte[] will = office.end(A).seal(Form.SENML_CBOR, lost);
      try (Peer polite = peer(office, version, up(A, "warning"), hex(will))) {
        polite.hears("connected");
        polite.say("end");
        polite.hears("ended");
      }
      try (Peer cut = peer(office, version, up(A, "warning"), hex(will))) {
        cut.hears("connected");
        assertThat(office.submitted).as("who takes its leave leaves none").isEmpty();
        cut.say("cut");
        await().atMost(SOON).until(() -> office.submitted.size() == 1);
        assertThat(office.submitted.getFirst().content()).containsExactly(lost);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"TCP,3", "TCP,5", "BROKER,3", "BROKER,5"})
  void nothingIsRetained(Way way, int version) throws Exception {
    try (TestOffice office = TestOffice.by(way);
        Peer peer = peer(office, version)) {
      peer.hears("connected");
      MeterEnd end = office.end(A);
      byte[] message = end.seal(Form.SENML_CBOR, usage(A, 117));
      peer.say("publish " + up(A, "usage") + " 1 " + hex(message) + " retain");
      if (version == 5 || way == Way.BROKER) {
        String ended = peer.hears("");
        assertThat(ended)
            .as("154: retain not supported")
            .isIn("ended 154", "published 154", "ended");
        assertThat(office.submitted).isEmpty();
        return;
      }
      // 3.1.1 has no word for it: it is taken once, and not told again
      assertThat(peer.hears("published")).isEqualTo("ok");
      await().atMost(SOON).until(() -> office.tally().of(Tally.What.STORED) == 1);
      peer.say("subscribe gw/" + A + "/down/# 1");
      assertThat(peer.hears("granted")).isEqualTo("1");
      obeys(office, peer, end); // what it hears first is the order
    }
  }
}

package org.gridwarden.channel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.http.TestOffice.A;
import static org.gridwarden.channel.http.TestOffice.B;
import static org.gridwarden.channel.http.TestOffice.SOON;
import static org.gridwarden.channel.http.TestOffice.usage;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Receipt;
import org.gridwarden.message.Form;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * npm's ws and autobahn (WAMP's own client) speak to the listener. They are put there by: npm ci
 * --prefix channels/http/src/test/npm.
 */
class NpmPeersIT {
  private static final Path NPM = Path.of("src/test/npm").toAbsolutePath();

  /** A program that is told what to do, and tells what came of it, line by line. */
  private static final class Peer implements AutoCloseable {
    private final Process process;
    private final BufferedWriter in;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Peer(TestOffice office, String script, String... more) throws IOException {
      assertThat(NPM.resolve("node_modules/ws"))
          .as("npm's ws: npm ci --prefix channels/http/src/test/npm")
          .exists();
      List<String> command =
          new ArrayList<>(
              List.of(
                  "node",
                  NPM.resolve(script).toString(),
                  office.uri("/gw/" + A + "/socket").toString().replaceFirst("http", "ws"),
                  TestOffice.authorization(A)));
      command.addAll(List.of(more));
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      in = process.outputWriter();
      Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(lines::add));
    }

    void say(String line) throws IOException {
      in.write(line + "\n");
      in.flush();
    }

    /** The next line that begins so; warnings of the platform are passed over. */
    String hears(String beginning) throws InterruptedException {
      List<String> passed = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String line = lines.poll(SOON.toSeconds() * 6, TimeUnit.SECONDS);
        if (line == null || line.startsWith(beginning)) {
          assertThat(line).as("after " + passed).isNotNull();
          return line.substring(beginning.length()).strip();
        }
        passed.add(line);
      }
      throw new AssertionError("no '" + beginning + "' among " + passed);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void wsIsAMeterAtItsSocket() throws Exception {
    try (TestOffice office = new TestOffice();
        Peer peer = new Peer(office, "socket.js")) {
      assertThat(peer.hears("open")).isEqualTo("gridwarden.cose.1");
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      peer.say("send " + hex(message));
      assertThat(peer.hears("down")).as("[1, 201]").isEqualTo("820118c9");
      peer.say("send " + hex(message));
      assertThat(peer.hears("down")).as("[2, 200]").isEqualTo("820218c8");
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      peer.say("ping");
      assertThat(peer.hears("pong")).isEqualTo("here");
      TestDesk desk = TestDesk.of(A);
      CompletableFuture<Receipt> receipt =
          CompletableFuture.supplyAsync(() -> desk.send(office.channel));
      byte[] order = HexFormat.of().parseHex(peer.hears("down"));
      peer.say("send " + hex(desk.answer(office.end(A), order)));
      desk.confirms(receipt.get(SOON.toSeconds() * 6, TimeUnit.SECONDS));
      peer.say("close");
      assertThat(peer.hears("closed")).isEqualTo("1000");
      await().atMost(SOON).until(() -> !office.channel.reaches(A));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "cbor"})
  @DisplayName("C22: autobahn publishes, calls, subscribes and is called, as its own meter alone")
  void autobahnIsAMeterInWamp(String form) throws Exception {
    try (TestOffice office = new TestOffice();
        Peer peer = new Peer(office, "wamp.js", form)) {
      peer.hears("open");
      String up = "gridwarden.meter." + A + ".up.";
      byte[] first = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      peer.say("publish " + up + "usage " + hex(first));
      assertThat(peer.hears("publish")).isEqualTo("ok");
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      byte[] second = office.end(A).seal(Form.SENML_CBOR, usage(A, 118));
      peer.say("call gridwarden.submit " + hex(second));
      assertThat(peer.hears("call")).isEqualTo("ok [201,\"stored\"]");
      peer.say("call gridwarden.submit " + hex(second));
      assertThat(peer.hears("call")).isEqualTo("ok [200,\"duplicate\"]");
      peer.say("call gridwarden.acknowledged");
      assertThat(peer.hears("call")).contains("\"counter\":1", "\"class\":\"usage\"");
      // what is not its own, or is nothing
      byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
      peer.say("publish gridwarden.meter." + B + ".up.usage " + hex(ofB));
      assertThat(peer.hears("publish")).isEqualTo("error wamp.error.not_authorized");
      peer.say("publish " + up + "warning " + hex(first));
      assertThat(peer.hears("publish")).isEqualTo("error wamp.error.invalid_argument");
      peer.say("call gridwarden.submit " + hex(ofB));
      assertThat(peer.hears("call")).isEqualTo("error wamp.error.not_authorized");
      peer.say("call gridwarden.nothing");
      assertThat(peer.hears("call")).isEqualTo("error wamp.error.no_such_procedure");
      peer.say("subscribe gridwarden.meter." + B + ".down.control");
      assertThat(peer.hears("subscribe")).isEqualTo("error wamp.error.not_authorized");
      peer.say("register gridwarden.meter." + B + ".order");
      assertThat(peer.hears("register")).isEqualTo("error wamp.error.not_authorized");
      assertThat(office.channel.reaches(A)).isFalse();
      assertThat(office.submitted).hasSize(3);
      peer.say("leave");
      assertThat(peer.hears("closed")).contains("closed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "cbor"})
  @DisplayName("C9, C10: an order is a call of the meter's procedure, its receipt the result")
  void autobahnIsCalled(String form) throws Exception {
    try (TestOffice office = new TestOffice();
        Peer peer = new Peer(office, "wamp.js", form)) {
      peer.hears("open");
      peer.say("register gridwarden.meter." + A + ".order");
      assertThat(peer.hears("register")).isEqualTo("ok");
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      TestDesk desk = TestDesk.of(A);
      CompletableFuture<Receipt> receipt =
          CompletableFuture.supplyAsync(() -> desk.send(office.channel));
      byte[] order = HexFormat.of().parseHex(peer.hears("invoked"));
      peer.say("yield " + hex(desk.answer(office.end(A), order)));
      desk.confirms(receipt.get(SOON.toSeconds() * 6, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "cbor"})
  @DisplayName("C9, C10: an order is an event of the meter's topic, its receipt is published")
  void autobahnHearsAnOrder(String form) throws Exception {
    try (TestOffice office = new TestOffice();
        Peer peer = new Peer(office, "wamp.js", form)) {
      peer.hears("open");
      peer.say("subscribe gridwarden.meter." + A + ".down.control");
      assertThat(peer.hears("subscribe")).isEqualTo("ok");
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      TestDesk desk = TestDesk.of(A);
      CompletableFuture<Receipt> receipt =
          CompletableFuture.supplyAsync(() -> desk.send(office.channel));
      byte[] order = HexFormat.of().parseHex(peer.hears("event"));
      peer.say(
          "publish gridwarden.meter."
              + A
              + ".up.control "
              + hex(desk.answer(office.end(A), order)));
      assertThat(peer.hears("publish")).isEqualTo("ok");
      desk.confirms(receipt.get(SOON.toSeconds() * 6, TimeUnit.SECONDS));
    }
  }
}

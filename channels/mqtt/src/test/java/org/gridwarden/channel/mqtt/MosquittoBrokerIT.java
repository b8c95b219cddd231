package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.mqtt.TestOffice.A;
import static org.gridwarden.channel.mqtt.TestOffice.B;
import static org.gridwarden.channel.mqtt.TestOffice.up;
import static org.gridwarden.channel.mqtt.TestOffice.usage;

import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.gridwarden.channel.mqtt.TestOffice.Way;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Received;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.Payload;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.simulator.mqtt.MqttClient;
import org.gridwarden.simulator.mqtt.MqttOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The office at Mosquitto, with the recipe of tools/mosquitto. */
class MosquittoBrokerIT {
  private static final Duration SOON = Mosquitto.PATIENCE;
  private static final int MESSAGES = 200;

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  private static MqttClient client(Mosquitto broker, MqttOptions options) throws Exception {
    return client(broker, options, (topic, payload) -> {});
  }

  private static MqttClient client(
      Mosquitto broker, MqttOptions options, BiConsumer<String, byte[]> heard) throws Exception {
    Socket socket = new Socket("localhost", broker.passwordPort());
    MqttClient client =
        MqttClient.open(
            TestOffice.secured(socket, TestAuthority.shared().context()), options, heard);
    assertThat(soon(client.connected()).code()).isZero();
    return client;
  }

  /** A meter that keeps a message until it is acknowledged, and connects again and again. */
  private static final class Persistent implements AutoCloseable {
    private final Mosquitto broker;
    private final MqttOptions options;
    private Optional<MqttClient> client = Optional.empty();

    Persistent(Mosquitto broker, MqttOptions options) {
      this.broker = broker;
      this.options = options;
    }

    void tell(MeterId meter, byte[] message) throws Exception {
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(100))
          .atMost(SOON.multipliedBy(2))
          .until(() -> told(meter, message));
    }

    private boolean told(MeterId meter, byte[] message) throws Exception {
      try {
        if (client.isEmpty()) {
          client = Optional.of(client(broker, options));
        }
        int code = soon(client.get().publish(up(meter, "usage"), message, 1));
        assertThat(code).isLessThan(0x80);
        return true;
      } catch (IOException | ExecutionException e) {
        client.ifPresent(MqttClient::cut);
        client = Optional.empty();
        return false;
      }
    }

    @Override
    public void close() {
      client.ifPresent(MqttClient::close);
    }
  }

  private static List<byte[]> sealed(TestOffice office, int count) {
    MeterEnd end = office.end(A);
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      messages.add(end.seal(Form.SENML_CBOR, usage(A, i)));
    }
    return messages;
  }

  /** How often each was stored, whatever came twice. */
  private static void assertStoredOnce(TestOffice office, int count) {
    List<Long> counters =
        office.submitted.stream().map(Received::id).map(id -> id.counter()).distinct().toList();
    assertThat(counters).hasSize(count);
    assertThat(office.tally().of(Tally.What.STORED)).isEqualTo(count);
  }

  @Test
  @DisplayName("C38: the broker is killed and comes back amid sends: nothing lost, nothing doubled")
  void theBrokerIsKilled() throws Exception {
    try (TestOffice office = TestOffice.by(Way.BROKER);
        Persistent meter = new Persistent(office.broker.orElseThrow(), office.options(A))) {
      Mosquitto broker = office.broker.orElseThrow();
      broker.save(); // it knows of the office's session, also after a power cut
      List<byte[]> messages = sealed(office, MESSAGES);
      for (int i = 0; i < MESSAGES; i++) {
        if (i % 80 == 40) {
          CompletableFuture<Void> cut =
              CompletableFuture.runAsync(() -> {
                try {
                  broker.kill();
                  broker.restart();
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
          meter.tell(A, messages.get(i));
          soon(cut);
        } else {
          meter.tell(A, messages.get(i));
        }
      }
      await().atMost(SOON).until(() -> office.tally().of(Tally.What.STORED) >= MESSAGES);
      assertStoredOnce(office, MESSAGES);
      await().atMost(SOON).until(office::isUp);
    }
  }

  @Test
  @DisplayName("C38: what comes while the office is away waits, also over the broker's restart")
  void theOfficeIsAway() throws Exception {
    try (Mosquitto broker = Mosquitto.start()) {
      List<byte[]> messages;
      MqttOptions options;
      try (TestOffice before = TestOffice.at(broker, broker.settings())) {
        await().atMost(SOON).until(before::isUp);
        messages = sealed(before, 20);
        options = before.options(A);
      }
      try (MqttClient meter = client(broker, options)) {
        for (byte[] message : messages) {
          assertThat(soon(meter.publish(up(A, "usage"), message, 1))).isZero();
        }
      }
      broker.stop();
      broker.restart();
      try (TestOffice after = TestOffice.at(broker, broker.settings())) {
        await().atMost(SOON).until(() -> after.tally().of(Tally.What.STORED) == 20);
        assertStoredOnce(after, 20);
      }
    }
  }

  @Test
  @DisplayName(
      "C38: the office is killed before it acknowledges: it comes again, and is stored once")
  void theOfficeIsKilled() throws Exception {
    try (Mosquitto broker = Mosquitto.start()) {
      broker.settings(); // the password's file
      Process office = OfficeProcess.start(broker);
      try {
        assertThat(says(office, "up")).isTrue();
        try (TestOffice sealer = new TestOffice();
            MqttClient meter = client(broker, sealer.options(A))) {
          byte[] message = sealed(sealer, 1).getFirst();
          assertThat(soon(meter.publish(up(A, "usage"), message, 1))).isZero();
          assertThat(says(office, "taken")).isTrue();
          office.destroyForcibly().waitFor();
          try (TestOffice after = TestOffice.at(broker, broker.settings())) {
            await().atMost(SOON).until(() -> after.submitted.size() == 1);
            assertThat(after.submitted.getFirst().raw()).isEqualTo(message);
            await().atMost(SOON).until(() -> after.tally().of(Tally.What.STORED) == 1);
          }
          // acknowledged now: it does not come a third time
          try (TestOffice again = TestOffice.at(broker, broker.settings())) {
            await().atMost(SOON).until(again::isUp);
            byte[] next = sealed(sealer, 1).getFirst();
            assertThat(soon(meter.publish(up(A, "usage"), next, 1))).isZero();
            await().atMost(SOON).until(() -> !again.submitted.isEmpty());
            assertThat(again.submitted.getFirst().raw()).isEqualTo(next);
          }
        }
      } finally {
        office.destroyForcibly();
      }
    }
  }

  /** Waits for a line; what it logs is passed over. */
  private static boolean says(Process office, String word) throws Exception {
    var lines = office.inputReader();
    return soon(
        CompletableFuture.supplyAsync(() -> {
          try {
            String line = lines.readLine();
            while (line != null && !line.equals(word)) {
              line = lines.readLine();
            }
            return line != null;
          } catch (IOException e) {
            return false;
          }
        }));
  }

  @Test
  @DisplayName("C38: what could not be stored is tried again until it is")
  void aCommitThatFailed() throws Exception {
    try (TestOffice office = TestOffice.by(Way.BROKER);
        MqttClient meter = client(office.broker.orElseThrow(), office.options(A))) {
      office.held =
          Optional.of(CompletableFuture.failedFuture(new IllegalStateException("disk full")));
      var told = meter.publish(up(A, "usage"), sealed(office, 1).getFirst(), 1);
      await().atMost(SOON).until(() -> office.tally().of(Tally.What.FAILED) >= 1);
      office.held =
          Optional.of(
              CompletableFuture.completedFuture(
                  new Outcome.Refused(new Fault(Fault.Code.BUSY, "intake", "wait"))));
      await().atMost(SOON).until(() -> office.tally().of(Tally.What.REFUSED) >= 1);
      office.held = Optional.empty();
      await().atMost(SOON).until(() -> office.tally().of(Tally.What.STORED) == 1);
      assertThat(soon(told)).isZero();
    }
  }

  @Test
  @DisplayName("C21: messages of unknown meters hold nobody up")
  void unknownMetersWait() throws Exception {
    try (Mosquitto broker = Mosquitto.start()) {
      Map<String, Object> settings = new HashMap<>(broker.settings());
      settings.put("inFlight", 4);
      try (TestOffice office = TestOffice.at(broker, settings);
          MqttClient meter = client(broker, office.options(A))) {
        await().atMost(SOON).until(office::isUp);
        office.held = Optional.of(CompletableFuture.completedFuture(new Outcome.Waiting()));
        for (byte[] message : sealed(office, 8)) {
          assertThat(soon(meter.publish(up(A, "usage"), message, 1))).isZero();
        }
        await().atMost(SOON).until(() -> office.tally().of(Tally.What.WAITING) >= 8);
        assertThat(office.tally().of(Tally.What.OVER_LIMIT)).isEqualTo(7);
        office.held = Optional.empty();
        byte[] other = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
        try (MqttClient second = client(broker, office.options(B))) {
          assertThat(soon(second.publish(up(B, "usage"), other, 1))).isZero();
          await().atMost(SOON).until(() -> office.tally().of(Tally.What.STORED) >= 1);
        }
        // it is registered meanwhile: what was held is taken
        await().atMost(SOON).until(() -> office.tally().of(Tally.What.STORED) == 2);
      }
    }
  }

  @Test
  void twoOfficesShareTheReadings() throws Exception {
    try (Mosquitto broker = Mosquitto.start()) {
      Map<String, Object> second = new HashMap<>(broker.settings());
      second.put("client", "gridwarden-2");
      try (TestOffice one = TestOffice.at(broker, broker.settings());
          TestOffice two = TestOffice.at(broker, second);
          MqttClient meter = client(broker, one.options(A))) {
        await().atMost(SOON).until(() -> one.isUp() && two.isUp());
        for (byte[] message : sealed(one, 20)) {
          assertThat(soon(meter.publish(up(A, "usage"), message, 1))).isZero();
        }
        await().atMost(SOON).until(() -> one.submitted.size() + two.submitted.size() == 20);
        assertThat(one.submitted).isNotEmpty();
        assertThat(two.submitted).isNotEmpty();
      }
    }
  }

  /** What a broker sees, whatever it may do with it. */
  private record Tapped(String topic, byte[] message) {}

  @Test
  @DisplayName("C1 C6 C9 C22: who holds the broker can neither read nor forge, either way")
  void aHostileBroker() throws Exception {
    try (TestOffice office = TestOffice.by(Way.BROKER)) {
      Mosquitto broker = office.broker.orElseThrow();
      BlockingQueue<Tapped> tap = new LinkedBlockingQueue<>();
      TestDesk desk = TestDesk.of(A);
      MeterEnd end = office.end(A);
      BlockingQueue<byte[]> orders = new LinkedBlockingQueue<>();
      try (MqttClient mallory =
              client(broker, broker.everything(), (t, p) -> tap.add(new Tapped(t, p)));
          MqttClient meter = client(broker, office.options(A), (t, p) -> orders.add(p))) {
        assertThat(soon(mallory.subscribe("gw/#", 1))).isEqualTo(1);
        assertThat(soon(meter.subscribe("gw/" + A + "/down/control", 1))).isEqualTo(1);
        byte[] clear = Payload.bytes(Form.SENML_CBOR, usage(A, 117));
        byte[] message = end.seal(Form.SENML_CBOR, usage(A, 117));
        assertThat(soon(meter.publish(up(A, "usage"), message, 1))).isZero();
        await().atMost(SOON).until(() -> office.tally().of(Tally.What.STORED) == 1);
        byte[] seen = tap.poll(SOON.toSeconds(), TimeUnit.SECONDS).message();
        assertThat(hex(seen)).doesNotContain(hex(clear).substring(0, 16));
        // again, as another's, as another class, with a bit turned, and back to the meter
        assertThat(soon(mallory.publish(up(A, "usage"), seen, 1))).isZero();
        await().atMost(SOON).until(() -> office.tally().of(Tally.What.DUPLICATE) == 1);
        assertThat(soon(mallory.publish(up(B, "usage"), seen, 1))).isZero();
        await().atMost(SOON).until(() -> office.tally().of(Tally.What.UNAUTHENTICATED) == 1);
        assertThat(soon(mallory.publish(up(A, "billing"), seen, 1))).isZero();
        await().atMost(SOON).until(() -> office.tally().of(Tally.What.MALFORMED) == 1);
        byte[] turned = seen.clone();
        turned[turned.length - 20] ^= 4;
        assertThat(soon(mallory.publish(up(A, "usage"), turned, 1))).isZero();
        await().atMost(SOON).until(() -> office.tally().of(Tally.What.UNAUTHENTICATED) == 2);
        soon(mallory.publish("gw/" + A + "/down/control", seen, 1));
        assertThatThrownBy(() -> end.open(orders.poll(SOON.toSeconds(), TimeUnit.SECONDS)))
            .isInstanceOf(MessageException.class);
        // an order that went down once does nothing a second time, nor at another meter
        CompletableFuture<Receipt> receipt =
            CompletableFuture.supplyAsync(() -> desk.send(office.channel));
        byte[] order = orders.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(soon(meter.publish(up(A, "control"), desk.answer(end, order), 1))).isZero();
        desk.confirms(soon(receipt));
        assertThatThrownBy(() -> end.open(order)).isInstanceOf(MessageException.class);
        assertThatThrownBy(() -> office.end(B).open(order)).isInstanceOf(MessageException.class);
        assertThat(office.tally().of(Tally.What.STORED)).isEqualTo(1);
      }
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  @DisplayName("C25: a broker that has another name, or is nobody's, is not spoken to")
  void aFalseBroker() throws Exception {
    try (Mosquitto broker = Mosquitto.start();
        TestAuthority other = new TestAuthority()) {
      Map<String, Object> misnamed = new HashMap<>(broker.settings());
      misnamed.put("host", "127.0.0.1");
      assertStaysDown(broker, misnamed);
      var folder = Files.createTempDirectory("gridwarden-other-");
      other.write(folder, "x", other.broker());
      Map<String, Object> untrusted = new HashMap<>(broker.settings());
      untrusted.put("trust", folder.resolve("root.pem").toString());
      assertStaysDown(broker, untrusted);
      Map<String, Object> refused = new HashMap<>(broker.settings());
      refused.put("user", A.value());
      assertStaysDown(broker, refused);
    }
  }

  private static void assertStaysDown(Mosquitto broker, Map<String, Object> settings)
      throws Exception {
    try (TestOffice office = TestOffice.at(broker, settings)) {
      // it has tried twice, and says why it does not get on
      await().atMost(SOON).until(() -> office.tally().of(Tally.What.FAILED) >= 2);
      assertThat(office.channel.health().state()).isEqualTo(Health.State.DOWN);
      assertThat(office.channel.health().detail()).contains("no connection with broker");
    }
  }

  @Test
  void theOfficeComesWithItsCertificate() throws Exception {
    try (Mosquitto broker = Mosquitto.start()) {
      var folder = Files.createTempDirectory("gridwarden-office-");
      TestAuthority authority = TestAuthority.shared();
      authority.write(folder, "office", authority.meter(new MeterId("gridwarden")));
      Map<String, Object> settings = new HashMap<>(broker.settings());
      settings.remove("user");
      settings.remove("password");
      settings.put("port", broker.certificatePort());
      settings.put("certificate", folder.resolve("office.pem").toString());
      settings.put("key", folder.resolve("office.key").toString());
      try (TestOffice office = TestOffice.at(broker, settings)) {
        await().atMost(SOON).until(office::isUp);
        // and a meter with its own, which is whom the broker takes it for
        Socket socket = new Socket("localhost", broker.certificatePort());
        MqttOptions options =
            new MqttOptions(
                true, "any", Optional.empty(), Optional.empty(), true, 60, Optional.empty());
        try (MqttClient meter =
            MqttClient.open(
                TestOffice.secured(socket, authority.context(authority.meter(A))),
                options,
                (t, p) -> {})) {
          assertThat(soon(meter.connected()).code()).isZero();
          byte[] ofB = office.end(B).seal(Form.SENML_CBOR, usage(B, 1));
          assertThat(soon(meter.publish(up(B, "usage"), ofB, 1))).isEqualTo(0x87);
          byte[] own = sealed(office, 1).getFirst();
          assertThat(soon(meter.publish(up(A, "usage"), own, 1))).isZero();
          await().atMost(SOON).until(() -> office.tally().of(Tally.What.STORED) == 1);
        }
      }
    }
  }

  /** An office in a process of its own that takes a message and never comes to its commit. */
  static final class OfficeProcess {
    private OfficeProcess() {}

    static Process start(Mosquitto broker) throws IOException {
      List<String> command =
          List.of(
              ProcessHandle.current().info().command().orElse("java"),
              "-cp",
              System.getProperty("java.class.path"),
              OfficeProcess.class.getName(),
              Integer.toString(broker.passwordPort()),
              broker.root().toString());
      return new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
    }

    @SuppressWarnings("SystemOut") // it is what the test reads
    public static void main(String[] args) throws Exception {
      Map<String, Object> settings =
          Map.of(
              "host",
              "localhost",
              "port",
              args[0],
              "trust",
              args[1],
              "user",
              "gridwarden",
              "password",
              "file:" + java.nio.file.Path.of(args[1]).resolveSibling("office-password"));
      TestOffice office = TestOffice.at(settings);
      office.held = Optional.of(new CompletableFuture<>());
      await().atMost(SOON).until(office::isUp);
      System.out.println("up");
      await().atMost(SOON).until(() -> !office.submitted.isEmpty());
      System.out.println("taken");
      Thread.sleep(Duration.ofMinutes(10)); // until it is killed
    }
  }
}

package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.amqp.TestOffice.A;
import static org.gridwarden.channel.amqp.TestOffice.NOW;
import static org.gridwarden.channel.amqp.TestOffice.SOON;
import static org.gridwarden.channel.amqp.TestOffice.sent;
import static org.gridwarden.channel.amqp.TestOffice.usage;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Receipt;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.link.Relay;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Store and forward: the network fails, or the office is away, and nothing is lost. */
@ExtendWith(RabbitMq.OneForAll.class)
class OutageIT {
  @BeforeEach
  void fresh() {
    RabbitMq.fresh();
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  @DisplayName("C38: meters keep what is not settled through an outage, and nothing is lost")
  void metersKeepWhatIsNotSettled(Route route) throws Exception {
    StreetSettings settings = StreetSettings.of(2).withSeed(7).withEvery(Duration.ofSeconds(1));
    try (TestOffice office = route.office();
        Relay relay = new Relay(route.port(office));
        MessageStreet street =
            MessageStreet.of(settings, Households.load(), InstantSource.fixed(NOW))) {
      List<String> serials = street.serials();
      for (int i = 1; i <= 2; i++) {
        office.shipped.put(serials.get(i - 1) + " " + Purpose.MESSAGE, street.messageKey(i));
      }
      street.start(route.carrier(relay.port()));
      await().atMost(SOON).until(() -> office.of(Tally.What.STORED) >= 10);
      relay.away();
      long before = office.of(Tally.What.STORED);
      relay.back();
      await().atMost(SOON).until(() -> office.of(Tally.What.STORED) >= before + 10);
      for (String serial : serials) {
        // one counter, of which none is missing before the last that came
        List<Long> counters =
            office.submitted.stream()
                .filter(r -> r.id().meter().value().equals(serial))
                .map(r -> r.id().counter())
                .distinct()
                .sorted()
                .toList();
        assertThat(counters.getLast() - counters.getFirst()).isEqualTo(counters.size() - 1L);
      }
    }
  }

  @Test
  @DisplayName("C38: what meters said while the office was away lies in the broker")
  void theBrokerKeepsWhatTheOfficeMissed() throws Exception {
    try (AmqpLine line = Route.broker().line()) {
      byte[][] messages = new byte[10][];
      try (TestOffice before = Route.RABBITMQ.office()) {
        MeterEnd end = before.end(A);
        for (int i = 0; i < messages.length; i++) {
          messages[i] = end.seal(Form.SENML_CBOR, usage(A, i));
        }
        assertThat(sent(line, RabbitMq.up(), messages[0]).accepted()).isTrue();
        await().atMost(SOON).until(() -> before.of(Tally.What.STORED) == 1);
      }
      for (int i = 1; i < messages.length; i++) {
        assertThat(sent(line, RabbitMq.up(), messages[i]).accepted()).isTrue();
      }
      try (TestOffice after = Route.RABBITMQ.office()) {
        await().atMost(SOON).until(() -> after.of(Tally.What.STORED) == messages.length - 1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void anOrderWaitsForAMeterThatWasCutOff(Route route) throws Exception {
    TestDesk desk = TestDesk.of(A);
    try (TestOffice office = route.office();
        Relay relay = new Relay(route.port(office))) {
      MeterEnd end = office.end(A);
      try (AmqpLine line = TestOffice.open(relay.socket(), route.login(A))) {
        line.hear(route.down(A), order -> {}).get(SOON.toSeconds(), TimeUnit.SECONDS);
        byte[] message = end.seal(Form.SENML_CBOR, usage(A, 1));
        assertThat(sent(line, route.up(A), message).accepted()).isTrue();
        await().atMost(SOON).until(() -> office.channel.reaches(A));
      }
      CompletableFuture<Receipt> receipt =
          CompletableFuture.supplyAsync(() -> desk.send(office.channel));
      BlockingQueue<byte[]> orders = new LinkedBlockingQueue<>();
      try (AmqpLine line = TestOffice.open(relay.socket(), route.login(A))) {
        line.hear(route.down(A), orders::add).get(SOON.toSeconds(), TimeUnit.SECONDS);
        byte[] order = orders.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(order).isNotNull();
        assertThat(sent(line, route.up(A), desk.answer(end, order)).accepted()).isTrue();
        desk.confirms(receipt.get(SOON.toSeconds(), TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void anOrderThatWasNotTakenGoesDownTheNextLink() throws Exception {
    TestDesk desk = TestDesk.of(A);
    try (TestOffice office = new TestOffice();
        Relay relay = new Relay(office.port())) {
      MeterEnd end = office.end(A);
      CompletableFuture<Receipt> receipt;
      try (AmqpLine line = TestOffice.open(relay.socket(), TestOffice.login(A))) {
        line.hear(TestOffice.down(A), order -> {}).get(SOON.toSeconds(), TimeUnit.SECONDS);
        await().atMost(SOON).until(() -> office.channel.reaches(A));
        relay.loseAnswers(); // the order is sent, and does not arrive
        receipt = CompletableFuture.supplyAsync(() -> desk.send(office.channel));
        await().atMost(SOON).until(() -> office.reserved() >= 2);
        relay.cut();
      }
      BlockingQueue<byte[]> orders = new LinkedBlockingQueue<>();
      try (AmqpLine line = TestOffice.open(relay.socket(), TestOffice.login(A))) {
        line.hear(TestOffice.down(A), orders::add).get(SOON.toSeconds(), TimeUnit.SECONDS);
        byte[] order = orders.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(order).isNotNull();
        assertThat(sent(line, "gw/" + A + "/up/control", desk.answer(end, order)).accepted())
            .isTrue();
        desk.confirms(receipt.get(SOON.toSeconds(), TimeUnit.SECONDS));
      }
    }
  }
}

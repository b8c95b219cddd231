package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.amqp.TestOffice.A;
import static org.gridwarden.channel.amqp.TestOffice.SOON;
import static org.gridwarden.channel.amqp.TestOffice.sent;
import static org.gridwarden.channel.amqp.TestOffice.usage;

import java.util.concurrent.CompletableFuture;
import org.gridwarden.message.Form;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.amqp.AmqpLine.Guarantee;
import org.gridwarden.simulator.link.Relay;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The connection is cut after the transfer and before the disposition; then it is sent again. */
@ExtendWith(RabbitMq.OneForAll.class)
class ExactlyOnceIT {
  @BeforeEach
  void fresh() {
    RabbitMq.fresh();
  }

  @ParameterizedTest
  @CsvSource({"ENDPOINT,AT_LEAST_ONCE", "ENDPOINT,EXACTLY_ONCE", "RABBITMQ,AT_LEAST_ONCE"})
  @DisplayName("C1, C38: what was taken and not settled is sent again, and is there once")
  void theMeterIsCutOffBeforeTheDisposition(Route route, Guarantee guarantee) throws Exception {
    try (TestOffice office = route.office();
        Relay relay = new Relay(route.port(office))) {
      byte[] first = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      byte[] second = office.end(A).seal(Form.SENML_CBOR, usage(A, 2));
      CompletableFuture<AmqpLine.Outcome> unknown;
      try (AmqpLine line = TestOffice.open(relay.socket(), route.login(A))) {
        // the link has its credit, so that the next transfer goes at once
        assertThat(line.send(route.up(A), first, guarantee).get().accepted()).isTrue();
        relay.loseAnswers();
        unknown = line.send(route.up(A), second, guarantee);
        await().atMost(SOON).until(() -> office.of(Tally.What.STORED) == 2);
        assertThat(unknown).isNotDone();
        relay.cut();
        assertThat(unknown).failsWithin(SOON);
      }
      try (AmqpLine again = TestOffice.open(relay.socket(), route.login(A))) {
        assertThat(again.send(route.up(A), second, guarantee).get().accepted()).isTrue();
      }
      await().atMost(SOON).until(() -> office.of(Tally.What.DUPLICATE) == 1);
      assertThat(office.of(Tally.What.STORED)).isEqualTo(2);
      assertThat(office.submitted.stream().map(r -> r.id().toString()).distinct()).hasSize(2);
    }
  }

  /** The broker gives a message again that the office had stored and not settled. */
  @Test
  @DisplayName("C1, C38: the office is cut off from a broker before its disposition; stored once")
  void theOfficeIsCutOffBeforeItsDisposition() throws Exception {
    RabbitMq broker = Route.broker();
    try (Relay relay = new Relay(broker.port);
        TestOffice office =
            new TestOffice(broker.settings(relay.port(), false), AdmissionLimits.defaults());
        AmqpLine line = broker.line()) {
      byte[] first = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      byte[] second = office.end(A).seal(Form.SENML_CBOR, usage(A, 2));
      assertThat(sent(line, RabbitMq.up(), first).accepted()).isTrue();
      await().atMost(SOON).until(() -> office.of(Tally.What.STORED) == 1);
      relay.loseCalls();
      assertThat(sent(line, RabbitMq.up(), second).accepted()).isTrue();
      await().atMost(SOON).until(() -> office.of(Tally.What.STORED) == 2);
      relay.cut();
      await().atMost(SOON).until(() -> office.of(Tally.What.DUPLICATE) >= 1);
      assertThat(office.of(Tally.What.STORED)).isEqualTo(2);
      assertThat(office.submitted.stream().map(r -> r.id().toString()).distinct()).hasSize(2);
    }
  }

  /** Why there is no third guarantee through RabbitMQ, in its own words. */
  @Test
  void rabbitMqKnowsNoReceiverThatSettlesSecond() throws Exception {
    try (TestOffice office = Route.RABBITMQ.office();
        AmqpLine line = Route.RABBITMQ.line(office, A)) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      assertThat(line.send(RabbitMq.up(), message, Guarantee.EXACTLY_ONCE))
          .failsWithin(SOON)
          .withThrowableThat()
          .withMessageContaining("rcv-settle-mode second not supported");
    }
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void atMostOnceAsksForNothing(Route route) throws Exception {
    try (TestOffice office = route.office();
        AmqpLine line = route.line(office, A)) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 3));
      assertThat(line.send(route.up(A), message, Guarantee.AT_MOST_ONCE)).succeedsWithin(SOON);
      await().atMost(SOON).until(() -> office.of(Tally.What.STORED) == 1);
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
    }
  }
}

package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.amqp.TestOffice.A;
import static org.gridwarden.channel.amqp.TestOffice.B;
import static org.gridwarden.channel.amqp.TestOffice.SOON;
import static org.gridwarden.channel.amqp.TestOffice.sent;
import static org.gridwarden.channel.amqp.TestOffice.usage;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Received;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What meters get whichever way they come: straight to the endpoint, or through RabbitMQ. */
@ExtendWith(RabbitMq.OneForAll.class)
class EveryRouteIT {
  @BeforeEach
  void fresh() {
    RabbitMq.fresh();
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  @DisplayName("C1: what meters send is stored, whoever they are; the same bytes change nothing")
  void takesWhatMetersSend(Route route) throws Exception {
    try (TestOffice office = route.office();
        AmqpLine line = route.line(office, A);
        AmqpLine other = route.line(office, B)) {
      byte[] ofA = office.end(A).seal(Form.SENML_CBOR, usage(A, 117));
      byte[] ofB = office.end(B).seal(Form.SENML_JSON, usage(B, 118));
      assertThat(sent(line, route.up(A), ofA).accepted()).isTrue();
      assertThat(sent(line, route.up(A), ofA).accepted()).isTrue();
      assertThat(sent(other, route.up(B), ofB).accepted()).isTrue();
      await().atMost(SOON).until(() -> office.submitted.size() == 3);
      assertThat(office.of(Tally.What.STORED)).isEqualTo(2);
      assertThat(office.of(Tally.What.DUPLICATE)).isEqualTo(1);
      Received first = office.submitted.getFirst();
      assertThat(first.content()).containsExactly(usage(A, 117));
      assertThat(first.how()).isEqualTo(Assurance.MAC);
      assertThat(first.raw()).isEqualTo(ofA);
    }
  }

  /** A broker has answered the meter itself: there the office gives it back, and takes it again. */
  @ParameterizedTest
  @EnumSource(Route.class)
  @DisplayName("C38: what could not be stored, or whose meter is not known yet, is stored later")
  void whatIsNotStoredYetComesAgain(Route route) throws Exception {
    try (TestOffice office = route.office();
        AmqpLine line = route.line(office, A)) {
      byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      office.held = Optional.of(CompletableFuture.completedFuture(new Outcome.Waiting()));
      boolean taken = sent(line, route.up(A), message).accepted();
      assertThat(taken).as("by whom it is stored").isEqualTo(route == Route.RABBITMQ);
      await().atMost(SOON).until(() -> office.of(Tally.What.WAITING) >= 1);
      office.held = Optional.of(CompletableFuture.failedFuture(new IllegalStateException("full")));
      again(route, line, message);
      await().atMost(SOON).until(() -> office.of(Tally.What.FAILED) >= 1);
      Fault busy = new Fault(Fault.Code.BUSY, "intake", "wait");
      office.held = Optional.of(CompletableFuture.completedFuture(new Outcome.Refused(busy)));
      again(route, line, message);
      await().atMost(SOON).until(() -> office.of(Tally.What.REFUSED) >= 1);
      assertThat(office.of(Tally.What.STORED)).isZero();
      office.held = Optional.empty();
      again(route, line, message);
      await().atMost(SOON).until(() -> office.of(Tally.What.STORED) == 1);
    }
  }

  private static void again(Route route, AmqpLine line, byte[] message) throws Exception {
    if (route == Route.ENDPOINT) {
      sent(line, route.up(A), message);
    }
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  @DisplayName("C38: no message is settled before its commit: the next office finds it again")
  void whatIsNotCommittedIsNotSettled(Route route) throws Exception {
    byte[] message;
    try (TestOffice office = route.office();
        AmqpLine line = route.line(office, A)) {
      message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
      office.held = Optional.of(new CompletableFuture<>());
      CompletableFuture<AmqpLine.Outcome> outcome =
          line.send(route.up(A), message, AmqpLine.Guarantee.AT_LEAST_ONCE);
      await().atMost(SOON).until(() -> office.submitted.size() == 1);
      if (route == Route.ENDPOINT) {
        assertThat(outcome).isNotDone();
      }
    }
    try (TestOffice office = route.office();
        AmqpLine line = route.line(office, A)) {
      again(route, line, message); // the meter does, where no broker keeps it
      await().atMost(SOON).until(() -> office.of(Tally.What.STORED) == 1);
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
    }
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  @DisplayName(
      "C6, C22: what is none, not genuine, or used its counter before is taken once: never")
  void whatIsNotTakenComesNoMore(Route route) throws Exception {
    try (TestOffice office = route.office();
        AmqpLine line = route.line(office, A)) {
      MeterEnd end = office.end(A);
      byte[] forged = end.seal(Form.SENML_CBOR, usage(A, 1));
      forged[forged.length - 1] ^= 1;
      sent(line, route.up(A), forged);
      sent(line, route.up(A), new byte[] {1, 2, 3});
      await().atMost(SOON).until(() -> office.of(Tally.What.MALFORMED) == 1);
      await().atMost(SOON).until(() -> office.of(Tally.What.UNAUTHENTICATED) == 1);
      Fault fault = new Fault(Fault.Code.REPLAYED, "meter " + A, "use another counter");
      office.held = Optional.of(CompletableFuture.completedFuture(new Outcome.Refused(fault)));
      sent(line, route.up(A), end.seal(Form.SENML_CBOR, usage(A, 2)));
      await().atMost(SOON).until(() -> office.of(Tally.What.REFUSED) == 1);
      office.held = Optional.empty();
      // what comes after it is not held up, and none of them comes again before
      byte[] good = end.seal(Form.SENML_CBOR, usage(A, 3));
      assertThat(sent(line, route.up(A), good).accepted()).isTrue();
      await().atMost(SOON).until(() -> office.of(Tally.What.STORED) == 1);
      assertThat(office.submitted.stream().map(Received::content))
          .containsExactly(List.of(usage(A, 2)), List.of(usage(A, 3)));
      assertThat(office.of(Tally.What.MALFORMED)).isEqualTo(1);
      assertThat(office.of(Tally.What.UNAUTHENTICATED)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  @DisplayName("C9, C10: an order goes down to the one meter, and its receipt comes up")
  void anOrderGoesDownAndItsReceiptComesUp(Route route) throws Exception {
    TestDesk desk = TestDesk.of(A);
    try (TestOffice office = route.office();
        AmqpLine line = route.line(office, A);
        AmqpLine other = route.line(office, B)) {
      MeterEnd end = office.end(A);
      BlockingQueue<byte[]> orders = new LinkedBlockingQueue<>();
      BlockingQueue<byte[]> others = new LinkedBlockingQueue<>();
      line.hear(route.down(A), orders::add).get(SOON.toSeconds(), TimeUnit.SECONDS);
      other.hear(route.down(B), others::add).get(SOON.toSeconds(), TimeUnit.SECONDS);
      // a broker's office knows whom it has heard
      sent(line, route.up(A), end.seal(Form.SENML_CBOR, usage(A, 1)));
      await().atMost(SOON).until(() -> office.channel.reaches(A));
      CompletableFuture<Receipt> receipt =
          CompletableFuture.supplyAsync(() -> desk.send(office.channel));
      byte[] order = orders.poll(SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(order).isNotNull();
      assertThat(sent(line, route.up(A), desk.answer(end, order)).accepted()).isTrue();
      desk.confirms(receipt.get(SOON.toSeconds(), TimeUnit.SECONDS));
      assertThat(others).isEmpty();
    }
  }
}

package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.sip.TestOffice.A;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.simulator.sip.SipLine;
import org.gridwarden.simulator.sip.SipPacket;
import org.gridwarden.simulator.sip.SipWire;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How meters are called: registrations, subscriptions, orders, and whether they live. */
class OrdersIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String TYPE = "Content-Type: application/cose";
  private static final List<String> SUBSCRIBES =
      List.of("Event: gridwarden-orders", "Expires: 600", "Accept: application/cose");

  private static SipPacket register(SipLine line, String... more) throws Exception {
    return line.ask(
        "REGISTER", "", more.length == 0 ? List.of("Expires: 600") : List.of(more), new byte[0]);
  }

  private static SipPacket subscribe(SipLine line, List<String> more) throws Exception {
    return line.ask("SUBSCRIBE", "orders", more, new byte[0]);
  }

  private static SipPacket next(BlockingQueue<SipPacket> heard) throws InterruptedException {
    return Optional.ofNullable(heard.poll(60, TimeUnit.SECONDS)).orElseThrow();
  }

  private static void confirm(
      TestOffice office, TestDesk desk, MeterEnd end, SipLine line, SipPacket order)
      throws Exception {
    assertThat(order.field("content-type")).contains("application/cose");
    assertThat(
            line.ask("MESSAGE", "control", List.of(TYPE), desk.answer(end, order.body())).status())
        .isEqualTo(200);
    assertThat(office.channel.tally().of(Tally.What.ANSWER)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  @DisplayName("C9, C10: a subscriber is notified of its order, and answers by its receipt")
  void aSubscriberIsNotified(Transport transport) throws Exception {
    BlockingQueue<SipPacket> heard = new LinkedBlockingQueue<>();
    try (TestOffice office = new TestOffice(transport);
        SipLine line = office.line(office.wire(), A, heard::add)) {
      TestDesk desk = TestDesk.of(A);
      MeterEnd end = office.end(A);
      SipPacket subscribed = subscribe(line, SUBSCRIBES);
      assertThat(subscribed.status()).isEqualTo(200);
      assertThat(Integer.parseInt(subscribed.field("expires").orElseThrow())).isBetween(500, 600);
      SipPacket first = next(heard);
      assertThat(first.start()).startsWith("NOTIFY sip:" + A + "@");
      assertThat(first.field("subscription-state").orElseThrow()).startsWith("active;expires=");
      assertThat(first.body()).isEmpty();
      assertThat(first.field("from").orElseThrow()).isEqualTo(subscribed.field("to").orElseThrow());
      assertThat(office.channel.reaches(A)).isTrue();
      CompletableFuture<Receipt> receipt =
          CompletableFuture.supplyAsync(() -> desk.send(office.channel));
      SipPacket order = next(heard);
      assertThat(order.field("cseq")).contains("2 NOTIFY");
      confirm(office, desk, end, line, order);
      desk.confirms(receipt.get(60, TimeUnit.SECONDS));
      // answered, it lies there no longer
      subscribe(line, SUBSCRIBES);
      assertThat(next(heard).body()).isEmpty();
      List<String> ends = List.of("Event: gridwarden-orders", "Expires: 0");
      assertThat(subscribe(line, ends).status()).isEqualTo(200);
      assertThat(next(heard).field("subscription-state")).contains("terminated;reason=timeout");
      assertThat(office.channel.reaches(A)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  @DisplayName("C9: a meter that is registered alone gets its order by MESSAGE")
  void whoIsRegisteredAlone(Transport transport) throws Exception {
    BlockingQueue<SipPacket> heard = new LinkedBlockingQueue<>();
    try (TestOffice office = new TestOffice(transport);
        SipLine line = office.line(office.wire(), A, heard::add)) {
      TestDesk desk = TestDesk.of(A);
      SipPacket registered = register(line);
      assertThat(registered.status()).isEqualTo(200);
      assertThat(registered.field("contact").orElseThrow())
          .startsWith(line.contact() + ";expires=");
      CompletableFuture<Receipt> receipt =
          CompletableFuture.supplyAsync(() -> desk.send(office.channel));
      SipPacket order = next(heard);
      assertThat(order.start()).startsWith("MESSAGE sip:" + A + "@");
      confirm(office, desk, office.end(A), line, order);
      desk.confirms(receipt.get(60, TimeUnit.SECONDS));
      assertThat(register(line, "Expires: 5").field("min-expires")).contains("60");
      assertThat(office.channel.reaches(A)).isTrue();
      assertThat(register(line, "Expires: 0").status()).isEqualTo(200);
      assertThat(office.channel.reaches(A)).isFalse();
    }
  }

  @Test
  void anOrderThatWasMissedIsToldWhenTheMeterComesAgain() throws Exception {
    BlockingQueue<SipPacket> heard = new LinkedBlockingQueue<>();
    try (TestOffice office = new TestOffice(Transport.TCP)) {
      TestDesk desk = TestDesk.of(A);
      MeterEnd end = office.end(A);
      CompletableFuture<Receipt> receipt;
      try (SipLine line = office.line(office.wire(), A, heard::add)) {
        subscribe(line, SUBSCRIBES);
        next(heard);
        receipt = CompletableFuture.supplyAsync(() -> desk.send(office.channel));
        assertThat(next(heard).body()).isNotEmpty();
      }
      await().atMost(LONG).until(() -> !office.channel.reaches(A));
      try (SipLine line = office.line(office.wire(), A, heard::add)) {
        register(line);
        SipPacket told = next(heard);
        assertThat(told.start()).startsWith("MESSAGE ");
        subscribe(line, SUBSCRIBES);
        SipPacket again = next(heard);
        assertThat(again.start()).startsWith("NOTIFY ");
        assertThat(again.body()).isEqualTo(told.body());
        confirm(office, desk, end, line, again);
        desk.confirms(receipt.get(60, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void whatIsNoSubscriptionIsRefused() throws Exception {
    try (TestOffice office = new TestOffice(Transport.TCP);
        SipLine line = office.line(office.wire(), A)) {
      assertThat(subscribe(line, List.of("Event: presence")).field("allow-events"))
          .contains("gridwarden-orders");
      assertThat(
              subscribe(line, List.of("Event: gridwarden-orders", "Accept: text/plain")).status())
          .isEqualTo(406);
      assertThat(subscribe(line, List.of("Event: gridwarden-orders", "Expires: 10")).status())
          .isEqualTo(423);
      assertThat(line.ask("SUBSCRIBE", "usage", SUBSCRIBES, new byte[0]).status()).isEqualTo(404);
      assertThat(register(line, "Contact: <sip:elsewhere@192.0.2.9>").status())
          .as("two places")
          .isEqualTo(403);
      assertThat(office.channel.reaches(A)).isFalse();
    }
  }

  /** A meter that answers, and one that does not, after the office has heard nothing for long. */
  @Test
  @DisplayName("OPTIONS tells who lives: a silent meter is asked, and lost where it says nothing")
  void whoLives() throws Exception {
    AtomicBoolean asked = new AtomicBoolean();
    MeterId b = TestOffice.B;
    try (TestOffice office =
            new TestOffice(Transport.UDP, Map.of("ping", "500ms"), AdmissionLimits.defaults());
        SipLine lives =
            office.line(
                office.wire(), A, p -> asked.compareAndSet(false, p.start().startsWith("OPT")))) {
      register(lives);
      SipWire wire = office.wire();
      try (SipLine dies = office.line(wire, b)) {
        register(dies);
        assertThat(office.channel.reaches(b)).isTrue();
      }
      await().atMost(LONG).untilTrue(asked);
      await().atMost(Duration.ofMinutes(3)).until(() -> !office.channel.reaches(b));
      assertThat(office.channel.tally().of(Tally.What.GONE)).isPositive();
      assertThat(office.channel.reaches(A)).isTrue();
    }
  }
}

package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Capture;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ClockReading;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Offer;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reach;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Received;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkEvent;
import org.gridwarden.dlms.LinkInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S19: meters that are called, read over an association and handed to intake. */
class CallChannelIT {
  private static final MeterId METER = new MeterId("GWS00000007");
  private static final Instant TO = Instant.parse("2026-11-24T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestOffice office = new TestOffice();
  private final Channel channel =
      new DlmsChannelFactory().create(Map.of("patience", "500ms")).getLast();
  private TestMeter meter;

  @BeforeEach
  void start() throws IOException, ChannelException {
    meter = new TestMeter();
    office.reach = new Reach(meter.address(), "", "", "idis2");
    channel.start(office.host());
  }

  @AfterEach
  void stop() throws IOException {
    channel.close();
    meter.close();
  }

  private MeterSession open() throws ChannelException, InterruptedException {
    return channel.open(METER, Deadline.in(PATIENCE));
  }

  private static ReadPlan plan(Instant from, ObisCode... objects) {
    return new ReadPlan(List.of(objects), from, TO);
  }

  private static List<Message> all(Stream<Message> messages) {
    try (messages) {
      return messages.toList();
    }
  }

  @Test
  @DisplayName("registers, a day's profile and events become messages with their evidence")
  void everything() throws Exception {
    assertThat(channel.reaches(METER)).isTrue();
    List<Message> messages;
    try (MeterSession session = open()) {
      assertThat(session.assurance()).isEqualTo(Assurance.MAC);
      messages =
          all(
              session.read(
                  plan(
                      TO.minus(Duration.ofDays(1)),
                      TestMeter.ENERGY,
                      TestMeter.PROFILE,
                      TestMeter.LOG)));
    }
    assertThat(messages).hasSize(3);
    assertThat(messages.get(0))
        .isInstanceOfSatisfying(
            Billing.class,
            billing -> {
              assertThat(billing.registers())
                  .singleElement()
                  .satisfies(reading -> {
                    assertThat(reading.at()).isEqualTo(TestOffice.NOW);
                    assertThat(reading.quality()).isEqualTo(Quality.GOOD);
                    assertThat(reading.value())
                        .isEqualTo(
                            new ScaledValue(
                                TestMeter.wattHours(TestOffice.NOW), 0, Unit.WATT_HOUR));
                  });
            });
    assertThat(messages.get(1))
        .isInstanceOfSatisfying(
            Usage.class,
            usage -> {
              // 96 slots have 97 ends
              assertThat(usage.captures()).hasSize(97);
              Capture last = usage.captures().getLast();
              assertThat(last.at()).isEqualTo(TO);
              assertThat(last.length()).isEqualTo(Duration.ofMinutes(15));
              assertThat(last.slotChannel()).isEqualTo(ObisCode.parse("1.0.1.29.0.255"));
              assertThat(last.value().raw()).isEqualTo(TestMeter.wattHours(TO));
            });
    assertThat(messages.get(2))
        .isInstanceOfSatisfying(
            Warning.class, warning -> assertThat(warning.code()).isEqualTo("tamper.magnet"));
    assertThat(office.submitted).hasSize(3).allSatisfy(this::provesItself);
    assertThat(office.submitted.stream().map(r -> r.id().counter()).distinct()).hasSize(3);
  }

  /** Evidence is the conversation, in wrappers: the question first, and the meter's own counter. */
  private void provesItself(Received received) {
    assertThat(received.how()).isEqualTo(Assurance.MAC);
    assertThat(received.via().toString()).isEqualTo("dlms/call");
    assertThat(received.id().keyId()).isEqualTo(TestOffice.KEY_ID);
    assertThat(received.id().counter()).isBetween(1_000L, meter.counter.get());
    LinkDecoder decoder = LinkDecoder.of(LinkInfo.Kind.WRAPPER, 1 << 16);
    decoder.feed(ByteBuffer.wrap(received.raw()));
    LinkEvent first = decoder.next().orElseThrow();
    assertThat(first)
        .isInstanceOfSatisfying(
            LinkEvent.Pdu.class, pdu -> assertThat(pdu.apdu()[0]).isEqualTo((byte) 0xC8));
    LinkEvent second = decoder.next().orElseThrow();
    assertThat(second)
        .isInstanceOfSatisfying(
            LinkEvent.Pdu.class, pdu -> assertThat(pdu.apdu()[0]).isEqualTo((byte) 0xCC));
  }

  @Test
  void aStreamReadsAnObjectWhenItComesToIt() throws Exception {
    try (MeterSession session = open();
        Stream<Message> messages =
            session.read(plan(TO.minus(Duration.ofDays(1)), TestMeter.ENERGY, TestMeter.PROFILE))) {
      assertThat(messages.findFirst()).get().isInstanceOf(Billing.class);
      assertThat(office.submitted).hasSize(1);
    }
  }

  @Test
  void aLongRangeIsReadInPartsAndAnEmptyOneIsNothing() throws Exception {
    try (MeterSession session = open()) {
      List<Message> messages =
          all(session.read(plan(TO.minus(Duration.ofDays(5)), TestMeter.PROFILE)));
      assertThat(messages).hasSize(3);
      assertThat(messages.stream().mapToInt(m -> ((Usage) m).captures().size()).sum())
          .isEqualTo(5 * 96 + 1);
      assertThat(
              all(
                  session.read(
                      new ReadPlan(
                          List.of(TestMeter.PROFILE),
                          TO.minus(Duration.ofDays(100)),
                          TO.minus(Duration.ofDays(99))))))
          .isEmpty();
    }
  }

  @Test
  void midnightRegistersAreReadingsAndNoIntervals() throws Exception {
    try (MeterSession session = open()) {
      List<Message> messages =
          all(session.read(plan(TO.minus(Duration.ofDays(3)), TestMeter.DAYS)));
      assertThat(messages)
          .singleElement()
          .isInstanceOfSatisfying(
              Billing.class,
              billing -> {
                assertThat(billing.registers()).hasSize(3);
                assertThat(billing.registers().getLast().at())
                    .isEqualTo(Instant.parse("2026-11-24T00:00:00Z"));
              });
    }
  }

  @Test
  void anEventReadTwiceIsTheSame() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (MeterSession session = open()) {
        all(session.read(plan(TO.minus(Duration.ofDays(1)), TestMeter.LOG)));
      }
    }
    assertThat(office.submitted.stream().map(r -> ((Warning) r.content().getFirst()).id()))
        .hasSize(2);
    assertThat(
            office.submitted.stream().map(r -> ((Warning) r.content().getFirst()).id()).distinct())
        .hasSize(1);
  }

  @Test
  void whatItOffersIsWhatItsCompanionSays() throws Exception {
    Offer offer = channel.offer(METER).orElseThrow();
    assertThat(offer.billing()).contains(TestMeter.ENERGY, TestMeter.DAYS);
    assertThat(offer.events()).contains(TestMeter.LOG);
    assertThat(offer.profiles())
        .singleElement()
        .satisfies(profile -> {
          assertThat(profile.object()).isEqualTo(TestMeter.PROFILE);
          assertThat(profile.slot()).isEqualTo(Duration.ofMinutes(15));
          assertThat(profile.channels())
              .containsExactly(ObisCode.parse("1.0.1.29.0.255"), ObisCode.parse("1.0.2.29.0.255"));
        });
    try (MeterSession session = open()) {
      all(session.read(plan(TO.minus(Duration.ofHours(1)), TestMeter.PROFILE)));
    }
    assertThat(channel.offer(METER).orElseThrow().profiles().getFirst().channels())
        .as("once the meter was asked, what it really captures")
        .containsExactly(ObisCode.parse("1.0.1.29.0.255"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"idis2", "generic"})
  @DisplayName("C36: a clock is read, and set or shifted under the meter's keys only")
  void clock(String companion) throws Exception {
    office.reach = new Reach(meter.address(), "", "", companion);
    meter.off = Duration.ofSeconds(-42);
    try (MeterSession session = open()) {
      ClockReading reading = session.clock();
      assertThat(reading.off()).isBetween(Duration.ofSeconds(-43), Duration.ofSeconds(-42));
      assertThat(reading.doubtful()).isFalse();
      session.shiftClock(Duration.ofSeconds(42));
      assertThat(meter.off).isEqualTo(Duration.ZERO);
    }
    office.policy = Meter.PushPolicy.PLAIN;
    office.reach = new Reach(meter.address(), "", "public", "idis2");
    try (MeterSession session = open()) {
      assertThat(session.assurance()).isEqualTo(Assurance.NONE);
      assertThatThrownBy(() -> session.shiftClock(Duration.ofSeconds(1)))
          .satisfies(e -> assertThat(code(e)).isEqualTo(Fault.Code.FORBIDDEN));
      assertThat(all(session.read(plan(TO, TestMeter.ENERGY))))
          .singleElement()
          .satisfies(m ->
              assertThat(((Billing) m).registers().getFirst().quality())
                  .isEqualTo(Quality.UNAUTHENTICATED));
    }
  }

  @Test
  @DisplayName("C7: a meter whose policy asks for authentication is not read without")
  void noDowngrade() {
    office.reach = new Reach(meter.address(), "", "public", "idis2");
    assertThatThrownBy(this::open)
        .satisfies(e -> assertThat(code(e)).isEqualTo(Fault.Code.FORBIDDEN));
  }

  @Test
  void whatCannotBeReachedIsAFaultInTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      office.reach = new Reach("127.0.0.1:" + silent.getLocalPort(), "", "", "idis2");
      assertThatThrownBy(this::open)
          .satisfies(e -> assertThat(code(e)).isEqualTo(Fault.Code.TIMEOUT));
    }
    office.reach = new Reach(meter.address(), "", "", "unheard");
    assertThatThrownBy(this::open)
        .satisfies(e -> assertThat(code(e)).isEqualTo(Fault.Code.CONFLICT));
    office.reach = Reach.NONE;
    assertThat(channel.reaches(METER)).isFalse();
    assertThat(channel.offer(METER)).isEmpty();
  }

  @Test
  void anInterruptGivesASessionUpAtOnce() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      office.reach = new Reach("127.0.0.1:" + silent.getLocalPort(), "", "", "idis2");
      Channel patient = new DlmsChannelFactory().create(Map.of("patience", "60s")).getLast();
      patient.start(office.host());
      CountDownLatch interrupted = new CountDownLatch(1);
      Thread asking =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  patient.open(METER, Deadline.in(Duration.ofMinutes(1)));
                } catch (InterruptedException e) {
                  interrupted.countDown();
                } catch (ChannelException e) {
                  throw new AssertionError(e);
                }
              });
      silent.accept();
      asking.interrupt();
      assertThat(asking.join(Duration.ofSeconds(10))).isTrue();
      assertThat(interrupted.getCount()).isZero();
    }
  }

  @Test
  @DisplayName("C38: what intake refuses is not read, and what came before it stands")
  void refused() throws Exception {
    office.stall = true;
    office.stalled.complete(
        new org.gridwarden.core.Intake.Outcome.Refused(
            new Fault(Fault.Code.REPLAYED, "intake", "seen before")));
    try (MeterSession session = open()) {
      assertThatThrownBy(() -> all(session.read(plan(TO, TestMeter.ENERGY))))
          .isInstanceOfSatisfying(
              MeterSession.Broken.class,
              e -> assertThat(e.why().fault().code()).isEqualTo(Fault.Code.REPLAYED));
    }
  }

  @Test
  @DisplayName("C9: a meter that was shipped without a seal has no desk, and is sent nothing")
  void aMeterWithoutADeskIsSentNothing() throws Exception {
    try (MeterSession session = open()) {
      assertThat(session.remembersCommands()).isFalse();
      SignedCommand command =
          new SignedCommand(new CommandId(new UUID(0, 1)), METER, new byte[] {1});
      assertThatThrownBy(() -> session.send(command))
          .satisfies(e -> assertThat(code(e)).isEqualTo(Fault.Code.FORBIDDEN));
    }
  }

  private static Fault.Code code(Throwable thrown) {
    return Optional.of(thrown)
        .filter(ChannelException.class::isInstance)
        .map(e -> ((ChannelException) e).fault().code())
        .orElseThrow(() -> new AssertionError("no fault", thrown));
  }
}

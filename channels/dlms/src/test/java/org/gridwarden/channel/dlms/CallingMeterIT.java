package org.gridwarden.channel.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Reach;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Usage;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** S19: a meter that calls in is known by its first authentic push, and read over its own line. */
class CallingMeterIT {
  private static final MeterId METER = new MeterId("GWS00000007");
  private static final Instant TO = Instant.parse("2026-11-24T12:00:00Z");

  private final TestOffice office = new TestOffice();
  private final Channel channel =
      new DlmsChannelFactory()
          .create(Map.of("tcp", Map.of("bind", "127.0.0.1", "port", 0), "patience", "1s"))
          .getFirst();
  private TestMeter meter;

  @BeforeEach
  void start() throws IOException, ChannelException {
    meter = new TestMeter();
    office.reach = new Reach("", "", "", "idis2");
    channel.start(office.host());
  }

  @AfterEach
  void stop() throws IOException {
    channel.close();
    meter.close();
  }

  /** The meter's side of its connection: it pushes, and answers what it is asked. */
  private final class Calling implements AutoCloseable {
    private final Socket socket;
    private final MeterAssociation association = new MeterAssociation(meter.device(), 1);
    private final CountDownLatch mute = new CountDownLatch(1);
    private volatile int confirmed;

    Calling() throws IOException {
      int port = Integer.parseInt(channel.id().instance().substring("tcp-".length()));
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      Thread.ofVirtual().start(this::serve);
    }

    void push() throws IOException {
      byte[] apdu =
          TestOffice.sealed(TestOffice.push(true, TestOffice.NOW), meter.counter.getAndIncrement());
      synchronized (this) {
        socket.getOutputStream().write(Wrapper.encode(1, 1, apdu));
      }
    }

    private void serve() {
      try {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
          in.readUnsignedShort(); // version
          int client = in.readUnsignedShort();
          in.readUnsignedShort(); // logical device 1
          byte[] apdu = in.readNBytes(in.readUnsignedShort());
          if ((apdu[0] & 0xFF) == 0xDB) {
            confirmed++; // the push's confirm comes as general-glo-ciphering
            continue;
          }
          if (mute.getCount() == 0) {
            continue;
          }
          for (byte[] answer : association.answer(apdu)) {
            synchronized (this) {
              socket.getOutputStream().write(Wrapper.encode(1, client, answer));
            }
            if (confirmed == 1) {
              push(); // in the midst of it
              confirmed++;
            }
          }
        }
      } catch (IOException e) {
        // the office has closed it
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static ReadPlan day() {
    return new ReadPlan(List.of(TestMeter.PROFILE), TO.minus(Duration.ofDays(1)), TO);
  }

  private MeterSession open() throws ChannelException, InterruptedException {
    return channel.open(METER, Deadline.in(Duration.ofSeconds(20)));
  }

  @Test
  @DisplayName("it is read over its own connection, and its pushes in between arrive as well")
  void read() throws Exception {
    assertThat(channel.reaches(METER)).isFalse();
    try (Calling line = new Calling()) {
      line.push();
      await().atMost(TestOffice.SOON).until(() -> line.confirmed == 1);
      assertThat(channel.reaches(METER)).isTrue();
      for (int i = 0; i < 2; i++) {
        try (MeterSession session = open();
            Stream<Message> messages = session.read(day())) {
          assertThat(messages)
              .singleElement()
              .satisfies(m -> assertThat(((Usage) m).captures()).hasSize(97));
        }
      }
      await().atMost(TestOffice.SOON).until(() -> line.confirmed == 3);
      assertThat(office.submitted).as("two pushes and two profiles").hasSize(4);
    }
    await().atMost(TestOffice.SOON).until(() -> !channel.reaches(METER));
  }

  @Test
  void oneSessionAtATime() throws Exception {
    try (Calling line = new Calling()) {
      line.push();
      await().atMost(TestOffice.SOON).until(() -> channel.reaches(METER));
      try (MeterSession session = open()) {
        assertThatThrownBy(this::open)
            .isInstanceOfSatisfying(
                ChannelException.class,
                e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.BUSY));
        assertThat(session.clock().off()).isLessThan(Duration.ofSeconds(2));
      }
      open().close();
    }
  }

  @Test
  @DisplayName("an answer that does not come ends the connection: no late one is taken for another")
  void late() throws Exception {
    try (Calling line = new Calling()) {
      line.push();
      await().atMost(TestOffice.SOON).until(() -> channel.reaches(METER));
      line.mute.countDown();
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              ChannelException.class,
              e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.TIMEOUT));
      await().atMost(TestOffice.SOON).until(() -> !channel.reaches(METER));
    }
  }
}

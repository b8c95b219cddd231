package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.amqp.TestOffice.A;
import static org.gridwarden.channel.amqp.TestOffice.SOON;
import static org.gridwarden.channel.amqp.TestOffice.sent;
import static org.gridwarden.channel.amqp.TestOffice.usage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 1,500 connections of one client, held open and opened again as they are closed. */
class SlowSessionsIT {
  private static final int CONNECTIONS = 1_500;
  private static final int HONEST = 10;
  private static final int ATTEMPTS = 5;

  /** What each of the attacker's connections says before it falls silent. */
  enum Said {
    NOTHING,
    THE_HEADER,
    HALF_A_LOGIN;

    byte[] bytes() {
      byte[] init = Sasl.init(Sasl.PLAIN, new byte[] {0, 'x', 0, 'y'});
      return switch (this) {
        case NOTHING -> new byte[] {};
        case THE_HEADER -> Sasl.HEADER;
        case HALF_A_LOGIN ->
            ByteBuffer.allocate(Sasl.HEADER.length + init.length - 3)
                .put(Sasl.HEADER)
                .put(init, 0, init.length - 3)
                .array();
      };
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NOTHING,127.0.0.9",
    "NOTHING,127.0.0.66",
    "THE_HEADER,127.0.0.9",
    "THE_HEADER,127.0.0.66",
    "HALF_A_LOGIN,127.0.0.9",
    "HALF_A_LOGIN,127.0.0.66"
  })
  @DisplayName("C40: 10 of 10 honest clients are served while 1,500 sessions fall silent")
  void honestClientsAreServed(Said said, String honestFrom) throws Exception {
    try (TestOffice office = new TestOffice();
        Crowd crowd = new Crowd(office.port(), said.bytes())) {
      await().atMost(SOON.multipliedBy(2)).until(() -> crowd.opened >= CONNECTIONS);
      MeterEnd end = office.end(A);
      int served = 0;
      for (int i = 0; i < HONEST; i++) {
        byte[] message = end.seal(Form.SENML_CBOR, usage(A, i));
        served += isServed(office, honestFrom, message) ? 1 : 0;
      }
      assertThat(served).isEqualTo(HONEST);
    }
  }

  /** A meter tries again where it was put out before it could say who it is. */
  private static boolean isServed(TestOffice office, String from, byte[] message) throws Exception {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try (AmqpLine line = TestOffice.open(office.socket(from), TestOffice.login(A))) {
        return sent(line, TestOffice.up(A), message).accepted();
      } catch (IOException | ExecutionException e) {
        System.out.println("attempt " + attempt + " from " + from + ": " + e.getMessage());
      }
    }
    return false;
  }

  /** The attacker at 127.0.0.66: as many connections as it can hold, for as long as it lives. */
  private static final class Crowd implements AutoCloseable {
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final List<SocketChannel> open = new ArrayList<>();
    private final Thread thread;
    private final int port;
    private final byte[] said;
    volatile int opened;

    Crowd(int port, byte[] said) {
      this.port = port;
      this.said = said;
      this.thread = Thread.ofPlatform().name("crowd").start(this::run);
    }

    private void run() {
      while (running.get()) {
        try {
          SocketChannel channel = SocketChannel.open();
          channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.66"), 0));
          channel.connect(new InetSocketAddress("127.0.0.1", port));
          channel.write(ByteBuffer.wrap(said));
          open.add(channel);
          opened++;
          if (open.size() > CONNECTIONS) {
            open.removeFirst().close();
          }
        } catch (SocketException e) {
          // refused at once: tries again
        } catch (IOException e) {
          return;
        }
      }
    }

    @Override
    public void close() throws Exception {
      running.set(false);
      thread.join();
      for (SocketChannel channel : open) {
        channel.close();
      }
    }
  }
}

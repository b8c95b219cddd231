package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.mqtt.TestOffice.A;
import static org.gridwarden.channel.mqtt.TestOffice.SOON;
import static org.gridwarden.channel.mqtt.TestOffice.up;
import static org.gridwarden.channel.mqtt.TestOffice.usage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.simulator.mqtt.MqttClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** 1,500 connections of one client, held open and opened again as they are closed. */
class SlowSessionsIT {
  private static final int CONNECTIONS = 1_500;
  private static final int HONEST = 10;

  /** A CONNECT of MQTT 3.1.1 without a password, and the beginning of one. */
  private static final byte[] CONNECT =
      HexFormat.of().parseHex("101300044d5154540402003c000747572d30303031");

  @ParameterizedTest
  @CsvSource({"true,127.0.0.9", "true,127.0.0.66", "false,127.0.0.9", "false,127.0.0.66"})
  @DisplayName("C40: 10 of 10 honest clients are served while 1,500 sessions fall silent")
  void honestClientsAreServed(boolean saysConnect, String honestFrom) throws Exception {
    try (TestOffice office = new TestOffice();
        Crowd crowd = new Crowd(office.port(), saysConnect)) {
      await().atMost(SOON.multipliedBy(3)).until(() -> crowd.opened >= CONNECTIONS);
      MeterEnd end = office.end(A);
      int served = 0;
      for (int i = 0; i < HONEST; i++) {
        try (MqttClient client =
            MqttClient.open(office.socket(honestFrom), office.options(A), (t, p) -> {})) {
          client.connected().get(SOON.toSeconds(), TimeUnit.SECONDS);
          byte[] message = end.seal(Form.SENML_CBOR, usage(A, i));
          if (client.publish(up(A, "usage"), message, 1).get(SOON.toSeconds(), TimeUnit.SECONDS)
              == 0) {
            served++;
          }
        }
      }
      assertThat(served).isEqualTo(HONEST);
    }
  }

  /** The attacker at 127.0.0.66: as many connections as it can hold, for as long as it lives. */
  private static final class Crowd implements AutoCloseable {
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final List<SocketChannel> open = new ArrayList<>();
    private final Thread thread;
    private final int port;
    private final boolean saysConnect;
    volatile int opened;

    Crowd(int port, boolean saysConnect) {
      this.port = port;
      this.saysConnect = saysConnect;
      this.thread = Thread.ofPlatform().name("crowd").start(this::run);
    }

    private void run() {
      while (running.get()) {
        try {
          SocketChannel channel = SocketChannel.open();
          channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.66"), 0));
          channel.connect(new InetSocketAddress("127.0.0.1", port));
          channel.write(
              ByteBuffer.wrap(CONNECT, 0, saysConnect ? CONNECT.length : CONNECT.length / 2));
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

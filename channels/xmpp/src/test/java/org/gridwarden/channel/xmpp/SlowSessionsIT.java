package org.gridwarden.channel.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.xmpp.TestOffice.A;
import static org.gridwarden.channel.xmpp.TestOffice.usage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.xmpp.XmppCarrier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 1,500 connections of one client at Prosody as the recipe has it, with 1,024 descriptors, held
 * open and opened again as they are closed.
 */
class SlowSessionsIT {
  private static final int CONNECTIONS = 1_500;
  private static final int HONEST = 10;
  private static final long BREATH = 20_000_000L; // nanoseconds
  private static final String STREAM =
      "<?xml version='1.0'?><stream:stream to='meters.example' version='1.0' xmlns='jabber:client'"
          + " xmlns:stream='http://etherx.jabber.org/streams'>";
  private static final String TLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"nothing,127.0.0.66", "stream,127.0.0.66", "tls,127.0.0.9", "tls,127.0.0.66"})
  @DisplayName("C40: 10 of 10 honest meters are served while 1,500 connections fall silent")
  void honestMetersAreServed(String says, String honestFrom) throws Exception {
    String words =
        switch (says) {
          case "nothing" -> "<";
          case "stream" -> STREAM;
          default -> STREAM + TLS;
        };
    try (TestProsody prosody = TestProsody.start(folder, 8_192);
        TestOffice office = new TestOffice(prosody);
        Crowd crowd = new Crowd(prosody.clients(), words)) {
      await().atMost(TestProsody.PATIENCE).until(() -> crowd.opened >= CONNECTIONS);
      MeterEnd end = office.end(A);
      XmppCarrier carrier = prosody.carrier().from(InetAddress.getByName(honestFrom));
      int served = 0;
      for (int i = 0; i < HONEST; i++) {
        try (Carrier.Way way = carrier.open(office.caller(A, end, _ -> {}))) {
          way.send(MessageClass.USAGE, end.seal(Form.SENML_CBOR, usage(A, i)));
          served++;
        }
      }
      assertThat(served).isEqualTo(HONEST);
    }
  }

  /** The attacker at 127.0.0.66: as many connections as it can hold, for as long as it lives. */
  private static final class Crowd implements AutoCloseable {
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final @Nullable SocketChannel[] held = new SocketChannel[CONNECTIONS];
    private final Thread thread;
    private final int port;
    private final byte[] words;
    volatile int opened;

    Crowd(int port, String words) {
      this.port = port;
      this.words = words.getBytes(StandardCharsets.US_ASCII);
      this.thread = Thread.ofPlatform().name("crowd").start(this::run);
    }

    private void run() {
      ByteBuffer one = ByteBuffer.allocate(4_096);
      while (running.get()) {
        for (int i = 0; i < CONNECTIONS && running.get(); i++) {
          if (isOpen(held[i], one.clear())) {
            continue;
          }
          try {
            held[i] = open();
            opened++;
          } catch (IOException e) {
            // refused at once: tries again
          }
        }
        LockSupport.parkNanos(BREATH);
      }
    }

    private SocketChannel open() throws IOException {
      SocketChannel channel = SocketChannel.open();
      channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.66"), 0));
      channel.connect(new InetSocketAddress("127.0.0.1", port));
      channel.write(ByteBuffer.wrap(words));
      channel.configureBlocking(false);
      return channel;
    }

    private static boolean isOpen(@Nullable SocketChannel channel, ByteBuffer space) {
      try {
        return channel != null && channel.read(space) >= 0;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void close() throws Exception {
      running.set(false);
      thread.join();
      for (SocketChannel channel : held) {
        if (channel != null) {
          channel.close();
        }
      }
    }
  }
}

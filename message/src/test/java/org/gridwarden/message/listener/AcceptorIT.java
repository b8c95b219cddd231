package org.gridwarden.message.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Health;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Connections over loopback, and sessions that do next to nothing. */
class AcceptorIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Tally tally = new Tally();
  private final LimitedAdmission admission = new LimitedAdmission(AdmissionLimits.defaults());
  private final List<Socket> connected = new ArrayList<>();

  /** Nobody is known here: nothing is said. */
  private static final class Nobody implements MeterDirectory {
    @Override
    public Optional<Meter> byId(MeterId id) {
      return Optional.empty();
    }

    @Override
    public Optional<Meter> bySystemTitle(byte[] title) {
      return Optional.empty();
    }

    @Override
    public Optional<Meter> bySerial(String serial) {
      return Optional.empty();
    }
  }

  private Channel.Host host() {
    return new Channel.Host(
        message -> CompletableFuture.completedFuture(new Outcome.Stored()),
        new Nobody(),
        (meter, purpose) -> Optional.empty(),
        admission,
        (meter, key, block) -> 0,
        InstantSource.fixed(Instant.EPOCH));
  }

  private Acceptor acceptor(int port, int maxSessions) {
    return new Acceptor(
        new Acceptor.Place("test", "127.0.0.1", port, Acceptor.Security.NONE), maxSessions, tally);
  }

  /** Reads until the other end has gone, or it is told to stop. */
  private record Reading(Acceptor.Accepted accepted) implements Acceptor.Session {
    @Override
    public void run() {
      try {
        while (accepted.pipe().socket().getInputStream().read() >= 0) {
          // thrown away
        }
      } catch (IOException e) {
        // put out
      } finally {
        accepted.pipe().abort();
        accepted.ticket().close();
      }
    }

    @Override
    public void stop() {
      accepted.pipe().stopReading();
    }

    @Override
    public void abort() {
      accepted.pipe().abort();
    }
  }

  private void connect(Acceptor acceptor, int times) throws IOException {
    int port = Integer.parseInt(acceptor.id().instance().substring("tcp-".length()));
    for (int i = 0; i < times; i++) {
      Socket socket = new Socket();
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      connected.add(socket);
    }
  }

  private void disconnect() throws IOException {
    for (Socket socket : connected) {
      socket.close();
    }
  }

  @Test
  @DisplayName("C40: no more is accepted while 64 connections wait for a thread")
  void acceptingWaitsForTheAccepted() throws Exception {
    int flood = 4 * Acceptor.STARTING;
    CountDownLatch free = new CountDownLatch(1);
    AtomicInteger taken = new AtomicInteger();
    List<Thread> spinning = new ArrayList<>();
    try (Acceptor acceptor = acceptor(0, 10_000)) {
      acceptor.start(
          host(),
          accepted -> {
            taken.incrementAndGet();
            return new Reading(accepted);
          });
      // all threads that virtual ones run on are busy, as under a flood
      AtomicInteger busy = new AtomicInteger();
      int carriers = Runtime.getRuntime().availableProcessors();
      for (int i = 0; i < carriers; i++) {
        spinning.add(
            Thread.startVirtualThread(() -> {
              busy.incrementAndGet();
              while (free.getCount() > 0) {
                Thread.onSpinWait();
              }
            }));
      }
      await().atMost(SOON).until(() -> busy.get() == carriers);
      connect(acceptor, flood);
      await().atMost(SOON).until(() -> waits("test-" + acceptor.id().instance()));
      assertThat(taken).hasValue(Acceptor.STARTING + 1);
      free.countDown();
      await().atMost(SOON).until(() -> taken.get() == flood);
      disconnect();
      await().atMost(SOON).until(() -> admission.counts().sessions() == 0);
    } finally {
      free.countDown();
      for (Thread thread : spinning) {
        thread.join();
      }
    }
  }

  /** Whether the thread that accepts waits for the accepted. */
  private static boolean waits(String thread) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(e -> e.getKey().getName().equals(thread))
        .anyMatch(e ->
            Arrays.stream(e.getValue())
                .anyMatch(frame -> frame.getMethodName().equals("acquireUninterruptibly")));
  }

  @Test
  void whoIsOneTooManyIsClosed() throws Exception {
    try (Acceptor acceptor = acceptor(0, 3)) {
      acceptor.start(host(), Reading::new);
      connect(acceptor, 5);
      await().atMost(SOON).until(() -> tally.of(Tally.What.OVER_LIMIT) == 2);
      assertThat(connected.getLast().getInputStream().read()).isEqualTo(-1);
      assertThat(acceptor.health().state()).isEqualTo(Health.State.UP);
      assertThat(acceptor.health().detail()).contains("3 connections").contains("2 over limit");
      disconnect();
      await().atMost(SOON).until(() -> admission.counts().sessions() == 0);
    }
  }

  @Test
  void aPortThatIsTakenIsSaid() throws Exception {
    try (Acceptor first = acceptor(0, 10)) {
      first.start(host(), Reading::new);
      int port = Integer.parseInt(first.id().instance().substring("tcp-".length()));
      try (Acceptor second = acceptor(port, 10)) {
        assertThatThrownBy(() -> second.start(host(), Reading::new))
            .isInstanceOfSatisfying(
                ChannelException.class,
                e ->
                    assertThat(e.fault().where())
                        .isEqualTo("channels.test.tcp, 127.0.0.1:" + port));
        assertThat(second.health().state()).isEqualTo(Health.State.DOWN);
      }
    }
  }

  @Test
  void closingEndsWhatIsUnderWay() throws Exception {
    try (Acceptor acceptor = acceptor(0, 10)) {
      acceptor.start(host(), Reading::new);
      connect(acceptor, 3);
      await().atMost(SOON).until(() -> admission.counts().sessions() == 3);
      acceptor.close();
      assertThat(connected.getFirst().getInputStream().read()).isEqualTo(-1);
      assertThat(admission.counts().sessions()).isZero();
    }
  }
}

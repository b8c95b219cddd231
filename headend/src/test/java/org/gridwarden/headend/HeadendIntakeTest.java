package org.gridwarden.headend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Received;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeadendIntakeTest {
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final LiveFeed live = new LiveFeed();
  private final List<String> poisoned = new CopyOnWriteArrayList<>();
  private final List<HeadendIntake> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(HeadendIntake::close);
    live.close();
  }

  private static IntakeSettings settings(int partitions, int queued, int batch) {
    return new IntakeSettings(
        partitions,
        queued,
        64L << 20,
        512,
        batch,
        16L << 20,
        Duration.ofMillis(5),
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(200));
  }

  private HeadendIntake start(IntakeSettings settings, BatchCommit commit) {
    HeadendIntake intake =
        new HeadendIntake(
            settings,
            commit,
            (message, reason) -> poisoned.add(message.id() + " " + reason),
            live,
            metrics);
    open.add(intake);
    return intake;
  }

  private static List<Outcome> stored(List<Received> batch) {
    return batch.stream().map(m -> (Outcome) new Outcome.Stored()).toList();
  }

  private static Outcome outcome(CompletableFuture<Outcome> promise) throws Exception {
    return promise.get(30, TimeUnit.SECONDS);
  }

  private static CompletableFuture<Outcome> submit(HeadendIntake intake, Received message)
      throws InterruptedException {
    return intake.submit(message).toCompletableFuture();
  }

  @Test
  @DisplayName("C38: no promise is kept before the commit has returned")
  void acknowledgesAfterTheCommitOnly() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch commit = new CountDownLatch(1);
    HeadendIntake intake =
        start(
            settings(1, 100, 10),
            batch -> {
              reached.countDown();
              commit.await();
              return stored(batch);
            });
    CompletableFuture<Outcome> promise = submit(intake, Messages.bulk("M1", 1));
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(promise).isNotDone();
    commit.countDown();
    assertThat(outcome(promise)).isEqualTo(new Outcome.Stored());
    assertThat(metrics.counter("gridwarden.intake.messages", "outcome", "stored").count())
        .isEqualTo(1);
  }

  @Test
  @DisplayName("C38: a database that is down and comes back loses nothing and doubles nothing")
  void outlastsTheDatabase() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    Set<MessageId> durable = new HashSet<>();
    HeadendIntake intake =
        start(
            settings(1, 1_000, 50),
            batch -> {
              int turn = tries.incrementAndGet();
              if (turn <= 5) {
                throw new IllegalStateException(new SQLException("connection refused", "08001"));
              }
              List<Outcome> outcomes = new ArrayList<>();
              for (Received message : batch) {
                outcomes.add(
                    durable.add(message.id()) ? new Outcome.Stored() : new Outcome.Duplicate());
              }
              if (turn == 6) {
                // the commit went through, its answer did not come back
                throw new SQLException("connection lost", "08006");
              }
              return outcomes;
            });
    List<CompletableFuture<Outcome>> promises = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      promises.add(submit(intake, Messages.bulk("M" + i % 20, i)));
    }
    for (CompletableFuture<Outcome> promise : promises) {
      assertThat(outcome(promise)).isInstanceOfAny(Outcome.Stored.class, Outcome.Duplicate.class);
    }
    assertThat(durable).hasSize(200);
    assertThat(intake.health().state()).isEqualTo(Health.State.UP);
    assertThat(metrics.counter("gridwarden.intake.retries").count()).isGreaterThanOrEqualTo(6);
  }

  @Test
  void isDownWhileTheDatabaseIs() throws Exception {
    AtomicBoolean down = new AtomicBoolean(true);
    HeadendIntake intake =
        start(
            settings(1, 100, 10),
            batch -> {
              if (down.get()) {
                throw new SQLException("the database is starting up", "57P03");
              }
              return stored(batch);
            });
    CompletableFuture<Outcome> promise = submit(intake, Messages.bulk("M1", 1));
    await().until(() -> intake.health().state() == Health.State.DOWN);
    assertThat(intake.health().detail()).contains("nothing is acknowledged");
    assertThat(promise).isNotDone();
    down.set(false);
    assertThat(outcome(promise)).isEqualTo(new Outcome.Stored());
    await().until(() -> intake.health().state() == Health.State.UP);
  }

  @Test
  @DisplayName("an alarm overtakes 10,000 bulk messages")
  void anAlarmOvertakesBulk() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ConcurrentLinkedQueue<Received> order = new ConcurrentLinkedQueue<>();
    HeadendIntake intake =
        start(
            settings(1, 20_000, 100),
            batch -> {
              first.countDown();
              go.await();
              order.addAll(batch);
              return stored(batch);
            });
    submit(intake, Messages.bulk("M0", 0));
    assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
    for (int i = 1; i <= 10_000; i++) {
      submit(intake, Messages.bulk("M" + i % 500, i));
    }
    CompletableFuture<Outcome> alarm = submit(intake, Messages.alarm("M9", 99_999));
    go.countDown();
    outcome(alarm);
    await().until(() -> order.size() == 10_002);
    List<Long> counters = order.stream().map(m -> m.id().counter()).toList();
    assertThat(counters.indexOf(99_999L)).isEqualTo(1);
  }

  @Test
  @DisplayName("an alarm finds room where bulk waits for it")
  void aFullQueueHoldsBulkBackAndLetsAlarmsIn() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    HeadendIntake intake =
        start(
            settings(1, 10, 5),
            batch -> {
              go.await();
              return stored(batch);
            });
    AtomicInteger in = new AtomicInteger();
    List<CompletableFuture<Outcome>> promises = new CopyOnWriteArrayList<>();
    List<Thread> givers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int number = i;
      givers.add(
          Thread.startVirtualThread(() -> {
            try {
              promises.add(submit(intake, Messages.bulk("M" + number, number)));
              in.incrementAndGet();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }));
    }
    await().until(() -> intake.state().blocked() == 40);
    assertThat(in).hasValue(10);
    assertThat(intake.health().state()).isEqualTo(Health.State.ATTENTION);
    CompletableFuture<Outcome> alarm = submit(intake, Messages.alarm("M3", 1_000));
    go.countDown();
    assertThat(outcome(alarm)).isEqualTo(new Outcome.Stored());
    for (Thread giver : givers) {
      giver.join();
    }
    for (CompletableFuture<Outcome> promise : promises) {
      assertThat(outcome(promise)).isEqualTo(new Outcome.Stored());
    }
    assertThat(promises).hasSize(50);
    await().until(() -> intake.state().queued() == 0);
  }

  @Test
  @DisplayName("C21: one meter's flood blocks itself, and another meter is stored meanwhile")
  void oneMetersFloodBlocksItselfOnly() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    HeadendIntake intake =
        start(
            settings(1, 10_000, 100),
            batch -> {
              go.await();
              return stored(batch);
            });
    AtomicInteger in = new AtomicInteger();
    Thread flood =
        Thread.startVirtualThread(() -> {
          try {
            for (int i = 0; i < 2_000; i++) {
              submit(intake, Messages.bulk("flood", i));
              in.incrementAndGet();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    await().until(() -> intake.state().blocked() == 1);
    assertThat(in).hasValue(512);
    CompletableFuture<Outcome> honest = submit(intake, Messages.bulk("honest", 1));
    go.countDown();
    assertThat(outcome(honest)).isEqualTo(new Outcome.Stored());
    flood.join();
    assertThat(in).hasValue(2_000);
  }

  @Test
  void oneMessageThatCannotBeStoredIsFoundAndRefusedAlone() throws Exception {
    HeadendIntake intake =
        start(
            settings(1, 1_000, 1_000),
            batch -> {
              if (batch.stream().anyMatch(m -> m.id().counter() == 37)) {
                throw new SQLException("numeric field overflow", "22003");
              }
              return stored(batch);
            });
    List<CompletableFuture<Outcome>> promises = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      promises.add(submit(intake, Messages.bulk("M" + i, i)));
    }
    for (int i = 0; i < 100; i++) {
      Outcome outcome = outcome(promises.get(i));
      if (i == 37) {
        assertThat(outcome)
            .isInstanceOfSatisfying(
                Outcome.Refused.class,
                refused -> assertThat(refused.fault().code()).isEqualTo(Fault.Code.INTERNAL));
      } else {
        assertThat(outcome).isEqualTo(new Outcome.Stored());
      }
    }
    assertThat(poisoned).singleElement().asString().contains("M37/", "overflow");
  }

  @Test
  void closingDrainsAndThenRefuses() throws Exception {
    HeadendIntake intake = start(settings(2, 1_000, 10), HeadendIntakeTest::stored);
    List<CompletableFuture<Outcome>> promises = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      promises.add(submit(intake, Messages.bulk("M" + i, i)));
    }
    intake.close();
    for (CompletableFuture<Outcome> promise : promises) {
      assertThat(outcome(promise)).isEqualTo(new Outcome.Stored());
    }
    assertThat(outcome(submit(intake, Messages.bulk("M1", 999))))
        .isInstanceOfSatisfying(
            Outcome.Refused.class, r -> assertThat(r.fault().code()).isEqualTo(Fault.Code.BUSY));
  }

  @Test
  void closingDoesNotWaitForADatabaseThatStaysDown() throws Exception {
    HeadendIntake intake =
        start(
            settings(1, 100, 10),
            batch -> {
              throw new SQLException("gone", "08006");
            });
    List<CompletableFuture<Outcome>> promises = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      promises.add(submit(intake, Messages.bulk("M" + i, i)));
    }
    intake.close();
    for (CompletableFuture<Outcome> promise : promises) {
      assertThat(outcome(promise))
          .isInstanceOfSatisfying(
              Outcome.Refused.class, r -> assertThat(r.fault().code()).isEqualTo(Fault.Code.BUSY));
    }
  }

  @Test
  void aMeterAlwaysFallsIntoTheSamePartition() {
    // CRC-32C of "123456789" is 0xE3069283 (RFC 3720, appendix B.4 has its parameters)
    assertThat(Partitions.of(new org.gridwarden.core.MeterId("123456789"), 1 << 16))
        .isEqualTo(0x9283);
    Set<Integer> used = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      used.add(Partitions.of(new org.gridwarden.core.MeterId("M" + i), 8));
    }
    assertThat(used).hasSize(8);
  }
}

package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.client.MeterPool;
import org.gridwarden.dlms.client.Walk;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MeterPoolTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final List<Integer> THOUSANDS = IntStream.range(0, 5_000).boxed().toList();

  private static <M, T> List<Walk.Result<M, T>> all(Walk<M, T> walk) throws InterruptedException {
    List<Walk.Result<M, T>> results = new ArrayList<>();
    for (var next = walk.next(); next.isPresent(); next = walk.next()) {
      results.add(next.get());
    }
    return results;
  }

  @Test
  @DisplayName("thousands of meters are visited, each once, and never more at a time than allowed")
  void thousands() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (MeterPool pool = new MeterPool(50, LONG);
        Walk<Integer, Outcome> walk =
            pool.walk(
                THOUSANDS,
                _ -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  try (Association to = TestMeter.create().open(16, AssociationRequest.open())) {
                    return to.get(TestMeter.LEFT_VALUE);
                  } finally {
                    now.decrementAndGet();
                  }
                })) {
      Set<Integer> seen = new HashSet<>();
      for (Walk.Result<Integer, Outcome> result : all(walk)) {
        assertThat(result).isInstanceOf(Walk.Result.Done.class);
        assertThat(seen.add(result.meter())).isTrue();
      }
      assertThat(seen).hasSize(THOUSANDS.size());
      assertThat(most.get()).isBetween(1, 50);
      assertThat(walk.next()).as("at the end, again").isEmpty();
    }
  }

  @Test
  @DisplayName("a meter that takes too long or fails says so, and holds up no other")
  void failures() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (MeterPool pool = new MeterPool(4, Duration.ofMillis(50));
        Walk<Integer, Integer> walk =
            pool.walk(
                List.of(1, 2, 3, 4, 5, 6),
                meter -> {
                  if (meter == 2) {
                    never.await();
                  }
                  if (meter == 3) {
                    throw new IOException("no way");
                  }
                  return meter * 10;
                })) {
      assertThat(all(walk))
          .hasSize(6)
          .allSatisfy(result -> {
            switch (result) {
              case Walk.Result.Done<Integer, Integer>(Integer meter, Integer value) ->
                  assertThat(value).isEqualTo(meter * 10);
              case Walk.Result.Failed<Integer, Integer>(Integer meter, Exception why) ->
                  assertThat(why)
                      .isInstanceOf(meter == 2 ? SocketTimeoutException.class : IOException.class);
            }
          })
          .filteredOn(result -> result instanceof Walk.Result.Failed)
          .hasSize(2);
    }
  }

  @Test
  @DisplayName("cancelling interrupts the visits under way, and begins no others")
  void cancel() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(3);
    CountDownLatch interrupted = new CountDownLatch(3);
    AtomicInteger visits = new AtomicInteger();
    try (MeterPool pool = new MeterPool(3, LONG)) {
      Walk<Integer, Integer> walk =
          pool.walk(
              THOUSANDS,
              meter -> {
                visits.incrementAndGet();
                begun.countDown();
                try {
                  never.await();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                  throw e;
                }
                return meter;
              });
      begun.await();
      walk.close();
      assertThat(interrupted.getCount()).isZero();
      assertThat(visits.get()).isEqualTo(3);
      assertThat(walk.next()).isEmpty();
      // its places are free for others
      assertThat(all(pool.walk(List.of(1, 2, 3, 4), meter -> meter))).hasSize(4);
    }
  }

  @Test
  @DisplayName("who does not take the results holds up the visits")
  void backPressure() throws Exception {
    AtomicInteger visits = new AtomicInteger();
    try (MeterPool pool = new MeterPool(2, LONG);
        Walk<Integer, Integer> walk = pool.walk(THOUSANDS, _ -> visits.incrementAndGet())) {
      for (int taken = 1; taken <= 100; taken++) {
        walk.next();
        // a place and a half each: those taken, those that wait, those that are visited
        assertThat(visits.get()).isLessThanOrEqualTo(taken + 3 + 2);
      }
    }
  }

  @Test
  @DisplayName("meters that cannot be told are an error of the walk, not its end")
  void brokenList() throws Exception {
    Iterable<Integer> meters =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Integer next() {
                throw new IllegalArgumentException("no such file");
              }
            };
    try (MeterPool pool = new MeterPool(2, LONG);
        Walk<Integer, Integer> walk = pool.walk(meters, meter -> meter)) {
      assertThatThrownBy(walk::next).isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> new MeterPool(0, LONG)).isInstanceOf(IllegalArgumentException.class);
  }
}

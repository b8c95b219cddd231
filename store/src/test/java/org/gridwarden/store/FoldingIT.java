package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.store.Messages.ENERGY;
import static org.gridwarden.store.Messages.QUARTER;
import static org.gridwarden.store.Messages.counted;
import static org.gridwarden.store.Messages.slots;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Slot;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FoldingIT {
  private static final Instant FIRST = Instant.parse("2026-05-04T00:00:00Z");
  private static final int METERS = 12;
  private static final int WRITERS = 3;
  private static final int SLOTS = 300;

  private final Store store = SharedStore.store();

  @Test
  @DisplayName("folding while intake goes on: every reader sees every acknowledged slot, once")
  void underLoad() throws Exception {
    List<MeterId> meters = new ArrayList<>();
    for (int m = 0; m < METERS; m++) {
      meters.add(SharedStore.meter());
    }
    AtomicIntegerArray acknowledged = new AtomicIntegerArray(METERS);
    AtomicBoolean done = new AtomicBoolean();
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<?>> writers = new ArrayList<>();
      for (int w = 0; w < WRITERS; w++) {
        int part = w;
        writers.add(threads.submit(() -> write(meters, part, acknowledged)));
      }
      Future<Integer> folder =
          threads.submit(() -> {
            int folds = 0;
            for (; !done.get(); folds++) {
              store.folding().fold();
            }
            return folds;
          });
      Future<Integer> reader =
          threads.submit(() -> {
            int reads = 0;
            for (; !done.get(); reads++) {
              int m = reads % METERS;
              int before = acknowledged.get(m);
              List<Slot> seen = slotsOf(meters.get(m));
              assertThat(seen.size()).isGreaterThanOrEqualTo(before);
              inOrderAndRight(seen);
            }
            return reads;
          });
      try {
        for (Future<?> writer : writers) {
          writer.get();
        }
      } finally {
        done.set(true);
      }
      assertThat(folder.get()).isPositive();
      assertThat(reader.get()).isPositive();
    }
    store.folding().fold();
    for (MeterId meter : meters) {
      List<Slot> all = slotsOf(meter);
      assertThat(all).hasSize(SLOTS);
      inOrderAndRight(all);
    }
  }

  private Void write(List<MeterId> meters, int part, AtomicIntegerArray acknowledged) {
    for (int n = 0; n < SLOTS; n++) {
      List<Received> batch = new ArrayList<>();
      for (int m = part; m < METERS; m += WRITERS) {
        batch.add(
            counted(
                meters.get(m),
                n + 1L,
                slots(
                    meters.get(m),
                    new Slot(
                        ENERGY,
                        FIRST.plus(QUARTER.multipliedBy(n)),
                        QUARTER,
                        new ScaledValue(n, 0, Unit.WATT_HOUR),
                        (byte) 0))));
      }
      assertThat(store.intake().commit(batch)).containsOnly(new Outcome.Stored());
      for (int m = part; m < METERS; m += WRITERS) {
        acknowledged.incrementAndGet(m);
      }
    }
    return null;
  }

  private List<Slot> slotsOf(MeterId meter) {
    try (var slots = store.readings().slots(meter, ENERGY, Layer.RAW, Instant.MIN, Instant.MAX)) {
      return slots.toList();
    }
  }

  private static void inOrderAndRight(List<Slot> slots) {
    for (int i = 0; i < slots.size(); i++) {
      assertThat(slots.get(i).start()).isEqualTo(FIRST.plus(QUARTER.multipliedBy(i)));
      assertThat(slots.get(i).value().raw()).isEqualTo(i);
    }
  }
}

package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WindowTest {
  @Test
  @DisplayName("C1 the window remembers exactly what a set of counters would")
  void likeASet() {
    SplittableRandom random = new SplittableRandom(7);
    long base = 0xFFFF_FFFFL - 3_000; // near the wrap of 32 bits
    Window window = Window.startingAt(base);
    Set<Long> seen = new HashSet<>(Set.of(base));
    long top = base;
    for (int i = 0; i < 20_000; i++) {
      long counter = top - 1_500 + random.nextInt(random.nextInt(50) == 0 ? 3_000 : 1_520);
      Window.Place expected =
          counter > top
              ? Window.Place.AHEAD
              : counter <= top - Window.SIZE
                  ? Window.Place.BELOW
                  : seen.contains(counter) ? Window.Place.SEEN : Window.Place.FREE;
      assertThat(window.place(counter)).as("counter %d, top %d", counter, top).isEqualTo(expected);
      if (expected == Window.Place.AHEAD || expected == Window.Place.FREE) {
        window = window.with(counter);
        seen.add(counter);
        top = Math.max(top, counter);
      }
    }
  }

  @Test
  @DisplayName("C4 counters are unsigned")
  void unsigned() {
    Window window = Window.startingAt(Long.MAX_VALUE);
    assertThat(window.place(Long.MIN_VALUE)).isEqualTo(Window.Place.AHEAD);
    assertThat(window.with(Long.MIN_VALUE).place(Long.MAX_VALUE)).isEqualTo(Window.Place.SEEN);
  }
}

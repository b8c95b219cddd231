package org.gridwarden.store.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final Instant NOW = Instant.parse("2026-11-26T03:00:00Z");

  @Test
  void theNewestOfEachDayWeekAndMonthIsKept() {
    List<SnapshotHeader> all = new ArrayList<>();
    for (int hours = 0; hours < 24 * 100; hours += 6) {
      all.add(header(NOW.minus(Duration.ofHours(hours))));
    }
    Set<String> kept =
        new Retention(0, 3, 2, 3)
            .keep(all, ZoneOffset.UTC).stream()
                .map(h -> h.ended().toString())
                .collect(Collectors.toSet());
    assertThat(kept)
        .containsExactlyInAnyOrder(
            "2026-11-26T03:00:00Z", // today, this week, this month
            "2026-11-25T21:00:00Z",
            "2026-11-24T21:00:00Z",
            "2026-11-22T21:00:00Z", // Sunday, the end of last week
            "2026-10-31T21:00:00Z",
            "2026-09-30T21:00:00Z");
  }

  @Test
  void theNewestIsKeptWhateverIsSaid() {
    SnapshotHeader only = header(NOW);
    assertThat(
            new Retention(0, 0, 0, 0)
                .keep(List.of(header(NOW.minusSeconds(5)), only), ZoneOffset.UTC))
        .containsExactly(only);
  }

  private static SnapshotHeader header(Instant at) {
    return new SnapshotHeader(
        at.toString(),
        "run",
        "key",
        at,
        at,
        SnapshotHeader.Database.EMBEDDED,
        "",
        "16",
        1,
        1,
        1,
        1,
        0);
  }
}

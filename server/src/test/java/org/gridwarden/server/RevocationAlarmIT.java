package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.security.certificate.Revocations;
import org.gridwarden.store.Alarm;
import org.gridwarden.store.Alarms;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocationAlarmIT {
  @TempDir private Path folder;

  @Test
  @DisplayName(
      "C23: an hour without news of what is revoked is one alarm of the office, since when and until"
          + " when, also where the database was what was away")
  void anHourWithoutNews() {
    Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    AtomicReference<Instant> now = new AtomicReference<>(start);
    InstantSource clock = now::get;
    Revocations revocations = new Revocations();
    revocations.learn(Set.of(), start);
    RevocationAlarm closed;
    try (Store store = Store.open(StoreSettings.embedded(folder), clock)) {
      RevocationAlarm alarm =
          new RevocationAlarm(
              store.officeAlarms(), () -> revocations.known(clock.instant()), clock);
      closed = alarm;
      now.set(start.plus(Duration.ofMinutes(59)));
      alarm.look();
      assertThat(alarms(store)).isEmpty();
      Instant began = start.plus(Duration.ofMinutes(61));
      now.set(began);
      alarm.look();
      now.set(began.plusSeconds(30));
      alarm.look();
      assertThat(alarms(store))
          .singleElement()
          .satisfies(row -> {
            assertThat(row.word()).isEqualTo(RevocationAlarm.WORD);
            assertThat(row.meter()).isEmpty();
            assertThat(row.first()).isEqualTo(began);
            assertThat(row.text()).contains("did not know what is revoked");
          });
      revocations.learn(Set.of(), now.get());
      alarm.look();
      assertThat(alarms(store))
          .singleElement()
          .satisfies(row -> assertThat(row.over()).isPresent());
      now.set(now.get().plus(Duration.ofHours(2)));
    }
    // the database is away: it is tried again, and told once it is back
    assertThatThrownBy(closed::look).isInstanceOf(StoreException.class);
    AtomicBoolean known = new AtomicBoolean();
    try (Store store = Store.open(StoreSettings.embedded(folder), clock)) {
      RevocationAlarm again = new RevocationAlarm(store.officeAlarms(), known::get, clock);
      again.look();
      assertThat(alarms(store))
          .as("the same row, open again")
          .singleElement()
          .satisfies(row -> assertThat(row.over()).isEmpty());
      known.set(true);
      again.look();
      assertThat(alarms(store))
          .singleElement()
          .satisfies(row -> assertThat(row.over()).isPresent());
    }
  }

  private static List<Alarm> alarms(Store store) {
    return store
        .alarms()
        .page(new Alarms.Query(Set.of(), Set.of(), Optional.empty(), ""), 0, 10)
        .items();
  }
}

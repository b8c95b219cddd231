package org.gridwarden.server;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.Fault;
import org.gridwarden.store.backup.SnapshotHeader;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Backups: which there are, one more now, and whether their parts are there. */
@RestController
@RequestMapping("/api/v1/backups")
class BackupApi {
  private final BackupKeeper keeper;

  BackupApi(Office office) {
    this.keeper = office.backups();
  }

  /** A backup as it tells of itself without being opened. */
  record SnapshotView(
      String snapshot,
      String begun,
      String taken,
      String key,
      String database,
      long files,
      long bytes,
      long newBytes,
      long damages) {
    static SnapshotView of(SnapshotHeader header) {
      return new SnapshotView(
          header.name(),
          header.begun().toString(),
          header.ended().toString(),
          header.recipient(),
          header.database().name().toLowerCase(Locale.ROOT),
          header.files(),
          header.bytes(),
          header.newBytes(),
          header.damages());
    }
  }

  /**
   * What a look without the key found.
   *
   * @param findings what is missing or changed; none where all is there
   */
  record CheckView(String at, int snapshots, long chunks, List<String> findings) {
    static CheckView of(BackupKeeper.Checked checked) {
      return new CheckView(
          checked.at().toString(),
          checked.found().snapshots(),
          checked.found().chunks(),
          checked.found().findings());
    }
  }

  /**
   * How backups stand.
   *
   * @param on whether this server makes them
   * @param running since when one is being made; null while none is
   * @param repository where they are; null where none are made
   * @param every from one to the next, ISO 8601; null where none are made
   * @param checked the last look at their parts since the start; null before the first
   * @param items the newest first
   */
  record BackupsView(
      boolean on,
      StateApi.Lamp state,
      @Nullable String running,
      @Nullable String repository,
      @Nullable String every,
      @Nullable CheckView checked,
      List<SnapshotView> items) {}

  @GetMapping
  BackupsView state() {
    Optional<BackupSettings> settings = keeper.settings();
    return new BackupsView(
        settings.isPresent(),
        StateApi.Lamp.of(keeper.health()),
        keeper.running().map(Object::toString).orElse(null),
        settings.map(s -> s.repository().toString()).orElse(null),
        settings.map(s -> s.every().toString()).orElse(null),
        keeper.checked().map(CheckView::of).orElse(null),
        keeper.list().reversed().stream().map(SnapshotView::of).toList());
  }

  /** Begins one more; it is made while the server goes on. */
  @PostMapping
  @ResponseStatus(HttpStatus.ACCEPTED)
  BackupsView make() {
    needOn();
    if (!keeper.begin(Audit.actor())) {
      throw new FaultException(
          Fault.Code.CONFLICT, "backup", "one is being made already: wait until it has ended");
    }
    return state();
  }

  /** Looks whether each backup's parts are there, without the key that reads them. */
  @PostMapping("/check")
  CheckView check() {
    needOn();
    return CheckView.of(keeper.check());
  }

  private void needOn() {
    if (keeper.settings().isEmpty()) {
      throw new FaultException(
          Fault.Code.CONFLICT,
          "backup",
          "this server makes none: make a key by 'backup key new', set backup.repository, restart");
    }
  }
}

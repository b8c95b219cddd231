package org.gridwarden.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.Tx;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupRecipient;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import org.gridwarden.store.backup.BackupRun;
import org.gridwarden.store.backup.Presence;
import org.gridwarden.store.backup.Progress;
import org.gridwarden.store.backup.Prune;
import org.gridwarden.store.backup.SnapshotHeader;
import org.gridwarden.store.backup.Snapshots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the backups that the configuration asks for, clears old ones, and knows how old the newest
 * is, whoever made it. Thread-safe.
 */
final class BackupKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(BackupKeeper.class);
  private static final String NONE =
      "no backups are configured (backup.repository): what is lost is lost";

  private final Path data;
  private final BackupSettings settings;
  private final boolean demo;
  private final Store store;
  private final InstantSource clock;
  private volatile Optional<SnapshotHeader> newest = Optional.empty();
  private volatile String trouble = "";
  private volatile List<SnapshotHeader> all = List.of();
  private volatile Optional<Checked> checked = Optional.empty();
  private final AtomicReference<Optional<Instant>> running =
      new AtomicReference<>(Optional.empty());

  /** What a look without the key that reads backups found, and when. */
  record Checked(Instant at, Presence.Result found) {}

  BackupKeeper(GridwardenConfig config, Store store, InstantSource clock) {
    this.data = config.data();
    this.settings = config.backup();
    this.demo = config.demo();
    this.store = store;
    this.clock = clock;
  }

  void figures(MeterRegistry metrics) {
    Gauge.builder("gridwarden.backup.age", this, BackupKeeper::ageSeconds)
        .baseUnit("seconds")
        .description("Since the newest backup; NaN where there is none")
        .register(metrics);
    Gauge.builder(
            "gridwarden.backup.new.bytes",
            this,
            k -> k.newest.map(SnapshotHeader::newBytes).orElse(0L))
        .description("By how much the newest backup let the repository grow")
        .register(metrics);
  }

  /** Looks what there is, and makes a backup where one is due. */
  void look() {
    look(Optional.empty());
  }

  /** What is configured; empty where no backups are made. */
  Optional<BackupSettings> settings() {
    return settings.on() ? Optional.of(settings) : Optional.empty();
  }

  /** All that there are, the oldest first. */
  List<SnapshotHeader> list() {
    return all;
  }

  /** Since when one is being made. */
  Optional<Instant> running() {
    return running.get();
  }

  /** The last look at their parts; empty before the first. */
  Optional<Checked> checked() {
    return checked;
  }

  /**
   * Begins one more, beside everything else.
   *
   * @return false where one is being made already
   */
  boolean begin(Actor by) {
    if (running.get().isPresent()) {
      return false;
    }
    Thread.ofPlatform().daemon().name("backup").start(() -> look(Optional.of(by)));
    return true;
  }

  /**
   * Looks whether each backup's parts are there.
   *
   * @throws FaultException where the repository cannot be read
   */
  Checked check() {
    try {
      Checked fresh =
          new Checked(
              clock.instant(),
              Presence.look(
                  settings.repository(), BackupRecipient.read(settings.recipientFile(data))));
      checked = Optional.of(fresh);
      return fresh;
    } catch (IOException | BackupException e) {
      throw new FaultException(
          Fault.Code.CONFLICT, "backup.repository", String.valueOf(e.getMessage()));
    }
  }

  /**
   * @param asked who wants one now; empty: one is made where it is due
   */
  private synchronized void look(Optional<Actor> asked) {
    if (!settings.on()) {
      return;
    }
    try {
      BackupRecipient recipient = BackupRecipient.read(settings.recipientFile(data));
      refresh(recipient);
      Instant now = clock.instant();
      boolean due = newest.isEmpty() || !now.isBefore(newest.get().begun().plus(settings.every()));
      if (due || asked.isPresent()) {
        running.set(Optional.of(now));
        try {
          make(recipient, asked.orElse(Actor.system("backup")));
          refresh(recipient);
        } finally {
          running.set(Optional.empty());
        }
      }
      trouble = "";
    } catch (IOException | BackupException | StoreException e) {
      trouble = String.valueOf(e.getMessage());
      LOG.warn("no backup could be made: {}", trouble);
    }
  }

  private void make(BackupRecipient recipient, Actor by) throws IOException, BackupException {
    List<Path> configuration =
        settings.configuration().toString().isEmpty()
            ? List.of()
            : List.of(settings.configuration());
    BackupRun.Result result =
        new BackupRun(data, settings.repository(), recipient, configuration, clock, Progress.NONE)
            .run();
    newest = Optional.of(result.snapshot());
    SnapshotHeader made = result.snapshot();
    LOG.info("backed up as {}: {} new bytes", made.name(), made.newBytes());
    result.damages().forEach(page -> LOG.error("the database is damaged on its disk: {}", page));
    if (made.database() == SnapshotHeader.Database.EXTERNAL) {
      LOG.warn("the database is not in this backup: back it up by its own means, too");
    }
    Function<Tx, Long> note =
        tx ->
            store
                .auditLog()
                .append(
                    tx,
                    by,
                    "backup.made",
                    made.name().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    var unused = store.unitOfWork().call(note);
    if (result.damages().isEmpty()) {
      // a damaged one pushes no sound one out
      Prune.Result pruned =
          Prune.run(settings.repository(), recipient, settings.keep(), ZoneOffset.UTC, false);
      LOG.info("{} backups kept, {} removed", pruned.kept().size(), pruned.removed().size());
    }
  }

  private void refresh(BackupRecipient recipient) throws IOException, BackupException {
    if (java.nio.file.Files.isDirectory(settings.repository().resolve("snapshots"))) {
      all = List.copyOf(Snapshots.list(settings.repository(), recipient));
      newest = all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }
  }

  private double ageSeconds() {
    return newest
        .map(h -> (double) Duration.between(h.ended(), clock.instant()).toSeconds())
        .orElse(Double.NaN);
  }

  /** Fine while the newest is young; a warning else, and where none are made. */
  Health health() {
    if (!settings.on() && demo) {
      return new Health(Health.State.UP, "a demo makes none");
    }
    if (!settings.on()) {
      return new Health(Health.State.ATTENTION, NONE);
    }
    if (newest.isEmpty()) {
      return new Health(
          Health.State.ATTENTION,
          trouble.isEmpty() ? "no backup has come to its end yet" : "no backup: " + trouble);
    }
    SnapshotHeader header = newest.get();
    Duration age = Duration.between(header.ended(), clock.instant());
    String said =
        "the newest is of "
            + header.ended().truncatedTo(ChronoUnit.SECONDS)
            + ", "
            + age.toHours()
            + " hours old"
            + (header.database() == SnapshotHeader.Database.EXTERNAL
                ? ", without the database, which is elsewhere"
                : "")
            + (header.damages() > 0 ? ", and " + header.damages() + " pages were damaged" : "")
            + (trouble.isEmpty() ? "" : "; the last try failed: " + trouble);
    boolean fine =
        age.compareTo(settings.warnAfter()) <= 0 && header.damages() == 0 && trouble.isEmpty();
    return new Health(fine ? Health.State.UP : Health.State.ATTENTION, said);
  }
}

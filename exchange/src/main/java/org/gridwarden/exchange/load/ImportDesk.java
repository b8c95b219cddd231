package org.gridwarden.exchange.load;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Intake;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.gridwarden.store.ImportBook;
import org.gridwarden.store.MeterRegistry;
import org.gridwarden.store.MeterRow;
import org.gridwarden.store.StoredImport;

/**
 * Takes files of readings in. A file is read and judged as a whole before any of it is stored; what
 * is stored goes through intake as meters' own messages do. Thread-safe.
 */
public final class ImportDesk {
  /** So many messages wait for their commit at once. */
  private static final int UNDER_WAY = 256;

  private final MeterRegistry meters;
  private final ImportBook book;
  private final Intake intake;
  private final InstantSource clock;

  /** A desk of an office. */
  public ImportDesk(MeterRegistry meters, ImportBook book, Intake intake, InstantSource clock) {
    this.meters = meters;
    this.book = book;
    this.intake = intake;
    this.clock = clock;
  }

  /**
   * Takes a file in.
   *
   * @param most bytes of it
   * @param dryRun whether only to say what would become of it
   * @throws LoadFileException where a line is wrong: nothing of it is stored then
   * @throws IOException where the stream fails: likewise
   */
  public ImportResult take(
      InputStream in, ImportSettings settings, long most, Actor by, boolean dryRun)
      throws IOException, LoadFileException, InterruptedException {
    Instant now = clock.instant();
    DigestInputStream hashed = new DigestInputStream(in, Evidence.sha256());
    FileLoad file = ReadingsFile.read(hashed, settings, this::find, now, most);
    hashed.transferTo(java.io.OutputStream.nullOutputStream()); // the hash is the whole file's
    String sha256 = HexFormat.of().formatHex(hashed.getMessageDigest().digest());
    ImportBook.Begun begun = begun(file, settings, sha256);
    if (dryRun) {
      return result(file, begun, Optional.empty(), false);
    }
    Optional<StoredImport> before = book.find(sha256, settings.words());
    if (before.isPresent() && before.get().state() == StoredImport.State.DONE) {
      return result(file, begun, before, true);
    }
    Optional<Long> id = book.begin(begun, by);
    if (id.isEmpty()) {
      return result(file, begun, book.find(sha256, settings.words()), true);
    }
    Tally tally = submit(sha256, file, now);
    StoredImport done =
        book.finish(
            id.get(),
            new ImportBook.Outcome(tally.stored, tally.duplicates, tally.refused, tally.note),
            by);
    return result(file, begun, Optional.of(done), false);
  }

  private Tally submit(String sha256, FileLoad file, Instant now) throws InterruptedException {
    Tally tally = new Tally();
    Deque<CompletionStage<Intake.Outcome>> underWay = new ArrayDeque<>();
    Messages.each(
        sha256,
        file,
        now,
        message -> {
          underWay.add(intake.submit(message));
          if (underWay.size() >= UNDER_WAY) {
            tally.count(underWay.remove());
          }
        });
    underWay.forEach(tally::count);
    return tally;
  }

  /** What became of messages. */
  private static final class Tally {
    private int stored;
    private int duplicates;
    private int refused;
    private String note = "";

    void count(CompletionStage<Intake.Outcome> stage) {
      Intake.Outcome outcome;
      try {
        outcome = stage.toCompletableFuture().join();
      } catch (CompletionException e) {
        refused++;
        note = "intake failed: " + e.getCause();
        return;
      }
      switch (outcome) {
        case Intake.Outcome.Stored s -> stored++;
        case Intake.Outcome.Duplicate d -> duplicates++;
        case Intake.Outcome.Waiting w -> {
          refused++;
          note = "a meter was removed meanwhile";
        }
        case Intake.Outcome.Refused r -> {
          refused++;
          note = r.fault().where() + ": " + r.fault().remedy();
        }
      }
    }
  }

  private static ImportBook.Begun begun(FileLoad file, ImportSettings settings, String sha256) {
    Set<MeterId> named = new HashSet<>();
    long intervals = 0;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Series series : file.series()) {
      named.add(series.meter().id());
      intervals += series.points().size();
      first = Math.min(first, series.points().start(0));
      last = Math.max(last, series.points().lastStart() + series.seconds());
    }
    return new ImportBook.Begun(
        settings.file(),
        file.form(),
        sha256,
        settings.words(),
        named.size(),
        intervals,
        Instant.ofEpochSecond(first),
        Instant.ofEpochSecond(last));
  }

  private static ImportResult result(
      FileLoad file, ImportBook.Begun begun, Optional<StoredImport> stored, boolean again) {
    return new ImportResult(
        begun.form(),
        begun.sha256(),
        begun.meters(),
        begun.intervals(),
        begun.first(),
        begun.last(),
        stored,
        again,
        file.notes());
  }

  /** By its id, its serial, or the service point that it alone stands at. */
  private Optional<Meter> find(String name) {
    Optional<Meter> known = Optional.empty();
    try {
      known = meters.byId(new MeterId(name));
    } catch (IllegalArgumentException e) {
      // no id: a service point's name, say
    }
    if (known.isEmpty()) {
      known = meters.bySerial(name);
    }
    if (known.isEmpty()) {
      List<MeterRow> there = meters.at(List.of(name));
      known = there.size() == 1 ? Optional.of(there.getFirst().meter()) : Optional.empty();
    }
    return known.filter(m -> m.state() != Meter.State.RETIRED);
  }
}

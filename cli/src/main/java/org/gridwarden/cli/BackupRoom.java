package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupKey;
import org.gridwarden.security.backup.BackupRecipient;
import org.gridwarden.store.StoreException;
import org.gridwarden.store.backup.BackupRun;
import org.gridwarden.store.backup.Progress;
import org.gridwarden.store.backup.Prune;
import org.gridwarden.store.backup.Restore;
import org.gridwarden.store.backup.Retention;
import org.gridwarden.store.backup.SnapshotHeader;
import org.gridwarden.store.backup.Snapshots;
import org.gridwarden.store.backup.Verify;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** What {@link BackupCommand} and {@link RestoreCommand} do: it loads the store's classes. */
final class BackupRoom {
  private static final String ELSEWHERE =
      "the database is not in the data folder, so it is NOT in this backup: back it up by its own"
          + " means (pg_basebackup, or pg_dump --format=custom), at the same time or later, and"
          + " bring both back together";

  private final PrintWriter out;
  private final PrintWriter err;

  BackupRoom(CommandLine line) {
    this.out = line.getOut();
    this.err = line.getErr();
  }

  /** Work on backups, and what it prints. */
  @FunctionalInterface
  private interface Work {
    int run(Progress progress) throws IOException, BackupException;
  }

  int backup(
      Path data,
      Path repository,
      BackupRecipient recipient,
      List<Path> configuration,
      boolean json) {
    return work(
        "backed up",
        progress -> {
          Instant begun = Instant.now();
          BackupRun.Result result =
              new BackupRun(
                      data, repository, recipient, configuration, InstantSource.system(), progress)
                  .run();
          SnapshotHeader made = result.snapshot();
          boolean external = made.database() == SnapshotHeader.Database.EXTERNAL;
          if (json) {
            Map<String, Object> all = describe(made);
            all.put("damaged", result.damages());
            all.put("skipped", result.skipped());
            all.put("warning", external ? ELSEWHERE : "");
            print(all);
          } else {
            out.println(
                made.name()
                    + ": "
                    + size(made.bytes())
                    + " in "
                    + made.files()
                    + " files, of which "
                    + size(made.newBytes())
                    + " in "
                    + made.newChunks()
                    + " chunks were new; "
                    + rate(made.bytes(), begun));
            result.skipped().forEach(path -> out.println("not backed up, no file: " + path));
            result.damages().forEach(page -> out.println("DAMAGED: " + page));
            if (external) {
              out.println("WARNING: " + ELSEWHERE);
            }
          }
          if (!result.damages().isEmpty()) {
            err.println(
                "gridwarden: the database is damaged on its disk, and so is this backup of it: keep"
                    + " the older ones, and see './gridwarden data check'");
            err.flush();
          }
          return result.damages().isEmpty() ? Gridwarden.OK : Gridwarden.FAILED;
        });
  }

  int list(Path repository, BackupRecipient recipient, boolean json) {
    return work(
        "",
        progress -> {
          List<SnapshotHeader> all = Snapshots.list(repository, recipient);
          if (json) {
            out.println(
                JsonMapper.shared()
                    .writeValueAsString(all.stream().map(BackupRoom::describe).toList()));
            out.flush();
            return Gridwarden.OK;
          }
          List<List<String>> rows = new ArrayList<>();
          for (SnapshotHeader header : all) {
            rows.add(
                List.of(
                    header.name(),
                    header.ended().truncatedTo(ChronoUnit.SECONDS).toString(),
                    size(header.bytes()),
                    size(header.newBytes()),
                    header.database() == SnapshotHeader.Database.EMBEDDED
                        ? "schema " + header.schema()
                        : "elsewhere",
                    header.damages() == 0 ? "" : header.damages() + " pages were damaged"));
          }
          Table.print(out, List.of("snapshot", "taken", "size", "new", "database", ""), rows);
          out.flush();
          return Gridwarden.OK;
        });
  }

  int verify(Path repository, BackupKey key, boolean deep, @Nullable Path scratch, boolean json) {
    Path room = scratch == null ? Path.of(System.getProperty("java.io.tmpdir")) : scratch;
    return work(
        "read",
        progress -> {
          Instant begun = Instant.now();
          Verify.Result found = new Verify(repository, key, progress).run(deep, room);
          if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("ok", found.findings().isEmpty());
            all.put("snapshots", found.snapshots());
            all.put("chunks", found.chunks());
            all.put("bytes", found.bytes());
            all.put("pages", found.pages());
            all.put("unfinished", found.unfinished());
            all.put("findings", found.findings());
            all.put("rows", found.rows());
            print(all);
          } else {
            out.println(
                found.snapshots()
                    + " snapshots, "
                    + found.chunks()
                    + " chunks of "
                    + size(found.bytes())
                    + ", "
                    + found.pages()
                    + " pages of the database: "
                    + (found.findings().isEmpty()
                        ? "all as they were written"
                        : found.findings().size() + " NOT as they were written")
                    + "; "
                    + rate(found.bytes(), begun));
            found.findings().forEach(finding -> out.println("  " + finding));
            if (found.unfinished() > 0) {
              out.println(
                  found.unfinished()
                      + " files of an interrupted backup: 'backup prune' clears them");
            }
            if (!found.rows().isEmpty()) {
              out.println("the newest one's database starts, and its tables can be read:");
              found
                  .rows()
                  .forEach((table, rows) -> {
                    if (rows > 0) {
                      out.println("  " + table + ": " + rows + " rows");
                    }
                  });
            }
          }
          return found.findings().isEmpty() ? Gridwarden.OK : Gridwarden.FAILED;
        });
  }

  int prune(Path repository, BackupRecipient recipient, int[] keep, boolean dry, boolean json) {
    return work(
        "",
        progress -> {
          Prune.Result done =
              Prune.run(
                  repository,
                  recipient,
                  new Retention(keep[0], keep[1], keep[2], keep[3]),
                  ZoneId.systemDefault(),
                  dry);
          if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("dryRun", dry);
            all.put("kept", done.kept().stream().map(SnapshotHeader::name).toList());
            all.put("removed", done.removed().stream().map(SnapshotHeader::name).toList());
            all.put("chunks", done.chunks());
            all.put("bytes", done.bytes());
            print(all);
          } else {
            String would = dry ? "would be removed: " : "removed: ";
            done.removed().forEach(header -> out.println(would + header.name()));
            out.println(
                (dry ? "it would free " : "freed ")
                    + size(done.bytes())
                    + " in "
                    + done.chunks()
                    + " chunks; kept "
                    + done.kept().size()
                    + " backups");
          }
          return Gridwarden.OK;
        });
  }

  int restore(Path repository, BackupKey key, String snapshot, Path into, boolean json) {
    return work(
        "restored",
        progress -> {
          Instant begun = Instant.now();
          SnapshotHeader header =
              new Restore(repository, key, InstantSource.system(), progress).into(snapshot, into);
          boolean external = header.database() == SnapshotHeader.Database.EXTERNAL;
          if (json) {
            Map<String, Object> all = describe(header);
            all.put("into", into.toString());
            all.put("warning", external ? ELSEWHERE : "");
            print(all);
            return Gridwarden.OK;
          }
          out.println(
              header.name()
                  + " is in "
                  + into
                  + ": "
                  + size(header.bytes())
                  + " in "
                  + header.files()
                  + " files; "
                  + rate(header.bytes(), begun));
          out.println("It has what was committed before " + header.ended() + ".");
          if (external) {
            out.println("The database is elsewhere: bring it back by its own means, too.");
          }
          out.println("What next:");
          out.println("  1. see to it that the office that was backed up does not run any more");
          Optional<Path> configuration = configuration(into);
          Path own = configuration.map(Path::getFileName).orElse(Path.of("gridwarden.yaml"));
          out.println(
              configuration
                      .map(file -> "  2. cp " + file + " " + own + "; in it,")
                      .orElse("  2. in the configuration")
                  + " data: says where "
                  + into.toAbsolutePath()
                  + " is, from the file's own folder on");
          out.println(
              "  3. ./gridwarden server --config "
                  + own
                  + ": it moves every counter past what may have been used, and says what it did");
          return Gridwarden.OK;
        });
  }

  /** The configuration that was backed up, where one was. */
  private static Optional<Path> configuration(Path into) {
    Path folder = into.resolve("configuration");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().matches(".*\\.ya?ml")).sorted().findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private int work(String done, Work work) {
    ProgressLine line = new ProgressLine(err);
    long begun = System.nanoTime();
    Progress progress =
        (files, bytes, stored) -> {
          long millis = Math.max(1, (System.nanoTime() - begun) / 1_000_000);
          line.show(
              files
                  + " files, "
                  + size(bytes)
                  + " "
                  + done
                  + (stored > 0 ? ", " + size(stored) + " new" : "")
                  + ", "
                  + size(bytes * 1_000 / millis)
                  + "/s");
        };
    try {
      int code = work.run(done.isEmpty() ? Progress.NONE : progress);
      line.end();
      out.flush();
      return code;
    } catch (BackupException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    } catch (StoreException e) {
      throw new Failure(e.fault().where() + ": " + e.fault().remedy());
    } catch (IOException e) {
      throw new Failure(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private void print(Map<String, Object> all) {
    out.println(JsonMapper.shared().writeValueAsString(all));
    out.flush();
  }

  private static Map<String, Object> describe(SnapshotHeader header) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("snapshot", header.name());
    all.put("begun", header.begun().toString());
    all.put("taken", header.ended().toString());
    all.put("key", header.recipient());
    all.put("database", header.database().name().toLowerCase(Locale.ROOT));
    all.put("schema", header.schema());
    all.put("files", header.files());
    all.put("bytes", header.bytes());
    all.put("newChunks", header.newChunks());
    all.put("newBytes", header.newBytes());
    all.put("damages", header.damages());
    return all;
  }

  private static String rate(long bytes, Instant begun) {
    long millis = Math.max(1, Duration.between(begun, Instant.now()).toMillis());
    return String.format(
        Locale.ROOT, "%.1f s, %s/s", millis / 1_000.0, size(bytes * 1_000 / millis));
  }

  /** Bytes in the unit that suits them. */
  static String size(long bytes) {
    if (bytes < 1_000) {
      return bytes + " B";
    }
    String[] units = {"kB", "MB", "GB", "TB"};
    double value = bytes;
    int unit = -1;
    while (value >= 999.95 && unit + 1 < units.length) {
      value /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}

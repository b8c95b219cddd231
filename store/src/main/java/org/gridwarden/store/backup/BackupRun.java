package org.gridwarden.store.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupRecipient;
import org.gridwarden.security.backup.RunKey;
import org.gridwarden.store.DatabaseCopy;

/**
 * Backs up a data folder: the embedded database as it is at one moment, then keys, certificates and
 * whatever else lies in the folder, into a repository. The server may run or not. One run each; not
 * thread-safe.
 */
public final class BackupRun {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String LABEL = "backup_label";
  private static final String CONFIGURATION = "configuration";
  private static final String SCHEMA =
      "SELECT version FROM flyway_schema_history WHERE success AND version IS NOT NULL"
          + " ORDER BY installed_rank DESC LIMIT 1";

  private final Path data;
  private final Path target;
  private final BackupRecipient recipient;
  private final InstantSource clock;
  private final List<Path> configuration;
  private final Progress progress;

  private final List<Manifest.Entry> entries = new ArrayList<>();
  private final Set<String> folders = new LinkedHashSet<>();
  private long files;
  private long bytes;

  /**
   * @param data the office's data folder
   * @param target the repository's folder, made where it is not there
   * @param configuration files of the configuration, which lie elsewhere and are to be kept, too
   */
  public BackupRun(
      Path data,
      Path target,
      BackupRecipient recipient,
      List<Path> configuration,
      InstantSource clock,
      Progress progress) {
    this.data = data.toAbsolutePath().normalize();
    this.target = target.toAbsolutePath().normalize();
    this.recipient = recipient;
    this.configuration = List.copyOf(configuration);
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * What was done.
   *
   * @param damages pages that were damaged on the disk already, in words
   * @param skipped what lies in the folder and is no file, such as links
   */
  public record Result(SnapshotHeader snapshot, List<String> damages, List<String> skipped) {
    public Result {
      damages = List.copyOf(damages);
      skipped = List.copyOf(skipped);
    }
  }

  /**
   * Backs up. Nothing counts until the end: a run that is cut off leaves chunks that the next one
   * uses, or {@link Prune} clears.
   *
   * @throws BackupException where folder, repository or key do not fit; in one line
   * @throws org.gridwarden.store.StoreException where the database does not allow it
   * @throws IOException where something cannot be read or written
   */
  public Result run() throws IOException, BackupException {
    if (!Files.isDirectory(data)) {
      throw new BackupException(data + " is no folder: name the server's data folder");
    }
    if (target.startsWith(data)) {
      throw new BackupException(
          target + " lies in the data folder: name a folder on another disk or machine");
    }
    Repository repository = Repository.prepare(target, recipient);
    RunKey key = recipient.newRun();
    try (var _ = repository.hold();
        ChunkWriter writer = new ChunkWriter(repository, recipient, key)) {
      repository.putRun(key.id(), key.wrapped());
      return run(repository, key, writer);
    }
  }

  private Result run(Repository repository, RunKey key, ChunkWriter writer)
      throws IOException, BackupException {
    Instant begun = clock.instant();
    Instant ended = begun;
    boolean embedded = DatabaseCopy.embedded(data);
    String epoch = "";
    String schema = "";
    List<String> damages = List.of();
    if (embedded) {
      try (DatabaseCopy copy = DatabaseCopy.begin(data)) {
        schema = copy.ask(SCHEMA).orElse("");
        epoch =
            copy.ask("SELECT to_regclass('office_epoch')").isPresent()
                ? copy.ask("SELECT epoch FROM office_epoch ORDER BY n DESC LIMIT 1").orElse("")
                : "";
        cluster(copy, writer);
        ended = clock.instant();
        DatabaseCopy.Ending ending = copy.end();
        for (Path segment : ending.wal()) {
          if (!database(copy, segment, writer)) {
            throw new BackupException(segment + " of the database's log has gone: try again");
          }
        }
        add(clusterPath(Path.of(LABEL)), ending.label().getBytes(StandardCharsets.UTF_8), writer);
        damages = copy.damages();
      }
    } else if (!Files.isDirectory(data.resolve("keys"))) {
      throw new BackupException(
          data + " holds neither keys nor a database: name the server's data folder");
    }
    List<String> skipped = office(writer);
    writer.finish();
    List<ChunkName> names = writer.names();
    String name = NAME.format(begun) + "-" + key.id().substring(0, 8);
    SnapshotHeader header =
        new SnapshotHeader(
            name,
            key.id(),
            recipient.id(),
            begun,
            ended,
            embedded ? SnapshotHeader.Database.EMBEDDED : SnapshotHeader.Database.EXTERNAL,
            epoch,
            schema,
            files,
            bytes,
            writer.newChunks(),
            writer.newBytes(),
            damages.size());
    byte[] manifest =
        key.seal(name.getBytes(StandardCharsets.US_ASCII), new Manifest(entries).encode());
    repository.putSnapshot(new SnapshotFile(header, names, manifest), recipient);
    return new Result(header, damages, skipped);
  }

  private void cluster(DatabaseCopy copy, ChunkWriter writer) throws IOException {
    folder(data.relativize(DatabaseCopy.clusterOf(data)));
    for (DatabaseCopy.Item item : copy.items()) {
      if (item.folder()) {
        folder(clusterPath(item.path()));
      } else {
        database(copy, item.path(), writer);
      }
    }
  }

  private boolean database(DatabaseCopy copy, Path item, ChunkWriter writer) throws IOException {
    List<Integer> chunks = new ArrayList<>();
    long[] size = {0};
    boolean there =
        copy.read(
            item,
            Chunks.SIZE,
            part -> {
              chunks.add(writer.add(part));
              size[0] += part.length;
              bytes += part.length;
              progress.at(files, bytes, writer.newBytes());
            });
    if (there) {
      entry(clusterPath(item), size[0], chunks, writer);
    }
    return there;
  }

  private List<String> office(ChunkWriter writer) throws IOException, BackupException {
    OfficeFiles.Found found = OfficeFiles.list(data);
    found.folders().forEach(this::folder);
    for (Path file : found.files()) {
      file(file, data.resolve(file), writer);
    }
    for (Path file : configuration) {
      if (!Files.isRegularFile(file)) {
        throw new BackupException(file + " is no file: name the configuration's file");
      }
      folder(Path.of(CONFIGURATION));
      file(Path.of(CONFIGURATION).resolve(file.getFileName()), file, writer);
    }
    return found.skipped().stream().map(Path::toString).toList();
  }

  private void file(Path path, Path from, ChunkWriter writer) throws IOException {
    List<Integer> chunks = new ArrayList<>();
    long size = 0;
    try (InputStream in = Files.newInputStream(from)) {
      for (byte[] part = in.readNBytes(Chunks.SIZE);
          part.length > 0;
          part = in.readNBytes(Chunks.SIZE)) {
        chunks.add(writer.add(part));
        size += part.length;
        bytes += part.length;
      }
    } catch (NoSuchFileException gone) {
      return; // taken away meanwhile
    }
    entry(path, size, chunks, writer);
  }

  private void add(Path path, byte[] content, ChunkWriter writer) throws IOException {
    bytes += content.length;
    entry(path, content.length, List.of(writer.add(content)), writer);
  }

  private void entry(Path path, long size, List<Integer> chunks, ChunkWriter writer) {
    files++;
    entries.add(
        new Manifest.Entry(
            path.toString(), false, size, chunks.stream().mapToInt(Integer::intValue).toArray()));
    progress.at(files, bytes, writer.newBytes());
  }

  private void folder(Path path) {
    if (folders.add(path.toString())) {
      entries.add(new Manifest.Entry(path.toString(), true, 0, new int[0]));
    }
  }

  private Path clusterPath(Path item) {
    return data.relativize(DatabaseCopy.clusterOf(data)).resolve(item);
  }
}

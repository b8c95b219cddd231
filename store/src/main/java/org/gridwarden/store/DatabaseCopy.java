package org.gridwarden.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A physical copy of the embedded database while it runs, by PostgreSQL's own low-level way:
 * pg_backup_start, the files as they happen to be, pg_backup_stop, and the write-ahead log between
 * the two, which a replication slot keeps until this is closed. Where no server runs the database
 * is started for it, which also mends what a crash left. One thread at a time.
 */
public final class DatabaseCopy implements AutoCloseable {
  private static final int AGAIN = 20;
  private static final long PAUSE_NANOS = 20_000_000;
  private static final Pattern START =
      Pattern.compile("START WAL LOCATION: ([0-9A-F]+)/([0-9A-F]+) \\(file ([0-9A-F]{24})\\)");

  private final PostgresFolder folder;
  private final Path cluster;
  private final int port;
  private final Connection session;
  private final Optional<Started> started;
  private final long startLsn;
  private final List<String> damages = new ArrayList<>();
  private final PageChecksum checksum = new PageChecksum();

  private record Started(DataFolder folder, EmbeddedPostgres postgres) {
    void close() {
      postgres.close();
      folder.close();
    }
  }

  /** Takes up a part of a file; what it is given belongs to it. */
  @FunctionalInterface
  public interface Sink {
    void take(byte[] part) throws IOException;
  }

  /**
   * A file or folder of the copy.
   *
   * @param path within the cluster's folder
   */
  public record Item(Path path, boolean folder) {}

  /**
   * What makes a consistent database of the files.
   *
   * @param label the content of {@code backup_label}
   * @param wal the segments that must lie in {@code pg_wal}, within the cluster's folder
   */
  public record Ending(String label, List<Path> wal) {
    public Ending {
      wal = List.copyOf(wal);
    }
  }

  private DatabaseCopy(
      PostgresFolder folder,
      int port,
      Connection session,
      Optional<Started> started,
      long startLsn) {
    this.folder = folder;
    this.cluster = folder.cluster();
    this.port = port;
    this.session = session;
    this.started = started;
    this.startLsn = startLsn;
  }

  /** Where the embedded database's cluster lies in a data folder. */
  public static Path clusterOf(Path data) {
    return new PostgresFolder(data.resolve("postgresql")).cluster();
  }

  /** Whether a data folder has an embedded database. */
  public static boolean embedded(Path data) {
    return new PostgresFolder(data.resolve("postgresql")).initialised();
  }

  /**
   * Begins, with a checkpoint at once.
   *
   * @throws StoreException where the database cannot be reached or does not allow it
   */
  public static DatabaseCopy begin(Path data) {
    Optional<Started> started = Optional.empty();
    Connection session = null;
    boolean begun = false;
    try {
      PostgresFolder folder = new PostgresFolder(data.resolve("postgresql"));
      Postmaster running = Postmaster.find(folder.cluster()).filter(Postmaster::ready).orElse(null);
      int port;
      if (running == null) {
        DataFolder held = DataFolder.hold(data);
        try {
          EmbeddedPostgres postgres = EmbeddedPostgres.start(data, 0);
          started = Optional.of(new Started(held, postgres));
          port = postgres.port();
        } finally {
          if (started.isEmpty()) {
            held.close();
          }
        }
      } else {
        port = running.port();
      }
      session = EmbeddedPostgres.administrator(folder, port);
      long lsn;
      try (var s = session.createStatement()) {
        s.execute(
            "SELECT pg_create_physical_replication_slot('gridwarden_backup_'"
                + " || pg_backend_pid(), true, true)");
        try (ResultSet r =
            s.executeQuery("SELECT pg_backup_start('gridwarden', fast => true) - '0/0'::pg_lsn")) {
          r.next();
          lsn = r.getLong(1);
        }
      }
      begun = true;
      return new DatabaseCopy(folder, port, session, started, lsn);
    } catch (SQLException e) {
      throw StoreException.of("beginning a backup", e);
    } catch (IOException e) {
      throw StoreException.at("data folder " + data, "cannot be read: " + e.getMessage(), e);
    } finally {
      if (!begun) {
        close(session);
        started.ifPresent(Started::close);
      }
    }
  }

  /** One value by SQL of the office's database. */
  public Optional<String> ask(String sql) {
    try (Connection c = EmbeddedPostgres.administrator(folder, port, EmbeddedPostgres.DATABASE);
        var s = c.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      return r.next() ? Optional.ofNullable(r.getString(1)) : Optional.empty();
    } catch (SQLException e) {
      throw StoreException.of("asking for what is backed up", e);
    }
  }

  /** What belongs into the copy, but for the write-ahead log; the control file is last. */
  public List<Item> items() throws IOException {
    return ClusterFiles.list(cluster).stream().map(f -> new Item(f.path(), f.folder())).toList();
  }

  /**
   * Reads a file in parts. Pages are held against their checksums: one that is being written is
   * read again until it is whole; one that was changed since the beginning may stay torn, since the
   * write-ahead log holds it whole; one that is neither is noted as damaged.
   *
   * @param size of the parts, a multiple of 8 KiB; the last one may be shorter
   * @return whether the file is there still
   */
  public boolean read(Path item, int size, Sink sink) throws IOException {
    boolean paged = ClusterFiles.paged(item);
    boolean control = item.toString().equals(ClusterFiles.CONTROL);
    try (FileChannel in = FileChannel.open(cluster.resolve(item), StandardOpenOption.READ)) {
      if (control) {
        sink.take(readTwice(in, size));
        return true;
      }
      long end = in.size();
      if (paged) {
        end -= end % PageChecksum.PAGE; // a page that is being added: the log has it
      }
      for (long at = 0; at < end; at += size) {
        byte[] part = part(in, at, (int) Math.min(size, end - at));
        if (paged) {
          mend(in, item, at, part);
        }
        if (part.length == 0) {
          return true; // cut off meanwhile, which the log says, too
        }
        sink.take(part);
      }
      return true;
    } catch (NoSuchFileException gone) {
      return false; // dropped meanwhile, which the log says, too
    }
  }

  /** Pages that neither their checksum nor the log explains, in words. */
  public List<String> damages() {
    return List.copyOf(damages);
  }

  /**
   * Ends the copy; what was committed before this call is in it.
   *
   * @throws StoreException where the database did not keep what is needed
   */
  public Ending end() {
    try (var s = session.createStatement();
        ResultSet r =
            s.executeQuery(
                "SELECT pg_walfile_name(lsn), labelfile, coalesce(spcmapfile, '')"
                    + " FROM pg_backup_stop(wait_for_archive => false)")) {
      r.next();
      String last = r.getString(1);
      String label = r.getString(2);
      if (!r.getString(3).isBlank()) {
        throw StoreException.at(
            "database", "it has tablespaces of its own, which a backup does not follow: drop them");
      }
      Matcher start = START.matcher(label);
      if (!start.find()) {
        throw StoreException.at("database", "its backup label is not one that is known here");
      }
      String first = start.group(3);
      List<Path> wal;
      try (Stream<Path> all = Files.list(cluster.resolve(ClusterFiles.WAL))) {
        wal =
            all.map(f -> f.getFileName().toString())
                .filter(n -> n.matches("[0-9A-F]{24}"))
                .filter(n -> n.compareTo(first) >= 0 && n.compareTo(last) <= 0)
                .sorted()
                .map(n -> Path.of(ClusterFiles.WAL, n))
                .toList();
      }
      if (wal.isEmpty() || !wal.getFirst().endsWith(first) || !wal.getLast().endsWith(last)) {
        throw StoreException.at(
            "database", "its write-ahead log from " + first + " to " + last + " is not there");
      }
      return new Ending(label, wal);
    } catch (SQLException e) {
      throw StoreException.of("ending a backup", e);
    } catch (IOException e) {
      throw StoreException.at("database", "its log cannot be read: " + e.getMessage(), e);
    }
  }

  /** Ends it, also where it was not finished, and lets go of the log; stops what was started. */
  @Override
  public void close() {
    close(session);
    started.ifPresent(Started::close);
  }

  private static void close(@Nullable Connection session) {
    try {
      if (session != null) {
        session.close();
      }
    } catch (SQLException e) {
      // the server rolls a backup back by itself when its session has gone
    }
  }

  private void mend(FileChannel in, Path item, long at, byte[] part) throws IOException {
    long first = ClusterFiles.firstPage(item) + at / PageChecksum.PAGE;
    ByteBuffer pages = ByteBuffer.wrap(part);
    for (int from = 0; from + PageChecksum.PAGE <= part.length; from += PageChecksum.PAGE) {
      long block = first + from / PageChecksum.PAGE;
      for (int attempt = 0; !checksum.holds(pages.position(from), block); attempt++) {
        if (attempt == AGAIN) {
          if (lsn(part, from) < startLsn) {
            damages.add(
                "page "
                    + block
                    + " of "
                    + item
                    + " does not match its checksum: it was torn or"
                    + " changed on the disk");
          }
          break;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
        byte[] page = part(in, at + from, PageChecksum.PAGE);
        if (page.length < PageChecksum.PAGE) {
          break; // cut off meanwhile
        }
        System.arraycopy(page, 0, part, from, page.length);
      }
    }
  }

  /** A page begins with the place in the log of its last change, in two halves. */
  private static long lsn(byte[] part, int from) {
    ByteBuffer header = ByteBuffer.wrap(part).order(ByteOrder.LITTLE_ENDIAN);
    return Integer.toUnsignedLong(header.getInt(from)) << 32
        | Integer.toUnsignedLong(header.getInt(from + 4));
  }

  /** The control file has no page: it is read until it is the same twice. */
  private static byte[] readTwice(FileChannel in, int size) throws IOException {
    byte[] before = part(in, 0, size);
    for (int attempt = 0; attempt < AGAIN; attempt++) {
      byte[] now = part(in, 0, size);
      if (Arrays.equals(before, now)) {
        return now;
      }
      before = now;
    }
    throw new IOException("the control file does not stand still");
  }

  private static byte[] part(FileChannel in, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && in.read(buffer, at + buffer.position()) >= 0) {
      // until it is full or the file ends
    }
    return buffer.hasRemaining()
        ? Arrays.copyOf(buffer.array(), buffer.position())
        : buffer.array();
  }

  /**
   * How many pages of a relation's file do not match their checksums, but for those that changed
   * after a place in the log.
   *
   * @param file the file's path within the cluster
   * @param at where the part begins in it, in bytes
   * @param startLsn from a backup's label
   */
  public static int damaged(Path file, long at, byte[] part, long startLsn) {
    if (!ClusterFiles.paged(file)) {
      return 0;
    }
    PageChecksum checksum = new PageChecksum();
    ByteBuffer pages = ByteBuffer.wrap(part);
    int damaged = 0;
    for (int from = 0; from + PageChecksum.PAGE <= part.length; from += PageChecksum.PAGE) {
      long block = ClusterFiles.firstPage(file) + (at + from) / PageChecksum.PAGE;
      if (!checksum.holds(pages.position(from), block) && lsn(part, from) < startLsn) {
        damaged++;
      }
    }
    return damaged;
  }

  /** Where in the log a backup began, from its label; -1 where the text is no label. */
  public static long startOf(byte[] label) {
    Matcher start = START.matcher(new String(label, StandardCharsets.UTF_8));
    return start.find()
        ? Long.parseLong(start.group(1), 16) << 32 | Long.parseLong(start.group(2), 16)
        : -1;
  }
}

package org.gridwarden.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks for pages of the embedded database that are not as they were written: torn, or flipped on
 * the disk. The files are read without the server, which must not run. Thread-safe.
 */
public final class DataCheck {
  private static final Pattern RELATION =
      Pattern.compile("([0-9]+)(?:_(fsm|vm|init))?(?:\\.([0-9]+))?");
  private static final long PAGES_A_SEGMENT = (1L << 30) / PageChecksum.PAGE;
  private static final int PAGES_A_READ = 128;

  private DataCheck() {}

  /**
   * A damaged page.
   *
   * @param file within the cluster's folder
   * @param filenode which relation's file it is
   * @param fork main, or fsm or vm, which the server makes again by itself
   * @param block its number within the relation
   */
  public record Damage(Path file, long filenode, String fork, long block) {}

  /**
   * What was looked at.
   *
   * @param pages how many pages
   */
  public record Result(long pages, List<Damage> damages) {
    public Result {
      damages = List.copyOf(damages);
    }
  }

  /**
   * What a relation is.
   *
   * @param name as SQL has it
   * @param index whether it can be made again from its table
   * @param words what it holds, for a person
   */
  public record Relation(String name, boolean index, String words) {}

  /**
   * Reads every page of a data folder's embedded database.
   *
   * @throws StoreException where a server uses the folder, or it holds no embedded database
   */
  public static Result pages(Path data) {
    DataFolder held = DataFolder.hold(data);
    try {
      PostgresFolder folder = new PostgresFolder(data.resolve("postgresql"));
      if (!folder.initialised()) {
        throw StoreException.at(
            "data folder " + data, "holds no embedded database: name the server's data folder");
      }
      if (Postmaster.find(folder.cluster()).isPresent()) {
        throw StoreException.at(
            "data folder " + data, "its PostgreSQL still runs: start and stop the server once");
      }
      List<Path> files;
      try (Stream<Path> walk = Files.walk(folder.cluster())) {
        files =
            walk.filter(f ->
                    RELATION.matcher(f.getFileName().toString()).matches()
                        && inDatabase(folder.cluster().relativize(f)))
                .sorted()
                .toList();
      }
      long pages = 0;
      List<Damage> damages = new ArrayList<>();
      for (Path file : files) {
        pages += read(folder.cluster(), file, damages);
      }
      return new Result(pages, damages);
    } catch (IOException e) {
      throw StoreException.at("data folder " + data, "cannot be read: " + e.getMessage(), e);
    } finally {
      held.close();
    }
  }

  private static boolean inDatabase(Path file) {
    return file.getNameCount() >= 2 && (file.startsWith("base") || file.startsWith("global"));
  }

  private static long read(Path cluster, Path file, List<Damage> damages) throws IOException {
    Matcher name = RELATION.matcher(file.getFileName().toString());
    if (!name.matches() || !Files.isRegularFile(file)) {
      return 0;
    }
    String part = name.group(3);
    long block = part == null ? 0 : Long.parseLong(part) * PAGES_A_SEGMENT;
    String fork = name.group(2) == null ? "main" : name.group(2);
    long filenode = Long.parseLong(name.group(1));
    PageChecksum checksum = new PageChecksum();
    ByteBuffer buffer = ByteBuffer.allocate(PAGES_A_READ * PageChecksum.PAGE);
    long pages = 0;
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      while (in.read(buffer) >= 0 || buffer.position() > 0) {
        boolean end = in.position() >= in.size();
        if (buffer.hasRemaining() && !end) {
          continue;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
          boolean whole = buffer.remaining() >= PageChecksum.PAGE;
          if (!whole || !checksum.holds(buffer, block)) {
            damages.add(new Damage(cluster.relativize(file), filenode, fork, block));
          }
          buffer.position(buffer.position() + Math.min(PageChecksum.PAGE, buffer.remaining()));
          block++;
          pages++;
        }
        buffer.clear();
        if (end) {
          break;
        }
      }
    }
    return pages;
  }

  /** Which relation a file belongs to; empty where the catalogue does not know it. */
  public static Optional<Relation> relation(Store store, long filenode) {
    return store
        .transactions()
        .run(
            "naming a damaged file",
            c -> {
              try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT r.oid::regclass::text, r.relkind FROM pg_class r"
                          + " WHERE pg_relation_filenode(r.oid) = ?::oid")) {
                s.setLong(1, filenode);
                try (ResultSet r = s.executeQuery()) {
                  return r.next()
                      ? Optional.of(describe(r.getString(1), r.getString(2)))
                      : Optional.empty();
                }
              }
            });
  }

  private static Relation describe(String name, String kind) {
    boolean index = kind.equals("i");
    String words =
        index
            ? "an index, which can be made again from its table"
            : name.startsWith("pg_toast")
                ? "long values of a table"
                : name.startsWith("interval_block")
                    ? "interval readings, a civil day a row"
                    : name.startsWith("evidence")
                        ? "raw messages, the evidence itself"
                        : name.startsWith("landing")
                            ? "interval readings that are not folded yet"
                            : name.startsWith("audit") ? "the audit log" : "a table";
    return new Relation(name, index, words);
  }

  /**
   * Makes damaged indexes again, and the database's free-space and visibility maps with them.
   *
   * @return the names of those that were
   */
  public static List<String> rebuild(Store store, List<Relation> relations) {
    List<String> done = new ArrayList<>();
    try (Connection c = store.dataSource().getConnection();
        var s = c.createStatement()) {
      for (String name :
          new TreeSet<>(relations.stream().filter(Relation::index).map(Relation::name).toList())) {
        s.execute("REINDEX INDEX " + name); // as regclass quotes it
        done.add(name);
      }
      return done;
    } catch (SQLException e) {
      throw StoreException.of("making an index again", e);
    }
  }
}

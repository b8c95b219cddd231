package org.gridwarden.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which of a running cluster's files belong into a copy of it, as pg_basebackup has it. */
final class ClusterFiles {
  /** Relations: their number, fork and segment; those of temporary tables have a prefix. */
  static final Pattern RELATION = Pattern.compile("([0-9]+)(?:_(fsm|vm|init))?(?:\\.([0-9]+))?");

  static final String CONTROL = "global/pg_control";
  static final String WAL = "pg_wal";

  private static final long PAGES_A_SEGMENT = (1L << 30) / PageChecksum.PAGE;

  /** What PostgreSQL makes anew at its start: the folders are copied, and are empty. */
  private static final Set<String> EMPTY =
      Set.of(
          WAL,
          "pg_dynshmem",
          "pg_notify",
          "pg_replslot",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans");

  private static final Set<String> LEFT_OUT =
      Set.of(
          "postmaster.pid",
          "postmaster.opts",
          "pg_internal.init",
          "backup_label",
          "tablespace_map",
          "backup_manifest");

  private ClusterFiles() {}

  /**
   * A file or folder.
   *
   * @param path within the cluster's folder
   */
  record Found(Path path, boolean folder) {}

  /**
   * All that belongs into a copy, the control file last; a file that goes meanwhile is left out.
   */
  static List<Found> list(Path cluster) throws IOException {
    List<Found> found = new ArrayList<>();
    Files.walkFileTree(
        cluster,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes a) {
            Path path = cluster.relativize(folder);
            if (path.toString().isEmpty()) {
              return FileVisitResult.CONTINUE;
            }
            if (folder.getFileName().toString().startsWith("pgsql_tmp")) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            found.add(new Found(path, true));
            if (path.toString().equals(WAL)) {
              found.add(new Found(path.resolve("archive_status"), true));
              found.add(new Found(path.resolve("summaries"), true));
            }
            return EMPTY.contains(path.toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes a) {
            Path path = cluster.relativize(file);
            if (belongs(path, a)) {
              found.add(new Found(path, false));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof java.nio.file.NoSuchFileException) {
              return FileVisitResult.CONTINUE; // a table that was dropped
            }
            throw e;
          }
        });
    found.add(new Found(Path.of(CONTROL), false));
    return found;
  }

  private static boolean belongs(Path path, BasicFileAttributes attributes) {
    String name = path.getFileName().toString();
    return attributes.isRegularFile()
        && !LEFT_OUT.contains(name)
        && !name.startsWith("pgsql_tmp")
        && !name.matches("t[0-9]+_[0-9]+.*") // a temporary table's
        && !path.toString().equals(CONTROL);
  }

  /** Whether a file holds pages with checksums. */
  static boolean paged(Path path) {
    return path.getNameCount() >= 2
        && (path.startsWith("base") || path.startsWith("global"))
        && RELATION.matcher(path.getFileName().toString()).matches();
  }

  /** The number that a relation's file begins with, in pages. */
  static long firstPage(Path path) {
    Matcher name = RELATION.matcher(path.getFileName().toString());
    return name.matches() && name.group(3) != null
        ? Long.parseLong(name.group(3)) * PAGES_A_SEGMENT
        : 0;
  }
}

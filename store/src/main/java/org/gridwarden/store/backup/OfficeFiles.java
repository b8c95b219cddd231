package org.gridwarden.store.backup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What of a data folder is backed up beside the database's cluster. */
final class OfficeFiles {
  /** Of one process's life, or made again by itself. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "server.lock",
          "store.lock",
          "server.json",
          "cli-token",
          "binaries",
          "postgresql/data",
          "postgresql/data.new",
          "postgresql/postgresql.log",
          "postgresql/postgresql.log.1",
          RestoredMark.NAME);

  /**
   * What was found.
   *
   * @param folders within the data folder
   * @param files within the data folder
   * @param skipped links and the like, which a backup does not follow
   */
  record Found(List<Path> folders, List<Path> files, List<Path> skipped) {}

  private OfficeFiles() {}

  static Found list(Path data) throws IOException {
    Found found = new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes a) {
            Path path = data.relativize(folder);
            if (path.toString().isEmpty()) {
              return FileVisitResult.CONTINUE;
            }
            if (LEFT_OUT.contains(path.toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            found.folders().add(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Path path = data.relativize(file);
            if (attributes.isRegularFile()) {
              if (!LEFT_OUT.contains(path.toString()) && !path.toString().endsWith(".new")) {
                found.files().add(path);
              }
            } else {
              found.skipped().add(path);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return found;
  }
}

package org.gridwarden.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once from the jar into a folder named by the archive's hash. */
final class PostgresBinaries {
  private PostgresBinaries() {}

  /**
   * The folder that holds bin, lib and share, unpacked on first use.
   *
   * @param cache where unpacked versions lie side by side
   */
  static Path unpackInto(Path cache) throws IOException {
    String archive = archive();
    Path home = cache.resolve("postgresql-" + hash(archive).substring(0, 16));
    if (Files.isDirectory(home)) {
      return home;
    }
    Files.createDirectories(cache);
    Path fresh = Files.createTempDirectory(cache, "unpacking-");
    try (InputStream in = new XZInputStream(open(archive))) {
      Untar.unpack(in, fresh);
      // a folder appears whole or not at all; two processes may unpack at once, one wins
      Files.setPosixFilePermissions(
          fresh, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException lost) {
      remove(fresh);
    } catch (IOException e) {
      remove(fresh);
      if (!Files.isDirectory(home)) {
        throw e;
      }
    }
    return home;
  }

  private static String archive() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "");
    if (os.contains("linux")) {
      switch (arch) {
        case "amd64", "x86_64" -> {
          return "/postgres-linux-x86_64.txz";
        }
        case "aarch64", "arm64" -> {
          return "/postgres-linux-arm_64.txz";
        }
        default -> {}
      }
    }
    throw StoreException.at(
        "embedded PostgreSQL",
        "there is none for " + os + " on " + arch + "; set database.url to a PostgreSQL of yours");
  }

  private static InputStream open(String archive) throws IOException {
    InputStream in = PostgresBinaries.class.getResourceAsStream(archive);
    if (in == null) {
      throw new IOException("the archive " + archive + " is not on the class path");
    }
    return in;
  }

  private static String hash(String archive) throws IOException {
    try (DigestInputStream in =
        new DigestInputStream(open(archive), MessageDigest.getInstance("SHA-256"))) {
      byte[] buffer = new byte[1 << 16];
      while (in.read(buffer) >= 0) {
        // only the digest is wanted
      }
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}

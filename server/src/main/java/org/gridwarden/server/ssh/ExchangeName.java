package org.gridwarden.server.ssh;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in a user's folders: the root, {@code in}, {@code out}, or a file in one of these; there
 * is nothing else that a client could name.
 *
 * @param folder {@code in} or {@code out}; empty for the root
 * @param file a file's name; empty for the folder itself
 */
record ExchangeName(String folder, String file) {
  static final String IN = "in";
  static final String OUT = "out";

  /** What the server says of a shipment stands beside it under this ending. */
  static final String RESULT = ".result";

  private static final int LONGEST = 1_024;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /**
   * What a client's path means: from the root, whether it begins with a stroke or not; {@code ..}
   * never leads above it.
   *
   * @return empty where there is no such place
   */
  static Optional<ExchangeName> of(String path) {
    if (path.length() > LONGEST) {
      return Optional.empty();
    }
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      switch (part) {
        case "", "." -> {}
        case ".." -> parts.pollLast();
        default -> {
          if (parts.size() == 2) {
            return Optional.empty();
          }
          parts.addLast(part);
        }
      }
    }
    String folder = parts.isEmpty() ? "" : parts.removeFirst();
    String file = parts.isEmpty() ? "" : parts.removeFirst();
    boolean known = folder.isEmpty() || folder.equals(IN) || folder.equals(OUT);
    boolean named = file.isEmpty() || isFile(file);
    return known && named ? Optional.of(new ExchangeName(folder, file)) : Optional.empty();
  }

  /** Whether a file may be called so. */
  static boolean isFile(String name) {
    return NAME.matcher(name).matches();
  }

  /** Whether it is the root or a folder. */
  boolean isFolder() {
    return file.isEmpty();
  }

  /** Whether a client may put a file there. */
  boolean isForClients() {
    return !isFolder() && folder.equals(IN) && !file.endsWith(RESULT);
  }

  /** Whether a file there is taken in: as readings by how its name begins, else as a shipment. */
  boolean isTakenIn() {
    return isForClients() && (file.endsWith(".csv") || Desk.readings(file));
  }

  /** The path as clients write it. */
  String path() {
    return "/" + folder + (isFolder() ? "" : "/" + file);
  }
}

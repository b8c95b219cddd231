package org.gridwarden.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How a program is started that refuses to be root. An ordinary user needs nothing. Root enters a
 * user namespace of its own, where the files stay root's; where the system forbids that (many
 * containers do), the program is given the user {@code nobody}'s ids and the folder with it.
 */
record Unprivileged(List<String> prefix, boolean changesOwner) {
  /** The conventional ids of nobody. */
  static final int NOBODY = 65_534;

  static Unprivileged find() {
    if (!isRoot()) {
      return new Unprivileged(List.of(), false);
    }
    List<String> unshare = List.of("unshare", "-U", "--");
    if (works(unshare)) {
      return new Unprivileged(unshare, false);
    }
    List<String> setpriv =
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--");
    if (works(setpriv)) {
      return new Unprivileged(setpriv, true);
    }
    throw StoreException.at(
        "embedded PostgreSQL",
        "it does not run as root, and neither unshare nor setpriv works here;"
            + " start as an ordinary user or install util-linux");
  }

  List<String> command(String program, List<String> arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(program);
    command.addAll(arguments);
    return command;
  }

  /** The command in a session of its own, where the terminal's Ctrl-C does not reach it. */
  static List<String> ownSession(List<String> command) {
    if (!works(List.of("setsid"))) {
      return command;
    }
    List<String> detached = new ArrayList<>(List.of("setsid"));
    detached.addAll(command);
    return detached;
  }

  /** Hands a folder and all in it to the user that the program runs as. */
  void own(Path folder) throws IOException {
    if (changesOwner) {
      try (var all = Files.walk(folder)) {
        for (Path path : all.toList()) {
          Files.setAttribute(path, "unix:uid", NOBODY, java.nio.file.LinkOption.NOFOLLOW_LINKS);
          Files.setAttribute(path, "unix:gid", NOBODY, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  private static boolean isRoot() {
    try {
      return Files.exists(Path.of("/proc/self"))
          && Optional.ofNullable(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
              .map(uid -> uid.equals(0))
              .orElse(false);
    } catch (IOException | UnsupportedOperationException e) {
      return System.getProperty("user.name", "").equals("root");
    }
  }

  private static boolean works(List<String> prefix) {
    List<String> command = new ArrayList<>(prefix);
    command.add("true");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that outlives a command, for people who type more than one. */
class LoginIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private int number;

  private record Said(int code, String out, String err) {}

  private Said run(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--data=" + folder.resolve("data"));
    try (CommandProcess command =
        CommandProcess.start(
            folder,
            "run" + number++,
            CommandProcess.LIGHT,
            Map.of("XDG_RUNTIME_DIR", folder.resolve("run").toString()),
            "org.gridwarden.cli.Gridwarden",
            all.toArray(String[]::new))) {
      return new Said(command.exit(PATIENCE), command.out(), command.err());
    }
  }

  private List<Path> kept() throws Exception {
    Path sessions = folder.resolve("run/gridwarden");
    if (!Files.isDirectory(sessions)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(sessions)) {
      return files.toList();
    }
  }

  @Test
  @DisplayName(
      "C29: login keeps a session that only its owner can read; it ends by logout, from elsewhere and"
          + " with the password, and then nothing is open")
  void login() throws Exception {
    try (TestOffice office = new TestOffice(folder)) {
      office.start();
      Path vera = office.person("vera", "viewer");
      Path admin = folder.resolve("admin.password");

      Said nobody = run("alarms", "--user=vera");
      assertThat(nobody.code()).isEqualTo(Gridwarden.WRONG_INPUT);
      assertThat(nobody.err()).contains("nobody is there to type the password of vera");

      assertThat(run("login", "--user=vera", "--password=file:" + vera).out())
          .contains("vera is logged in");
      assertThat(kept()).hasSize(1);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept().getFirst())))
          .isEqualTo("rw-------");
      assertThat(Files.readString(kept().getFirst())).doesNotContain(Files.readString(vera));
      assertThat(run("alarms", "--user=vera").code()).isZero();
      assertThat(run("alarms", "--user=vera").code()).as("a command does not end it").isZero();
      Said denied = run("users", "list", "--user=vera");
      assertThat(denied.err()).contains("your roles do not allow this");

      assertThat(run("logout", "--user=vera").out()).contains("vera is logged out");
      assertThat(kept()).isEmpty();
      assertThat(run("alarms", "--user=vera").err()).contains("nobody is there to type");
      assertThat(run("logout", "--user=vera").err()).contains("vera is not logged in");

      // ended from elsewhere: by an administrator, and with the password
      assertThat(run("login", "--user=vera", "--password=file:" + vera).code()).isZero();
      assertThat(run("users", "disable", "vera", "--user=admin", "--password=file:" + admin).code())
          .isZero();
      assertThat(run("alarms", "--user=vera").err()).contains("nobody is there to type");
      assertThat(kept()).as("what opens nothing is not kept").isEmpty();
      assertThat(run("users", "enable", "vera", "--user=admin", "--password=file:" + admin).code())
          .isZero();
      assertThat(run("login", "--user=vera", "--password=file:" + vera).code()).isZero();
      Path fresh = Files.writeString(folder.resolve("fresh"), "nine otters below the weir");
      assertThat(
              run(
                      "users",
                      "password",
                      "--user=vera",
                      "--password=file:" + vera,
                      "--new-password=file:" + fresh)
                  .out())
          .contains("vera has a new password");
      assertThat(run("alarms", "--user=vera").err()).contains("nobody is there to type");
      assertThat(run("login", "--user=vera", "--password=file:" + fresh).code()).isZero();
      office.stop();
      office.start();
      assertThat(run("alarms", "--user=vera").err())
          .as("a server that was started again knows no sessions")
          .contains("nobody is there to type");

      // a first password is changed before anything else
      Said added =
          run("users", "add", "olga", "--role=viewer", "--user=admin", "--password=file:" + admin);
      Path first =
          Files.writeString(folder.resolve("olga"), added.out().lines().toList().getLast());
      assertThat(run("login", "--user=olga", "--password=file:" + first).err())
          .contains("olga has a first password")
          .contains("login --user olga");
      assertThat(kept()).noneMatch(file -> file.getFileName().toString().startsWith("olga"));
      office.stop();
    }
  }
}

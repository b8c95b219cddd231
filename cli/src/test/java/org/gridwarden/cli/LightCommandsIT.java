package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that need no server, and what is said when something is wrong. */
class LightCommandsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "meters --help", "demo --help", "completion"})
  void lightCommandsLoadFewClassesAndNoneOfTheServers(String line)
      throws IOException, InterruptedException {
    Path classes = folder.resolve("classes");
    try (CommandProcess command =
        CommandProcess.start(
            folder,
            "light",
            List.of("-XX:TieredStopAtLevel=1", "-Xlog:class+load:file=" + classes),
            line.split(" "))) {
      assertThat(command.exit(PATIENCE)).as(command.err()).isZero();
      assertThat(command.out()).isNotBlank();
    }
    assertThat(Files.readString(classes))
        .as("their number is what a light command's time goes to")
        .satisfies(all -> assertThat(all.lines().count()).isLessThan(2_500))
        .doesNotContain(
            " org.gridwarden.server.",
            " org.gridwarden.store.",
            " org.springframework.",
            " org.postgresql.");
  }

  @Test
  void anUnknownCommandIsOneLineAndExitCodeTwo() throws IOException, InterruptedException {
    says(2, "demmo", "demmo");
  }

  @Test
  void aTakenPortIsNamedWithItsOption() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      says(
          1,
          "port " + taken.getLocalPort() + " of 127.0.0.1 is taken",
          "demo",
          "--data=" + folder.resolve("demo"),
          "--port=" + taken.getLocalPort());
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException, InterruptedException {
    says(1, "/proc/gridwarden cannot be written", "demo", "--data=/proc/gridwarden");
  }

  @Test
  void aFolderOfSomebodyElsesIsNotThrownAway() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("precious"), "x");
    says(1, "no demo's folder", "demo", "--fresh", "--data=" + folder);
    assertThat(folder.resolve("precious")).exists();
  }

  @Test
  void withoutAServerTheRemedyIsNamed() throws IOException, InterruptedException {
    says(1, "no server is running", "meters", "list", "--data=" + folder);
  }

  @Test
  void aMissingJdkIsOneLine() throws IOException, InterruptedException {
    try (CommandProcess launcher =
        CommandProcess.run(
            folder,
            "launcher",
            List.of(
                "env",
                "GRIDWARDEN_JAVA_HOME=/nowhere",
                CommandProcess.root().resolve("gridwarden").toString(),
                "--help"))) {
      assertThat(launcher.exit(PATIENCE)).isEqualTo(1);
      assertThat(launcher.err().lines()).hasSize(1);
      assertThat(launcher.err()).contains("/nowhere").contains("JDK 25");
    }
  }

  /** One line on standard error at most two with the pointer to the help, and the exit code. */
  private void says(int code, String text, String... arguments)
      throws IOException, InterruptedException {
    try (CommandProcess command = CommandProcess.start(folder, "wrong", arguments)) {
      assertThat(command.exit(PATIENCE)).as(command.err()).isEqualTo(code);
      assertThat(command.err()).contains(text).doesNotContain("\tat ");
      assertThat(command.err().lines().filter(l -> l.startsWith("gridwarden: "))).hasSize(1);
    }
  }
}

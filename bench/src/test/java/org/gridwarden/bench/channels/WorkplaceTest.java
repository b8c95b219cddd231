package org.gridwarden.bench.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkplaceTest {
  @TempDir private Path parent;

  @Test
  void whoCameLastLeavesFirstAndTheFolderIsGone() throws Exception {
    List<String> left = new ArrayList<>();
    Workplace place = Workplace.in(parent);
    Files.createDirectories(place.folder().resolve("office/data"));
    Files.writeString(place.folder().resolve("office/data/file"), "something");
    place.employ(() -> left.add("office"));
    place.employ(() -> {
      throw new IllegalStateException("it has hung itself up");
    });
    place.employ(() -> left.add("meters"));
    place.close();
    place.close(); // twice is once
    assertThat(left).containsExactly("meters", "office");
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void whoEndsTheCommandInTheMidstOfItFindsNothingLeft() throws Exception {
    Process command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Busy.class.getName(),
                parent.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(command.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("busy");
      try (Stream<Path> there = Files.list(parent)) {
        assertThat(there).hasSize(1);
      }
      command.toHandle().destroy(); // as Ctrl-C, and its output stays open
      assertThat(out.readLine()).isEqualTo("ended");
      assertThat(command.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      command.destroyForcibly();
    }
    assertThat(parent).isEmptyDirectory();
  }

  /** Has a workplace, and is not done. */
  static final class Busy {
    private Busy() {}

    public static void main(String[] args) throws Exception {
      try (Workplace place = Workplace.in(Path.of(args[0]))) {
        Files.writeString(place.folder().resolve("office.log"), "something");
        place.employ(() -> System.out.println("ended"));
        System.out.println("busy");
        new CountDownLatch(1).await();
      }
    }
  }
}

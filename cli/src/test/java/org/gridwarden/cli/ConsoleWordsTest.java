package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

class ConsoleWordsTest {
  @Test
  @DisplayName("C37 no word of the console names a file, a server, a token or a password")
  void noFiles() {
    List<String> found = new ArrayList<>();
    walk(ConsoleWords.commandLine(), "", found);
    assertThat(found).isEmpty();
  }

  private static void walk(CommandLine line, String path, List<String> found) {
    for (ArgSpec arg : line.getCommandSpec().args()) {
      String label = arg.paramLabel().toLowerCase(java.util.Locale.ROOT);
      if (ConsoleWords.isFile(arg)
          || label.matches("file|dir|folder|pem|place|url")
          || arg.toString().matches(".*(password|token|--data).*")) {
        found.add(path + " " + arg);
      }
    }
    assertThat(line.isExpandAtFiles()).as(path).isFalse();
    line.getSubcommands().forEach((name, sub) -> walk(sub, path + " " + name, found));
  }

  @Test
  @DisplayName("every word that is named is there")
  void allThere() {
    for (String words : ConsoleWords.COMMANDS) {
      Optional<CommandLine> line = Optional.of(ConsoleWords.commandLine());
      for (String word : words.split(" ")) {
        line = line.map(l -> l.getSubcommands().get(word));
      }
      assertThat(line).as(words).isPresent();
    }
  }

  @Test
  void words() {
    ConsoleDesk desk = new ConsoleDesk();
    assertThat(desk.complete(List.of("met"))).contains("meters");
    assertThat(desk.complete(List.of("meters", ""))).contains("list", "show");
    assertThat(desk.complete(List.of("meters", "list", "--"))).contains("--query");
  }
}

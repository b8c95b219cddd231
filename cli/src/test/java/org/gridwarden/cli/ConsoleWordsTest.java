package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "meters list --size 3",
        "meters waiting",
        "meters quarantine M --reason x",
        "readings M",
        "alarms",
        "alarms acknowledge 1",
        "cases list",
        "cases show 1",
        "cases note 1 x",
        "cases close 1 --verdict theft --note x",
        "collection status",
        "collection read M",
        "collection reach M",
        "command list",
        "command show 0192f0c1-0000-7000-8000-000000000000",
        "command policy show",
        "command key list",
        "firmware image list",
        "firmware campaign status",
        "audit list",
        "audit key",
        "audit verify",
        "audit prove 1",
        "export M",
      })
  @DisplayName("a word asks the API in the caller's name, once its options are settled")
  void asks(String line) {
    AtDesk nobody =
        new AtDesk() {
          @Override
          public OfficeClient client() {
            throw new Failure("the API is asked");
          }

          @Override
          public String ask(String question) {
            return "";
          }

          @Override
          public void put(String name, InputStream content) {
            throw new AssertionError("nothing was asked for yet");
          }
        };
    StringWriter err = new StringWriter();
    int code =
        ScopedValue.where(AtDesk.NOW, nobody)
            .call(() ->
                ConsoleWords.commandLine().setErr(new PrintWriter(err)).execute(line.split(" ")));
    assertThat(err.toString()).isEqualTo("gridwarden: the API is asked" + System.lineSeparator());
    assertThat(code).isEqualTo(1);
  }
}

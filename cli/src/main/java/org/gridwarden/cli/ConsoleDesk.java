package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.server.ssh.Caller;
import org.gridwarden.server.ssh.Desk;
import org.gridwarden.server.ssh.OutTray;
import picocli.AutoComplete;
import picocli.CommandLine;

/** The command line's words for those who come in over SSH. Thread-safe. */
final class ConsoleDesk implements Desk {
  @Override
  public int run(Caller caller, List<String> words, Screen screen, Optional<OutTray> out) {
    List<String> asked = words;
    // so that an example of the documentation may be pasted
    if (asked.getFirst().equals("gridwarden") || asked.getFirst().equals("./gridwarden")) {
      asked = asked.subList(1, asked.size());
    }
    return run(ConsoleWords.commandLine(), new At(caller, screen, out), asked);
  }

  @Override
  public List<String> complete(List<String> words) {
    List<CharSequence> found = new ArrayList<>();
    String[] all = words.toArray(String[]::new);
    AutoComplete.complete(
        ConsoleWords.commandLine().getCommandSpec(), all, all.length - 1, 0, 0, found);
    return found.stream().map(CharSequence::toString).toList();
  }

  /** The file is the server's own copy: here, and nowhere else, a path is named. */
  @Override
  public int takeIn(Caller caller, Path file, Screen screen) {
    return run(
        Gridwarden.commandLine().setExpandAtFiles(false),
        new At(caller, screen, Optional.empty()),
        Desk.readings(String.valueOf(file.getFileName()))
            ? List.of("import", file.toString())
            : List.of("meters", "import", file.toString()));
  }

  private static int run(CommandLine line, At at, List<String> words) {
    line.setOut(at.screen().out()).setErr(at.screen().err());
    return ScopedValue.where(AtDesk.NOW, at).call(() -> line.execute(words.toArray(String[]::new)));
  }

  private record At(Caller caller, Screen screen, Optional<OutTray> out) implements AtDesk {
    @Override
    public OfficeClient client() {
      return OfficeClient.bearing(
          caller.office().toString(), caller.fingerprint(), caller.bearer());
    }

    @Override
    public String ask(String question) {
      return screen
          .asks()
          .orElseThrow(() ->
              new Failure(
                  "nobody is there to be asked; a program that has looked says --yes",
                  Gridwarden.WRONG_INPUT))
          .apply(question);
    }

    @Override
    public void put(String name, InputStream content) throws IOException {
      out.orElseThrow(() ->
              new Failure("files are not exchanged here: ssh.exchange is off in the configuration"))
          .put(name, content);
    }
  }
}

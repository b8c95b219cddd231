package org.gridwarden.bench.dlms;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./gridwarden bench dlms}. */
@Command(
    name = "dlms",
    description = {
      "DLMS associations over loopback, beside Gurux and jDLMS: sessions, GETs and profiles a",
      "second, processor time and allocation, with 1 and with 50 clients.",
      "",
      "The others are programs of their own in interop/, made once with Maven. Each stack's client",
      "meets its own meter, in turn and in turn again; then ours theirs and theirs ours.",
    })
public final class DlmsBench implements Callable<Integer> {
  @Option(
      names = "--seconds",
      defaultValue = "2",
      description = "Of one run; all are about 126 of them (${DEFAULT-VALUE}).")
  private double seconds = 2;

  @Option(
      names = "--rounds",
      defaultValue = "2",
      description = "How often each is measured (${DEFAULT-VALUE}).")
  private int rounds = 2;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "WHAT",
      description = "session, get or profile alone.")
  private List<String> only = List.of();

  @Option(
      names = "--peers",
      paramLabel = "DIR",
      description = "Where the other stacks' programs are (interop/ beside the sources).")
  private @Nullable Path peers;

  @Option(names = "--json", description = "One JSON object on a line.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Path interop = interop(peers);
    long millis = Math.round(seconds * 1000);
    try {
      Stack.prepare(interop);
      List<Comparison.Row> rows =
          new Comparison(millis, rounds, err)
              .measure(
                  interop,
                  Load.all().stream()
                      .filter(load -> only.isEmpty() || only.contains(load.what()))
                      .toList());
      out.println(json ? ComparisonText.json(rows, millis, rounds) : ComparisonText.table(rows));
      out.flush();
      return 0;
    } catch (IOException e) {
      err.println("gridwarden: the comparison did not run: " + e.getMessage());
      err.flush();
      return 1;
    }
  }

  static Path interop(@Nullable Path named) {
    return named != null
        ? named.toAbsolutePath()
        : Path.of(System.getProperty("gridwarden.home", "."), "interop").toAbsolutePath();
  }
}

package org.gridwarden.bench.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.gridwarden.bench.Report;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench commands}: from a click to the meter's stored receipt. */
@Command(
    name = "commands",
    description = {
      "Drafts load limits, has a second person release each, signs, sends and follows them to the"
          + " meters'",
      "signed receipts: one at a time, then many at once. The meters verify seal, signature,"
          + " counter and",
      "time. Database and meters share this machine.",
    })
public final class CommandBench implements Callable<Integer> {
  @Option(
      names = "--count",
      defaultValue = "10000",
      description = "Commands at once, 1 to 10000 (${DEFAULT-VALUE}).")
  private int count = 10_000;

  @Option(
      names = "--singly",
      defaultValue = "300",
      description = "Commands one at a time (${DEFAULT-VALUE}).")
  private int singly = 300;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "A folder on the disk to be measured; it is emptied afterwards.")
  private @Nullable Path data;

  @Option(
      names = "--dlms",
      description =
          "A street of simulated meters is commanded over TCP and DLMS, while it pushes; without"
              + " it, meters are called in this process.")
  private boolean dlms;

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    if (count < 1 || count > 10_000 || singly < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--count is 1 to 10000, --singly at least 1");
    }
    System.setProperty("logback.configurationFile", "org/gridwarden/bench/logback.xml");
    Report report = new CommandRun(count, singly, dlms, data).run();
    spec.commandLine().getOut().println(json ? report.json() : report.table());
    spec.commandLine().getOut().flush();
    return 0;
  }
}

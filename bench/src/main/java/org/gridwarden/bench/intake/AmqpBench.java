package org.gridwarden.bench.intake;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.gridwarden.bench.Report;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench amqp}: what the endpoint takes in at least once. */
@Command(
    name = "amqp",
    description = {
      "Meters send secured messages over AMQP 1.0 as fast as they are settled:",
      "each is verified and durable in PostgreSQL before its disposition. Meters,",
      "endpoint and database share this machine.",
    })
public final class AmqpBench implements Callable<Integer> {
  @Option(names = "--meters", defaultValue = "200", description = "Meters (${DEFAULT-VALUE}).")
  private int meters = 200;

  @Option(
      names = "--values",
      defaultValue = "3",
      description = "Values a message, 1 to 96 (${DEFAULT-VALUE}).")
  private int values = 3;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      description = "How long, after a third of it to warm up (${DEFAULT-VALUE}).")
  private int seconds = 30;

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    // before the first logger: a benchmark's terminal shows figures, and what goes wrong
    System.setProperty("logback.configurationFile", "org/gridwarden/bench/logback.xml");
    Report report = IntakeRun.amqp(meters, values, Duration.ofSeconds(seconds)).report();
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? report.json() : report.table());
    out.flush();
    return 0;
  }
}

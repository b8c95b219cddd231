package org.gridwarden.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The whole thing on this machine: database, head-end, console, and a street that pushes. */
@Command(
    name = "demo",
    description = {
      "Starts the embedded PostgreSQL, the head-end and its console, and a simulated street of"
          + " meters that push into it; on this machine's loopback addresses only.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden demo",
      "  ./gridwarden demo --meters 1000 --for 60s --json",
      "",
      "Ctrl-C stops it in good order. Every reading that was acknowledged to a meter is then",
      "looked up in the database: exit code 0 only if all are there, once.",
    })
final class DemoCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--meters",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many, 1 to 10,000. Default: ${DEFAULT-VALUE}.")
  int meters;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "Stop by itself after 60s, 10m, 2h. Default: at Ctrl-C.")
  @Nullable Duration time;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where everything is kept. Default: data/demo beside ./gridwarden.")
  @Nullable Path data;

  @Option(names = "--fresh", description = "Throw the demo's former data away first.")
  boolean fresh;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The console's port. Default: 8443, or a free one where that is taken.")
  @Nullable Integer port;

  @Option(
      names = "--dlms-port",
      paramLabel = "PORT",
      description = "The port that meters push to. Default: 4059, or a free one.")
  @Nullable Integer dlmsPort;

  @Option(
      names = "--history",
      paramLabel = "TIME",
      defaultValue = "28d",
      description = "How far back the meters tell first. Default: ${DEFAULT-VALUE}.")
  Duration history = Duration.ofDays(28);

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "Between two momentary pushes of a meter. Default: ${DEFAULT-VALUE}.")
  Duration every = Duration.ofSeconds(10);

  @Option(names = "--json", description = "The summary as one JSON object on the last line.")
  boolean json;

  @Override
  public Integer call() throws Exception {
    return new DemoRun(this).run();
  }
}

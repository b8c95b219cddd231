package org.gridwarden.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a simulated street is asked for, wherever it pushes to. */
final class StreetOptions {
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
      names = "--history",
      paramLabel = "TIME",
      defaultValue = "28d",
      description = "How far back daily profiles are pushed first. Default: ${DEFAULT-VALUE}.")
  Duration history = Duration.ofDays(28);

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "Between two momentary pushes of a meter. Default: ${DEFAULT-VALUE}.")
  Duration every = Duration.ofSeconds(10);

  @Option(names = "--json", description = "The summary as one JSON object on the last line.")
  boolean json;
}

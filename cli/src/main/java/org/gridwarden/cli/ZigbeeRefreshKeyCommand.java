package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Another network key. */
@Command(
    name = "refresh-key",
    description = {
      "Gives a coordinator's network another key, on the air.",
      "",
      "Each device is told it under its own link key, then all switch. Whoever has the",
      "present key only is shut out. A device that is off meanwhile misses it.",
      ""
    },
    footer = {"", "Examples:", "  ./gridwarden zigbee refresh-key --folder zigbee-1"})
final class ZigbeeRefreshKeyCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      required = true,
      description = "The coordinator's, as channels.zigbee names it.")
  private Path folder = Path.of(".");

  @Override
  public Integer call() {
    ZigbeeRun.refreshKey(folder, spec.commandLine().getOut());
    return 0;
  }
}

package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Who is in a network. */
@Command(
    name = "devices",
    description = {"Who is in a coordinator's network, or expected, or unknown.", ""},
    footer = {"", "Examples:", "  ./gridwarden zigbee devices --folder zigbee-1"})
final class ZigbeeDevicesCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      required = true,
      description = "The coordinator's, as channels.zigbee names it.")
  private Path folder = Path.of(".");

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() {
    ZigbeeRun.devices(folder, json, spec.commandLine().getOut());
    return 0;
  }
}

package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sends a device away. */
@Command(
    name = "remove",
    description = {
      "Sends a device out of a coordinator's network, and forgets it.",
      "",
      "To come back it needs its install code anew. It has had the network's key:",
      "'zigbee refresh-key' where it is not in your hands.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden zigbee remove --folder zigbee-1 --eui64 0247570000000001"
    })
final class ZigbeeRemoveCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      required = true,
      description = "The coordinator's, as channels.zigbee names it.")
  private Path folder = Path.of(".");

  @Option(
      names = "--eui64",
      paramLabel = "ADDRESS",
      required = true,
      description = "The device's address, 16 hexadecimal digits.")
  private String eui64 = "";

  @Override
  public Integer call() {
    ZigbeeRun.remove(folder, eui64, spec.commandLine().getOut());
    return 0;
  }
}

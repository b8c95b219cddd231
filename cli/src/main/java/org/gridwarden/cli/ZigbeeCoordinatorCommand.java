package org.gridwarden.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A coordinator without a server. */
@Command(
    name = "coordinator",
    description = {
      "Brings a coordinator's network up without a server, and looks on.",
      "",
      "Forms a network where its folder is empty, and prints what happens until Ctrl-C.",
      "Nothing is stored, and no message is acknowledged: meters keep what they have",
      "to say. The server must not have the port meanwhile.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden zigbee coordinator --port /dev/ttyUSB0 --folder zigbee-1",
      "  ./gridwarden zigbee coordinator --port /dev/ttyUSB0 --type xbee --folder zigbee-2"
          + " --for 30s",
    })
final class ZigbeeCoordinatorCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--port",
      paramLabel = "DEVICE",
      required = true,
      description = "The dongle's serial port.")
  private String port = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "ezsp",
      description = "ezsp or xbee. Default: ${DEFAULT-VALUE}.")
  private String type = "ezsp";

  @Option(
      names = "--speed",
      paramLabel = "BAUD",
      defaultValue = "115200",
      description = "Default: ${DEFAULT-VALUE}.")
  private int speed = 115_200;

  @Option(
      names = "--channel",
      paramLabel = "N",
      defaultValue = "15",
      description = "11 to 26, where a network is formed. Default: ${DEFAULT-VALUE}.")
  private int channel = 15;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      required = true,
      description = "Where it is kept which network it is, and who is in it.")
  private Path folder = Path.of(".");

  @Option(names = "--for", paramLabel = "TIME", description = "End by itself after that.")
  private @Nullable Duration lasting;

  @Override
  public Integer call() throws InterruptedException {
    return ZigbeeRun.coordinator(
        port, type, speed, channel, folder, lasting, spec.commandLine().getOut());
  }
}

package org.gridwarden.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets meters into a network. */
@Command(
    name = "permit-join",
    description = {
      "Lets meters into a coordinator's network, by their install codes.",
      "",
      "For as long as is said. Run it as the user whose server has the coordinator.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden zigbee permit-join --folder zigbee-1 \\",
      "    --eui64 02:47:57:00:00:00:00:01 --meter GW-0000001 \\",
      "    --install-code '83FE D340 7A93 9723 A5C6 39B2 6916 D505 C3B5'",
      "  ./gridwarden zigbee permit-join --folder zigbee-1 --guests labels.csv",
    })
final class ZigbeePermitJoinCommand implements Callable<Integer> {
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
      description = "The meter's address, 16 hexadecimal digits.")
  private @Nullable String eui64;

  @Option(
      names = "--install-code",
      paramLabel = "CODE",
      description = "What is printed beside it, with its check digits.")
  private @Nullable String installCode;

  @Option(names = "--meter", paramLabel = "METER", description = "Which meter it is.")
  private @Nullable String meter;

  @Option(
      names = "--guests",
      paramLabel = "FILE",
      description = "Many at once: lines of address, install code, meter.")
  private @Nullable Path guests;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "180s",
      description = "How long the network stands open, 254s at most. Default: ${DEFAULT-VALUE}.")
  private Duration open = Duration.ofSeconds(180);

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    int count = ZigbeeRun.permit(folder, eui64, installCode, meter, guests, open);
    out.println(
        count
            + (count == 1 ? " meter" : " meters")
            + " may join for "
            + open.toSeconds()
            + " s, once the coordinator has read it; 'zigbee devices' shows who did");
    out.flush();
    return 0;
  }
}

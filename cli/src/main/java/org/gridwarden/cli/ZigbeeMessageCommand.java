package org.gridwarden.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows a text on a meter's display. */
@Command(
    name = "message",
    description = {
      "Shows a text on a meter's display, or ends the one that is shown.",
      "",
      "By Smart Energy's own cluster: it orders nothing, and nobody signs it.",
      "Run it as the user whose server has the coordinator.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden zigbee message --folder zigbee-1 --meter GW-0000001 \\",
      "    --text 'Power is off tomorrow, 8 to 10' --for 12h --confirm",
      "  ./gridwarden zigbee message --folder zigbee-1 --meter GW-0000001 --end",
    })
final class ZigbeeMessageCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      required = true,
      description = "The coordinator's, as channels.zigbee names it.")
  private Path folder = Path.of(".");

  @Option(
      names = "--meter",
      paramLabel = "METER",
      required = true,
      description = "On whose display.")
  private String meter = "";

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "One line of at most 57 bytes in UTF-8.")
  private @Nullable String text;

  @Option(names = "--end", description = "End what is shown.")
  private boolean end;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "60m",
      description = "How long it is shown. Default: ${DEFAULT-VALUE}.")
  private Duration lasting = Duration.ofMinutes(60);

  @Option(
      names = "--importance",
      paramLabel = "WORD",
      defaultValue = "low",
      description = "low, medium, high or critical. Default: ${DEFAULT-VALUE}.")
  private String importance = "low";

  @Option(names = "--confirm", description = "Ask its consumer to confirm it.")
  private boolean confirm;

  @Override
  public Integer call() {
    ZigbeeToldRun.message(folder, meter, end ? null : text, end, lasting, importance, confirm);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        (end ? "what meter " + meter + " shows is ended" : "meter " + meter + " shows it")
            + " once the coordinator has read this; 'zigbee told' shows what became of it");
    out.flush();
    return 0;
  }
}

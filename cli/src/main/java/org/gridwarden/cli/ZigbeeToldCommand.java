package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What meters were told, and what they made of it. */
@Command(
    name = "told",
    description = {
      "What meters were told by Zigbee's own clusters, and what each made of it.",
      "",
      "Load-control events, which ride behind 'command limit-load', and messages; the",
      "latest first.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden zigbee told --folder zigbee-1",
      "  ./gridwarden zigbee told --folder zigbee-1 --meter GW-0000001 --json",
    })
final class ZigbeeToldCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      required = true,
      description = "The coordinator's, as channels.zigbee names it.")
  private Path folder = Path.of(".");

  @Option(names = "--meter", paramLabel = "METER", description = "Of this meter alone.")
  private @Nullable String meter;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() {
    ZigbeeToldRun.told(folder, meter, json, spec.commandLine().getOut());
    return 0;
  }
}

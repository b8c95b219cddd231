package org.gridwarden.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The end of a protection: one person asks, another decides. */
@Command(
    name = "unprotect",
    description =
        "Asks for a consumer's protection to end, with a reason; another operator releases it, or"
            + " refuses. Until then nothing changes.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden command unprotect GW-0000017 --reason 'moved away' --user olivia",
      "  ./gridwarden command unprotect GW-0000017 --release --user peter",
    })
final class CommandUnprotectCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Parameters(paramLabel = "METER", description = "The meter's id.")
  private String meter = "";

  @ArgGroup(multiplicity = "1")
  private Act act = new Act();

  /** One of three. */
  static final class Act {
    @Option(
        names = "--reason",
        required = true,
        paramLabel = "TEXT",
        description = "Asks for it, and says why; 1 to 500 characters.")
    private @Nullable String reason;

    @Option(
        names = "--release",
        required = true,
        description = "Releases what another operator asks for: the protection ends.")
    private boolean release;

    @Option(
        names = "--refuse",
        required = true,
        description = "Refuses what another operator asks for: the protection stands.")
    private boolean refuse;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (OfficeClient client = office.connect()) {
      if (act.reason != null) {
        client.post(path(meter) + "/lift", Map.of("reason", act.reason));
        out.println(
            "asked; another operator decides: command unprotect "
                + meter
                + " --release --user NAME");
      } else {
        client.post(path(meter) + "/lift/" + (act.release ? "release" : "refuse"), Map.of());
        out.println(
            act.release
                ? meter + " is not protected any more"
                : meter + " stays protected; what was asked is refused");
      }
      out.flush();
      return Gridwarden.OK;
    }
  }

  static String path(String meter) {
    return "/meters/" + URLEncoder.encode(meter, StandardCharsets.UTF_8) + "/protection";
  }
}

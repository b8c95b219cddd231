package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A meter's interval values, through the running server. */
@Command(
    name = "readings",
    description = "Prints a meter's interval values, through the running server, as CSV or JSON.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden readings GW-0000001",
      "  ./gridwarden readings GW-0000001 --from 2026-11-01T00:00:00Z --to 2026-11-02T00:00:00Z",
    })
final class ReadingsCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Parameters(paramLabel = "METER", description = "The meter's id.")
  private String meter = "";

  @Option(
      names = "--channel",
      paramLabel = "OBIS",
      defaultValue = "1.0.1.29.0.255",
      description = "Which channel. Default: ${DEFAULT-VALUE}, energy bought.")
  private String channel = "";

  @Option(
      names = "--from",
      paramLabel = "INSTANT",
      description = "From when on, 2026-11-01T00:00:00Z. Default: a day before --to.")
  private @Nullable Instant from;

  @Option(names = "--to", paramLabel = "INSTANT", description = "Until when. Default: now.")
  private @Nullable Instant to;

  @Option(names = "--csv", description = "As CSV; this is the default.")
  private boolean csv;

  @Option(names = "--json", description = "As one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    if (csv && json) {
      throw new Failure("--csv and --json exclude each other", Gridwarden.WRONG_INPUT);
    }
    Instant until = to != null ? to : Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant since = from != null ? from : until.minus(1, ChronoUnit.DAYS);
    String path =
        "/meters/"
            + encode(meter)
            + "/readings?channel="
            + encode(channel)
            + "&from="
            + encode(since.toString())
            + "&to="
            + encode(until.toString());
    try (OfficeClient client = office.connect();
        InputStream body = client.stream(path, json ? "application/json" : "text/csv");
        Reader text = new InputStreamReader(body, StandardCharsets.UTF_8)) {
      PrintWriter out = spec.commandLine().getOut();
      text.transferTo(out);
      out.println();
      out.flush();
      return Gridwarden.OK;
    } catch (IOException e) {
      throw new Failure("the server broke off: " + e.getMessage());
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

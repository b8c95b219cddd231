package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A meter's interval values into the caller's folder, to be fetched over SFTP. */
@Command(
    name = "export",
    description = "Writes a meter's interval values as CSV into your folder out, for SFTP.")
final class ConsoleExportCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

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

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "The file's name. Default: the meter's id and .csv.")
  private @Nullable String as;

  @Override
  public Integer call() {
    Instant until = to != null ? to : Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant since = from != null ? from : until.minus(1, ChronoUnit.DAYS);
    String name = as != null ? as : meter.replaceAll("[^A-Za-z0-9._-]", "_") + ".csv";
    AtDesk desk = AtDesk.NOW.get();
    try (OfficeClient client = desk.client();
        InputStream csv =
            client.stream(
                "/meters/"
                    + encode(meter)
                    + "/readings?channel="
                    + encode(channel)
                    + "&from="
                    + encode(since.toString())
                    + "&to="
                    + encode(until.toString()),
                "text/csv")) {
      desk.put(name, csv);
    } catch (IOException e) {
      throw new Failure("out/" + name + " was not written: " + e.getMessage());
    }
    spec.commandLine().getOut().println("out/" + name + " is there; fetch it with sftp");
    spec.commandLine().getOut().flush();
    return Gridwarden.OK;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

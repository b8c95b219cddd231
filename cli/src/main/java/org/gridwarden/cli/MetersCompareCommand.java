package org.gridwarden.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Which meters are held against each other, and what feeders lose. */
@Command(
    name = "compare",
    description =
        "Says which meters the night's validation holds against each other: siblings, which run"
            + " alike; check meters, which measure the same; and meters of whole feeders, beside the"
            + " sum of all that hang on them.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden meters compare set GW-0000001 --check CM-17",
      "  ./gridwarden meters compare feeder F-1 --meter FM-1 --most-loss 6",
      "  ./gridwarden meters compare balance F-1 --from 2026-11-01 --to 2026-11-30",
    })
final class MetersCompareCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "All siblings and check meters.")
  int list(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    return items(office, "/companions", List.of("meter", "kind", "other", "since", "saidBy"), json);
  }

  @Command(name = "set", description = "Says which meter goes with a meter; '' for none.")
  int set(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(names = "--sibling", paramLabel = "METER", description = "It runs alike.")
          @Nullable String sibling,
      @Option(names = "--check", paramLabel = "METER", description = "It measures the same.")
          @Nullable String check) {
    if (sibling == null && check == null) {
      throw new Failure("name a --sibling or a --check meter", Gridwarden.WRONG_INPUT);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    if (sibling != null) {
      body.put("sibling", sibling);
    }
    if (check != null) {
      body.put("check", check);
    }
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.put("/companions/" + JsonRows.encode(meter), body);
      JsonRows.print(out(), answer.path("items"), List.of("meter", "kind", "other"));
      return done();
    }
  }

  @Command(name = "feeders", description = "Feeders of which a meter measures all.")
  int feeders(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    return items(
        office, "/feeders", List.of("feeder", "meter", "mostLoss", "meters", "saidBy"), json);
  }

  @Command(
      name = "feeder",
      description = "Says which meter measures all of a feeder; --meter '' that none does.")
  int feeder(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "FEEDER", description = "As meters have it.") String feeder,
      @Option(names = "--meter", required = true, paramLabel = "METER", description = "Its meter.")
          String meter,
      @Option(
              names = "--most-loss",
              paramLabel = "PERCENT",
              defaultValue = "6",
              description = "So much may be lost, per cent. Default: ${DEFAULT-VALUE}.")
          BigDecimal mostLoss) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.put(
              "/feeders/" + JsonRows.encode(feeder),
              Map.of("meter", meter, "mostLoss", mostLoss.toPlainString()));
      JsonRows.print(out(), answer.path("items"), List.of("feeder", "meter", "mostLoss", "meters"));
      return done();
    }
  }

  @Command(name = "balance", description = "What a feeder supplied, and what its meters measured.")
  int balance(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "FEEDER", description = "Which one.") String feeder,
      @Option(names = "--from", required = true, paramLabel = "DATE", description = "First day.")
          LocalDate from,
      @Option(names = "--to", required = true, paramLabel = "DATE", description = "Last day.")
          LocalDate to,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    return items(
        office,
        "/feeders/" + JsonRows.encode(feeder) + "/balance?firstDay=" + from + "&lastDay=" + to,
        List.of("day", "supplied", "delivered", "meters", "unknown", "lossPercent", "within"),
        json);
  }

  private int items(OfficeOptions office, String path, List<String> columns, boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get(path);
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(out(), answer.path("items"), columns);
      }
      return done();
    }
  }

  private int done() {
    out().flush();
    return Gridwarden.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Lists bills, through the running server. */
@Command(name = "list", description = "Lists bills and credits, or billing runs; the latest first.")
final class BillListCommand implements Runnable {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin OfficeOptions office = new OfficeOptions();

  @Option(names = "--account", paramLabel = "ACCOUNT", description = "Of this account only.")
  @Nullable String account;

  @Option(
      names = "--service-point",
      paramLabel = "POINT",
      description = "Of this service point only.")
  @Nullable String point;

  @Option(names = "--run", paramLabel = "RUN", description = "Of this billing run only.")
  @Nullable String run;

  @Option(names = "--runs", description = "The billing runs themselves.")
  boolean runs;

  @Option(
      names = "--before",
      paramLabel = "NUMBER",
      description = "Only smaller numbers: the next page.")
  @Nullable String before;

  @Option(
      names = "--size",
      defaultValue = "50",
      description = "How many, at most 1000 (${DEFAULT-VALUE}).")
  int size = 50;

  @Option(names = "--json", description = "The server's answer as JSON.")
  boolean json;

  /** Asks and prints. */
  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get(runs ? "/bill-runs?size=" + size : bills());
      if (json) {
        out.println(answer);
      } else if (runs) {
        table(
            out,
            answer,
            List.of("id", "started", "from", "to", "dryRun", "billed", "blocked", "totals"));
      } else {
        table(
            out,
            answer,
            List.of(
                "number",
                "kind",
                "account",
                "servicePoint",
                "from",
                "to",
                "total",
                "currency",
                "replaces",
                "creditedBy"));
      }
      out.flush();
    }
  }

  private String bills() {
    StringBuilder path = new StringBuilder("/bills?size=").append(size);
    add(path, "account", account);
    add(path, "servicePoint", point);
    add(path, "run", run);
    add(path, "before", before);
    return path.toString();
  }

  private static void add(StringBuilder path, String name, @Nullable String value) {
    if (value != null) {
      path.append('&').append(name).append('=').append(UrlPart.of(value));
    }
  }

  private static void table(PrintWriter out, JsonNode answer, List<String> fields) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode item : answer.path("items")) {
      List<String> row = new ArrayList<>();
      for (String field : fields) {
        row.add(item.path(field).asString(""));
      }
      rows.add(row);
    }
    Table.print(out, fields, rows);
  }
}

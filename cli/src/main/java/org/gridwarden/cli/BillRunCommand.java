package org.gridwarden.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Bills customers, through the running server. */
@Command(
    name = "run",
    description = {
      "Bills all customers for a period from what is stored, by the tariffs of their agreements.",
      "",
      "What cannot be billed is blocked, with its reason, and holds up nobody else: readings that"
          + " are held after tamper, missing or not authenticated, a period that is not over, a"
          + " tariff that is not there. Run it again once that is settled: nobody is billed twice.",
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden bill run --period 2026-10 --dry-run",
      "  ./gridwarden bill run --period 2026-10 --service-point SP-17 --service-point SP-18",
    })
final class BillRunCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int PAGE = 1_000;
  private static final int SHOWN = 50;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin OfficeOptions office = new OfficeOptions();

  @Option(
      names = "--period",
      required = true,
      paramLabel = "PERIOD",
      description = "A month such as 2026-10, or days such as 2026-10-01/2026-10-15.")
  String period = "";

  @Option(
      names = "--service-point",
      paramLabel = "POINT",
      description = "Only this one; may be given often.")
  @Nullable List<String> points;

  @Option(names = "--dry-run", description = "Reckons and tells, and bills nobody.")
  boolean dryRun;

  @Option(names = "--json", description = "The run with all that is blocked, as one JSON object.")
  boolean json;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (OfficeClient client = office.connect()) {
      Map<String, Object> order = new LinkedHashMap<>();
      order.put("period", period);
      order.put("servicePoints", points == null ? List.of() : points);
      order.put("dryRun", dryRun);
      JsonNode run = client.post("/bill-runs", order);
      ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
      while (run.path("ended").asString("").isEmpty()) {
        progress.show(words(run));
        Thread.sleep(LOOK);
        run = client.get("/bill-runs/" + run.path("id").asString());
      }
      progress.end();
      List<JsonNode> blocked = blocked(client, run.path("id").asString());
      if (json) {
        var whole = run.deepCopy();
        ((tools.jackson.databind.node.ObjectNode) whole).putArray("blockedPoints").addAll(blocked);
        out.println(whole);
      } else {
        print(out, run, blocked);
      }
      out.flush();
      String failure = run.path("failure").asString("");
      if (!failure.isEmpty()) {
        throw new Failure("the run ended early: " + failure);
      }
      return Gridwarden.OK;
    }
  }

  private static List<JsonNode> blocked(OfficeClient client, String run) {
    List<JsonNode> all = new ArrayList<>();
    String after = "";
    List<JsonNode> page;
    do {
      page = new ArrayList<>();
      JsonNode answer =
          client.get("/bill-runs/" + run + "/blocked?size=" + PAGE + "&after=" + UrlPart.of(after));
      answer.path("items").forEach(page::add);
      all.addAll(page);
      after = page.isEmpty() ? "" : page.getLast().path("servicePoint").asString();
    } while (page.size() == PAGE);
    return all;
  }

  private static String words(JsonNode run) {
    return run.path("points").asLong()
        + " agreements: "
        + run.path("billed").asLong()
        + " billed, "
        + run.path("blocked").asLong()
        + " blocked";
  }

  private static void print(PrintWriter out, JsonNode run, List<JsonNode> blocked) {
    out.printf(
        "%s %s to %s: %s, %d billed before%s%n",
        run.path("dryRun").asBoolean() ? "Dry run," : "Run,",
        run.path("from").asString(),
        run.path("to").asString(),
        words(run),
        run.path("before").asLong(),
        run.path("totals").asString("").isEmpty() ? "" : "; " + run.path("totals").asString());
    if (!blocked.isEmpty()) {
      out.println();
      List<List<String>> rows = new ArrayList<>();
      blocked.stream()
          .limit(SHOWN)
          .forEach(b ->
              rows.add(
                  List.of(
                      b.path("servicePoint").asString(),
                      b.path("account").asString(),
                      b.path("reason").asString(),
                      b.path("detail").asString())));
      Table.print(out, List.of("service point", "account", "blocked", "why, and what to do"), rows);
      if (blocked.size() > SHOWN) {
        out.printf("and %d more: --json%n", blocked.size() - SHOWN);
      }
    }
  }
}

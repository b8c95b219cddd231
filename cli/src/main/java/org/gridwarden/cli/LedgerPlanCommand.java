package org.gridwarden.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** A year's cost in equal instalments. */
@Command(
    name = "plan",
    description =
        "Lists, agrees upon and ends budget plans. While one runs each bill is carried to it, its"
            + " month's instalment is asked for, and the last month's bill settles what is left.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden ledger plan agree A-1001 --at SP-7 --first 2027-01 --foreseen 1440.00"
          + " --currency CHF --user bea",
      "  ./gridwarden ledger plan list A-1001 --user bea",
      "  ./gridwarden ledger plan end 12 --user bea",
    })
final class LedgerPlanCommand implements Runnable {
  private static final List<String> COLUMNS =
      List.of("id", "account", "servicePoint", "first", "foreseen", "currency", "amounts", "ended");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "An account's plans, or all, the newest first.")
  int list(
      @Mixin OfficeOptions office,
      @Parameters(
              paramLabel = "ACCOUNT",
              arity = "0..1",
              defaultValue = "",
              description = "The account. Default: all.")
          String account,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/budget-plans?account=" + JsonRows.encode(account));
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(out(), answer.path("items"), COLUMNS);
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "agree", description = "Agrees upon a plan; wants a person who may bill.")
  int agree(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ACCOUNT", description = "The account.") String account,
      @Option(
              names = "--at",
              required = true,
              paramLabel = "POINT",
              description = "The service point where it is supplied.")
          String point,
      @Option(
              names = "--first",
              required = true,
              paramLabel = "MONTH",
              description = "The month of the first instalment, as in 2027-01.")
          YearMonth first,
      @Option(
              names = "--foreseen",
              required = true,
              paramLabel = "AMOUNT",
              description = "What the time is thought to cost.")
          BigDecimal foreseen,
      @Option(
              names = "--instalments",
              paramLabel = "N",
              defaultValue = "12",
              description = "How many, one a month, 1 to 12. Default: ${DEFAULT-VALUE}.")
          int instalments,
      @Option(names = "--currency", required = true, paramLabel = "CODE", description = "CHF, say.")
          String currency) {
    try (OfficeClient client = office.connect()) {
      JsonNode plan =
          client.post(
              "/budget-plans",
              Map.of(
                  "account",
                  account,
                  "servicePoint",
                  point,
                  "first",
                  first.toString(),
                  "foreseen",
                  foreseen.toPlainString(),
                  "instalments",
                  instalments,
                  "currency",
                  currency));
      out()
          .println(
              "plan "
                  + plan.path("id").asLong()
                  + ": "
                  + JsonRows.text(plan.path("amounts"))
                  + " "
                  + currency
                  + ", from "
                  + first);
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "end",
      description = "Ends a plan before its time and settles what is left; wants a person.")
  int end(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The plan's number.") long id) {
    try (OfficeClient client = office.connect()) {
      JsonNode plan = client.post("/budget-plans/" + id + "/end", Map.of());
      out()
          .println(
              "plan " + id + " of " + plan.path("account").asString() + " is settled and ended");
      out().flush();
      return Gridwarden.OK;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

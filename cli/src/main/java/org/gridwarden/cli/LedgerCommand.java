package org.gridwarden.cli;

import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What accounts owe and have, through the running server. */
@Command(
    name = "ledger",
    description = {
      "Shows what an account owes or has, and enters payments, credits and corrections.",
      "",
      "Amounts above zero are the account's, those below it owes. Nothing is ever changed: what was"
          + " entered wrongly is put right by a correction. The same reference again adds nothing.",
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden ledger show A-1001 --user bea",
      "  ./gridwarden ledger enter A-1001 payment 81.35 --currency CHF --day 2027-02-10"
          + " --reference 'bank 2027-02-10/77' --user bea",
      "  ./gridwarden ledger events --user bea",
      "  ./gridwarden ledger prepaid --user bea",
      "  ./gridwarden ledger plan list --user bea",
    },
    subcommands = LedgerPlanCommand.class)
final class LedgerCommand implements Runnable {
  private static final List<String> ENTRY =
      List.of("number", "day", "kind", "amount", "balance", "reference", "by", "note");
  private static final List<String> EVENT = List.of("at", "account", "word", "balance", "number");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(name = "show", description = "An account's balance and its entries, the newest first.")
  int show(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ACCOUNT", description = "The account.") String account,
      @Option(
              names = "--size",
              paramLabel = "N",
              defaultValue = "100",
              description = "How many entries at most. Default: ${DEFAULT-VALUE}.")
          int size,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/ledger/" + encode(account) + "?size=" + size);
      if (json) {
        print(answer.toString());
      } else {
        print(
            "balance "
                + answer.path("balance").asString()
                + " "
                + answer.path("currency").asString());
        table(answer.path("entries"), ENTRY);
        if (!answer.path("events").isEmpty()) {
          table(answer.path("events"), EVENT);
        }
      }
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "enter",
      description = "Enters a payment, credit or correction; wants a person who may bill.")
  int enter(
      @Mixin OfficeOptions office,
      @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The account.") String account,
      @Parameters(index = "1", paramLabel = "KIND", description = "payment, credit or correction.")
          String kind,
      @Parameters(
              index = "2",
              paramLabel = "AMOUNT",
              description = "Above zero: the account gets it. Before one below zero write --.")
          BigDecimal amount,
      @Option(names = "--currency", paramLabel = "CODE", required = true, description = "CHF, say.")
          String currency,
      @Option(
              names = "--day",
              paramLabel = "DATE",
              required = true,
              description = "For which day it counts, as in 2027-02-10.")
          LocalDate day,
      @Option(
              names = "--reference",
              paramLabel = "TEXT",
              required = true,
              description = "What tells it from all others of the account.")
          String reference,
      @Option(
              names = "--note",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "Why; needed of a credit or correction.")
          String note) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.post(
              "/ledger/" + encode(account),
              Map.of(
                  "kind",
                  kind,
                  "amount",
                  amount.toPlainString(),
                  "currency",
                  currency,
                  "day",
                  day.toString(),
                  "reference",
                  reference,
                  "note",
                  note));
      print(
          "entry "
              + answer.path("number").asLong()
              + ", balance "
              + answer.path("balance").asString()
              + " "
              + answer.path("currency").asString());
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "events",
      description = "What balances of those who pay beforehand went through, the newest first.")
  int events(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/ledger/events");
      if (json) {
        print(answer.toString());
      } else {
        table(answer.path("items"), EVENT);
      }
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "prepaid",
      description =
          "Accounts that pay beforehand, with their balances and the orders that these made the"
              + " office propose.")
  int prepaid(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/ledger/prepaid");
      if (json) {
        print(answer.toString());
      } else {
        JsonRows.print(
            spec.commandLine().getOut(),
            answer.path("items"),
            List.of("account", "balance", "currency", "low", "credit", "proposals"));
        spec.commandLine().getOut().flush();
      }
      return Gridwarden.OK;
    }
  }

  private void table(JsonNode items, List<String> fields) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode item : items) {
      rows.add(fields.stream().map(f -> item.path(f).asString()).toList());
    }
    Table.print(spec.commandLine().getOut(), fields, rows);
    spec.commandLine().getOut().flush();
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

package org.gridwarden.cli;

import java.io.PrintWriter;
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

/** Accounts and what they are supplied with. */
@Command(
    name = "account",
    description = {
      "Lists, shows and opens accounts, moves them in and out of service points and changes their"
          + " tariffs, through the running server.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden account add --name 'Anna Keller' --street 'Lindenstrasse 3' --city '8004"
          + " Zurich' --language de",
      "  ./gridwarden account move-in 100001 CH-4711 --tariff residential-tou --since"
          + " 2026-10-01T00:00:00Z",
      "  ./gridwarden account list keller",
      "  ./gridwarden account show 100001 --story",
      "  ./gridwarden account move-out 100001 CH-4711 --until 2026-12-01T00:00:00Z",
    })
final class AccountCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "Accounts, by their numbers.")
  int list(
      @Mixin OfficeOptions office,
      @Parameters(
              paramLabel = "TEXT",
              arity = "0..1",
              description = "Any part of a number, name, address, mail or service point.")
          @Nullable String text,
      @Option(names = "--status", description = "open, closed or erased.") @Nullable String status,
      @Option(names = "--page", defaultValue = "0", description = "Which page, from 0 on.")
          int page,
      @Option(names = "--size", defaultValue = "50", description = "Accounts a page, at most 1000.")
          int size,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.get(
              "/accounts?page="
                  + page
                  + "&size="
                  + size
                  + JsonRows.query("q", text)
                  + JsonRows.query("status", status));
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(
            out(),
            answer.path("items"),
            List.of("id", "name", "street", "city", "status", "servicePoints"));
        out().println(answer.path("total").asLong() + " accounts");
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "show", description = "An account: its holder, agreements, users and story.")
  int show(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The account's number.") String id,
      @Option(
              names = "--story",
              description = "What happened at its meters, too, the latest first.")
          boolean story,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode whole = client.get(path(id) + (story ? "/story" : ""));
      if (json) {
        out().println(whole);
      } else if (story) {
        JsonRows.print(
            out(), whole.path("lines"), List.of("at", "kind", "level", "meter", "who", "text"));
        if (!whole.path("older").isNull()) {
          out().println("there is more before " + whole.path("older").asString());
        }
      } else {
        print(whole);
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "add", description = "Opens an account.")
  int add(
      @Mixin OfficeOptions office,
      @Option(names = "--name", required = true, description = "Who holds it.") String name,
      @Option(names = "--street", description = "Street and number.") @Nullable String street,
      @Option(names = "--city", description = "Postal code and city.") @Nullable String city,
      @Option(names = "--email", description = "Where they are written to.") @Nullable String email,
      @Option(names = "--phone", description = "Where they are called.") @Nullable String phone,
      @Option(
              names = "--language",
              defaultValue = "en",
              description = "In which language, such as de or fr-CH (${DEFAULT-VALUE}).")
          String language,
      @Option(names = "--id", description = "Its number; without: the next free one.")
          @Nullable String id,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    Map<String, Object> body = new LinkedHashMap<>();
    put(body, "id", id);
    put(body, "name", name);
    put(body, "street", street);
    put(body, "city", city);
    put(body, "email", email);
    put(body, "phone", phone);
    put(body, "language", language);
    return change(office, "/accounts", body, json);
  }

  @Command(name = "move-in", description = "Supplies an account at a service point.")
  int moveIn(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The account's number.") String id,
      @Parameters(paramLabel = "POINT", description = "The service point.") String point,
      @Option(names = "--tariff", required = true, description = "By which tariff.") String tariff,
      @Option(
              names = "--since",
              paramLabel = "INSTANT",
              description = "From then on. Default: now.")
          @Nullable String since,
      @Option(names = "--take-over", description = "Moves out whoever is supplied there.")
          boolean takeOver,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    Map<String, Object> body = new LinkedHashMap<>();
    put(body, "servicePoint", point);
    put(body, "tariff", tariff);
    put(body, "since", since);
    body.put("takeOver", takeOver);
    return change(office, path(id) + "/move-in", body, json);
  }

  @Command(name = "move-out", description = "Supplies it there no more.")
  int moveOut(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The account's number.") String id,
      @Parameters(paramLabel = "POINT", description = "The service point.") String point,
      @Option(
              names = "--until",
              paramLabel = "INSTANT",
              description = "From then on. Default: now.")
          @Nullable String until,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    Map<String, Object> body = new LinkedHashMap<>();
    put(body, "servicePoint", point);
    put(body, "until", until);
    return change(office, path(id) + "/move-out", body, json);
  }

  @Command(name = "tariff", description = "Gives it another tariff at a service point.")
  int tariff(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The account's number.") String id,
      @Parameters(paramLabel = "POINT", description = "The service point.") String point,
      @Parameters(paramLabel = "TARIFF", description = "By which tariff.") String tariff,
      @Option(names = "--from", paramLabel = "INSTANT", description = "From then on. Default: now.")
          @Nullable String from,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    Map<String, Object> body = new LinkedHashMap<>();
    put(body, "servicePoint", point);
    put(body, "tariff", tariff);
    put(body, "from", from);
    return change(office, path(id) + "/tariff", body, json);
  }

  @Command(name = "close", description = "Closes an account that is supplied nowhere any more.")
  int close(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The account's number.") String id,
      @Option(names = "--reason", required = true, description = "Why.") String reason,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    return change(office, path(id) + "/close", Map.of("reason", reason), json);
  }

  private int change(OfficeOptions office, String path, Map<String, ?> body, boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode whole = client.post(path, body);
      if (json) {
        out().println(whole);
      } else {
        print(whole);
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  private void print(JsonNode whole) {
    JsonNode account = whole.path("account");
    out()
        .println(
            "account "
                + account.path("id").asString()
                + ", "
                + account.path("status").asString()
                + ": "
                + account.path("name").asString());
    for (String field : List.of("street", "city", "email", "phone", "language")) {
      String text = account.path(field).asString();
      if (!text.isEmpty()) {
        out().println("  " + text);
      }
    }
    out().println();
    JsonRows.print(
        out(), whole.path("agreements"), List.of("servicePoint", "tariff", "since", "until"));
    for (JsonNode user : whole.path("users")) {
      out().println("seen as their own by " + user.asString());
    }
    out().println();
    JsonRows.print(out(), whole.path("steps"), List.of("at", "what", "actor", "note"));
  }

  private static void put(Map<String, Object> body, String name, @Nullable String value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  private static String path(String id) {
    return "/accounts/" + JsonRows.encode(id);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

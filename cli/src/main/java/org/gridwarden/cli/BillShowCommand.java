package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows a bill in any of its forms, through the running server. */
@Command(
    name = "show",
    description = "Shows a bill, or writes it to files: for people, for programs, with its proof.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden bill show 2026-000017",
      "  ./gridwarden bill show 2026-000017 --pdf bill.pdf --proof bill.json",
    })
final class BillShowCommand implements Runnable {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin OfficeOptions office = new OfficeOptions();

  @Parameters(paramLabel = "NUMBER", description = "The bill's number.")
  String number = "";

  @Option(names = "--json", description = "The bill with its proof, on standard output.")
  boolean json;

  @Option(
      names = "--proof",
      paramLabel = "FILE",
      description = "Writes the bill with its proof: what 'bill verify' takes.")
  @Nullable Path proof;

  @Option(names = "--pdf", paramLabel = "FILE", description = "Writes the bill as PDF.")
  @Nullable Path pdf;

  @Option(names = "--html", paramLabel = "FILE", description = "Writes the bill as a page.")
  @Nullable Path html;

  @Option(
      names = "--xml",
      paramLabel = "FILE",
      description = "Writes the bill as an invoice of the Universal Business Language (UBL 2.1).")
  @Nullable Path xml;

  /** Asks and prints or writes. */
  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    String path = "/bills/" + UrlPart.of(number);
    try (OfficeClient client = office.connect()) {
      boolean written = false;
      written |= write(client, path + "/proof", "application/json", proof);
      written |= write(client, path + "/pdf", "application/pdf", pdf);
      written |= write(client, path + "/page", "text/html", html);
      written |= write(client, path + "/xml", "application/xml", xml);
      if (json) {
        out.println(client.text(path + "/proof", "application/json"));
      } else if (!written) {
        print(out, client.get(path), client.get(path + "/proof?messages=false").path("bill"));
      }
      out.flush();
    }
  }

  private static boolean write(OfficeClient client, String path, String type, @Nullable Path file) {
    if (file == null) {
      return false;
    }
    Path half = file.resolveSibling(file.getFileName() + ".part");
    try (InputStream body = client.stream(path, type)) {
      Files.copy(body, half, StandardCopyOption.REPLACE_EXISTING);
      Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      throw new Failure("cannot write " + file + ": " + e.getMessage());
    }
  }

  private static void print(PrintWriter out, JsonNode head, JsonNode bill) {
    out.printf(
        "%s %s, account %s, %s, %s to %s%n",
        head.path("kind").asString().substring(0, 1).toUpperCase(Locale.ROOT)
            + head.path("kind").asString().substring(1),
        head.path("number").asString(),
        head.path("account").asString(),
        head.path("servicePoint").asString(),
        head.path("from").asString(),
        head.path("to").asString());
    if (!head.path("creditedBy").asString("").isEmpty()) {
      out.println("taken back by credit " + head.path("creditedBy").asString());
    }
    if (!head.path("replaces").asString("").isEmpty()) {
      out.printf(
          "%s bill %s: %s%n",
          head.path("kind").asString().equals("credit") ? "takes back" : "takes the place of",
          head.path("replaces").asString(),
          bill.path("reason").asString(""));
    }
    for (JsonNode part : bill.path("parts")) {
      out.printf(
          "%n%s (%s, version %d)%n",
          part.path("tariff").path("name").asString(),
          part.path("tariff").path("id").asString(),
          part.path("tariff").path("version").asInt());
      for (JsonNode month : part.path("months")) {
        Table.print(
            out,
            List.of(month.path("month").asString(), "quantity", "", "price", "amount"),
            month.path("lines").valueStream().map(BillShowCommand::row).toList());
      }
    }
    out.printf("%nTotal: %s %s%n", head.path("total").asString(), head.path("currency").asString());
  }

  private static List<String> row(JsonNode line) {
    return List.of(
        line.path("text").asString(),
        line.path("quantity").asString(),
        line.path("unit").asString(),
        line.path("price").asString(),
        line.path("amount").asString());
  }
}

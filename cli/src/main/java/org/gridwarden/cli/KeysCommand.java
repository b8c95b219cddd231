package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Meters' keys. */
@Command(
    name = "keys",
    description = "Shows, changes and replaces meters' keys, through the running server.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden keys office > office.pem",
      "  ./gridwarden keys status",
      "  ./gridwarden keys list GW-0000001",
      "  ./gridwarden keys rotate GW-0000001 --reason 'Yearly change.' --user olivia",
      "  ./gridwarden command approve ID --user peter",
      "  ./gridwarden command sign ID --user olivia",
      "  ./gridwarden keys replace GW-0000001 --shipment fitter.csv --reason 'New seal.' --user peter",
      "No key is ever printed.",
    })
final class KeysCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "status", description = "How many keys there are, and which come to their end.")
  int status(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/keys");
      if (json) {
        out().println(answer);
      } else {
        answer
            .path("counts")
            .properties()
            .forEach(count -> out().println(count.getKey() + ": " + count.getValue().asLong()));
        if (answer.path("worn").isEmpty()) {
          out()
              .println(
                  "no key has used "
                      + answer.path("wornFrom").asInt()
                      + " % of its counters or more");
        } else {
          out().println();
          JsonRows.print(out(), answer.path("worn"), List.of("meter", "purpose", "used"));
        }
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "office",
      description =
          "Prints the office's public key as PEM: makers and fitters wrap meters' keys to it.")
  int office(@Mixin OfficeOptions office) {
    try (OfficeClient client = office.connect()) {
      out().print(client.text("/office-key", "application/x-pem-file, text/plain, */*"));
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "list", description = "A meter's keys: state, since when, how far used.")
  int list(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/keys/" + JsonRows.encode(meter));
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(
            out(),
            answer.path("items"),
            List.of("purpose", "state", "id", "changed", "used", "command"));
        out().println("used is in percent of a key's counters");
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "rotate",
      description =
          "Drafts an order of new keys for each meter. Another person approves, you sign, and the"
              + " old keys are taken until the meter confirms the new.")
  int rotate(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", arity = "1..*", description = "The meters' ids.")
          List<String> meters,
      @Option(
              names = "--keys",
              split = ",",
              paramLabel = "KEY",
              description = "Which: DLMS, seal. Default: both.")
          @Nullable List<String> keys,
      @Option(names = "--reason", required = true, paramLabel = "WORDS", description = "Why.")
          String reason,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("meters", meters);
      body.put("reason", reason);
      if (keys != null) {
        body.put("keys", keys);
      }
      JsonNode answer = client.post("/keys/rotate", body);
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(
            out(), answer.path("items"), List.of("id", "meter", "state", "why", "words"));
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "adopt",
      description =
          "Takes over a change of keys that the office drafted by itself, so as to sign it.")
  int adopt(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ID", description = "The command's id.") String id) {
    try (OfficeClient client = office.connect()) {
      JsonNode now = client.post("/commands/" + CommandIds.check(id) + "/adopt", Map.of());
      out().println(id + " is yours, and " + now.path("state").asString());
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "replace",
      description =
          "Keys a meter anew that erased its keys, from its fitter's shipment line. Its case must be"
              + " closed, by another person than you.")
  int replace(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(
              names = "--shipment",
              required = true,
              paramLabel = "FILE",
              description = "The line of this meter, wrapped to the office's key.")
          Path shipment,
      @Option(names = "--reason", required = true, paramLabel = "WORDS", description = "Why.")
          String reason) {
    byte[] file;
    try {
      file = Files.readAllBytes(shipment);
    } catch (IOException e) {
      throw new Failure(shipment + " cannot be read: " + e.getMessage());
    }
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.post(
              "/keys/" + JsonRows.encode(meter) + "/replace?reason=" + JsonRows.encode(reason),
              "text/csv",
              file);
      out()
          .println("meter " + meter + " has " + answer.path("keys").asInt() + " new keys in force");
      out().flush();
      return Gridwarden.OK;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Machines' keys and certificates. */
@Command(
    name = "api-key",
    description = "Lets machines in, by a key or a certificate: a security administrator's.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden users api-key add scada --may VIEW --days 30 --user admin",
      "  ./gridwarden users api-key add billing --may VIEW --certificate billing.crt --user admin",
      "  ./gridwarden users api-key list --user admin",
      "  ./gridwarden users api-key revoke scada --user admin",
    })
final class UsersKeyCommand implements Runnable {
  private static final List<String> FIELDS =
      List.of(
          "name", "state", "permissions", "perMinute", "expires", "lastUsed", "key", "createdBy");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "Lists machines; their keys are told to nobody again.")
  int list(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/machines");
      if (json) {
        out().println(answer);
      } else {
        JsonRows.print(out(), answer.path("items"), FIELDS);
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "add", description = "Adds a machine and prints its key, once.")
  int add(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "NAME", description = "What it is called; never given twice.")
          String name,
      @Option(
              names = "--may",
              required = true,
              paramLabel = "PERMISSION",
              description = "A permission; may be given several times.")
          List<String> permissions,
      @Option(
              names = "--days",
              defaultValue = "90",
              description = "For how long. Default: ${DEFAULT-VALUE}.")
          int days,
      @Option(
              names = "--per-minute",
              defaultValue = "600",
              description = "How many requests a minute. Default: ${DEFAULT-VALUE}.")
          int perMinute,
      @Option(
              names = "--certificate",
              paramLabel = "FILE",
              description = "It shows this certificate (PEM) in TLS; then no key is made.")
          @Nullable Path certificate) {
    Map<String, Object> machine = new HashMap<>();
    machine.put("name", name);
    machine.put("permissions", permissions);
    machine.put("days", days);
    machine.put("perMinute", perMinute);
    if (certificate != null) {
      try {
        machine.put("certificate", Files.readString(certificate, StandardCharsets.US_ASCII));
      } catch (IOException e) {
        throw new Failure("cannot read the certificate in " + certificate, Gridwarden.WRONG_INPUT);
      }
    }
    try (OfficeClient client = office.connect()) {
      JsonNode made = client.post("/machines", machine);
      String until = made.path("machine").path("expires").asString();
      if (made.path("key").isString()) {
        out().println(name + " is let in until " + until + " by this key, shown this once:");
        out().println(made.path("key").asString());
      } else {
        out().println(name + " is let in until " + until + " by its certificate");
        out().println("it names itself in each request: X-Machine: " + name);
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "revoke", description = "Keeps a machine out for good.")
  int revoke(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "NAME", description = "The machine.") String name) {
    try (OfficeClient client = office.connect()) {
      client.delete("/machines/" + JsonRows.encode(name));
      out().println(name + " is revoked");
      out().flush();
      return Gridwarden.OK;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What roles may. */
@Command(
    name = "role",
    description =
        "Shows roles, and makes an office's own from permissions: an RBAC administrator's.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden users role list --user admin",
      "  ./gridwarden users role add night-shift --may VIEW --may OPERATE --user admin",
    })
final class UsersRoleCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "Lists roles, and the permissions of which they are made.")
  int list(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/roles");
      if (json) {
        out().println(answer);
      } else {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode role : answer.path("items")) {
          rows.add(
              List.of(
                  role.path("name").asString(),
                  role.path("standard").asBoolean() ? "standard" : "own",
                  role.path("holders").toString(),
                  UsersCommand.words(role.path("permissions"))));
        }
        Table.print(out(), List.of("role", "made by", "users", "may"), rows);
        out().println();
        JsonRows.print(out(), answer.path("permissions"), List.of("name", "duty", "words"));
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "add",
      description = "Makes a role, or changes what one of the office's own may, for all holders.")
  int add(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ROLE", description = "Its name.") String name,
      @Option(
              names = "--may",
              required = true,
              paramLabel = "PERMISSION",
              description = "A permission; may be given several times.")
          List<String> permissions,
      @Option(
              names = "--note",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "What it is for.")
          String note) {
    try (OfficeClient client = office.connect()) {
      JsonNode role =
          client.put(
              "/roles/" + JsonRows.encode(name), Map.of("permissions", permissions, "note", note));
      out()
          .println(
              role.path("name").asString()
                  + " may "
                  + UsersCommand.words(role.path("permissions")));
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "remove", description = "Removes a role that nobody holds.")
  int remove(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "ROLE", description = "Its name.") String name) {
    try (OfficeClient client = office.connect()) {
      client.delete("/roles/" + JsonRows.encode(name));
      out().println(name + " is removed");
      out().flush();
      return Gridwarden.OK;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

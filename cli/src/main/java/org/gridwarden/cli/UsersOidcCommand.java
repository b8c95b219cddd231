package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What the words of an identity provider give. */
@Command(
    name = "oidc",
    description =
        "Says which words of the identity provider (console.oidc) give which role: a security"
            + " administrator's.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden users oidc add groups control-room operator --user admin",
      "  ./gridwarden users oidc list --user admin",
    })
final class UsersOidcCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "Lists what which words give; others give nothing.")
  int list(@Mixin OfficeOptions office) {
    try (OfficeClient client = office.connect()) {
      return print(client.get("/oidc-roles"));
    }
  }

  @Command(name = "add", description = "Whoever has this value in this claim has this role.")
  int add(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "CLAIM", description = "Such as groups.") String claim,
      @Parameters(paramLabel = "VALUE", description = "One of its values, exactly.") String value,
      @Parameters(paramLabel = "ROLE", description = "The role.") String role) {
    try (OfficeClient client = office.connect()) {
      return print(client.put("/oidc-roles", Map.of("claim", claim, "value", value, "role", role)));
    }
  }

  @Command(name = "remove", description = "That value gives that role no more.")
  int remove(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "CLAIM", description = "Such as groups.") String claim,
      @Parameters(paramLabel = "VALUE", description = "One of its values.") String value,
      @Parameters(paramLabel = "ROLE", description = "The role.") String role) {
    try (OfficeClient client = office.connect()) {
      client.delete(
          "/oidc-roles?claim="
              + JsonRows.encode(claim)
              + JsonRows.query("value", value)
              + JsonRows.query("role", role));
      return print(client.get("/oidc-roles"));
    }
  }

  private int print(JsonNode answer) {
    JsonRows.print(out(), answer.path("items"), List.of("claim", "value", "role"));
    out().flush();
    return Gridwarden.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

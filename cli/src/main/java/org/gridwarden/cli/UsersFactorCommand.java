package org.gridwarden.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** One's own second factor. */
@Command(
    name = "factor",
    description = "Your own second factor: codes of an authenticator (RFC 6238).",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden users factor on --user olivia",
      "  ./gridwarden users factor on --confirm 123456 --user olivia",
    })
final class UsersFactorCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(
      name = "on",
      description =
          "Shows what goes into your authenticator, asks for a first code, and prints recovery"
              + " codes, once.")
  int on(
      @Mixin OfficeOptions office,
      @Option(
              names = "--confirm",
              paramLabel = "CODE",
              description = "The first code, where what was shown is in the authenticator already.")
          @Nullable String confirm) {
    try (OfficeClient client = office.connect()) {
      String code = confirm;
      if (code == null) {
        JsonNode begun = client.post("/session/factor", Map.of());
        out().println("for your authenticator: " + begun.path("secret").asString());
        out().println("or as an address: " + begun.path("uri").asString());
        out().flush();
        Console console = System.console();
        code = console != null && console.isTerminal() ? console.readLine("Its code: ") : null;
        if (code == null) {
          out().println("it is on once it is confirmed: users factor on --confirm CODE");
          out().flush();
          return Gridwarden.OK;
        }
      }
      JsonNode on = client.post("/session/factor/confirm", Map.of("code", code));
      client.session(on.path("session"));
      out().println("it is on; each of these opens once where you lost the device:");
      for (JsonNode spare : on.path("recoveryCodes")) {
        out().println(spare.asString());
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "show", description = "Whether it is on, and how many recovery codes are left.")
  int show(@Mixin OfficeOptions office) {
    try (OfficeClient client = office.connect()) {
      JsonNode factor = client.get("/session/factor");
      out()
          .println(
              factor.path("on").asBoolean()
                  ? "on, " + factor.path("recoveryCodes").asInt() + " recovery codes are left"
                  : factor.path("required").asBoolean()
                      ? "off, and your roles must have it"
                      : "off");
      out().flush();
      return Gridwarden.OK;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

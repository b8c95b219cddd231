package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Who may log in, and what they may. */
@Command(
    name = "users",
    description =
        "Shows and changes who may log in, through the running server. A security administrator's:"
            + " give --user, since the token of this machine manages nobody.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden users list --user admin",
      "  ./gridwarden users add olivia --role operator --user admin",
      "  ./gridwarden users roles olivia --role viewer --user admin",
      "  ./gridwarden users reset-factor olivia --user admin",
      "  ./gridwarden users factor on --user olivia",
      "  ./gridwarden users password --user olivia",
    },
    subcommands = {
      UsersRoleCommand.class,
      UsersKeyCommand.class,
      UsersFactorCommand.class,
      UsersPointCommand.class,
      UsersOidcCommand.class
    })
final class UsersCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "Lists users with their roles.")
  int list(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/users");
      if (json) {
        out().println(answer);
      } else {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode user : answer.path("items")) {
          rows.add(
              List.of(
                  user.path("name").asString(),
                  words(user.path("roles")),
                  user.path("disabled").asBoolean()
                      ? "disabled"
                      : user.path("mustChangePassword").asBoolean() ? "first password" : "in",
                  user.path("secondFactor").asBoolean() ? "yes" : "no",
                  user.path("created").asString()));
        }
        Table.print(out(), List.of("user", "roles", "state", "second factor", "added"), rows);
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "add", description = "Adds a user and prints the first password, once.")
  int add(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "NAME", description = "What the user is called.") String name,
      @Option(
              names = "--role",
              required = true,
              paramLabel = "ROLE",
              description = "A role, such as operator; may be given several times.")
          List<String> roles) {
    try (OfficeClient client = office.connect()) {
      JsonNode made = client.post("/users", Map.of("user", name, "roles", roles));
      out().println(name + " is added; the first password, shown this once:");
      out().println(made.path("password").asString());
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "roles", description = "Gives a user these roles in the place of the old ones.")
  int roles(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "NAME", description = "The user.") String name,
      @Option(
              names = "--role",
              required = true,
              paramLabel = "ROLE",
              description = "A role; may be given several times.")
          List<String> roles) {
    try (OfficeClient client = office.connect()) {
      JsonNode user = client.put(path(name, "/roles"), Map.of("roles", roles));
      return said(name + " is now " + words(user.path("roles")));
    }
  }

  @Command(name = "disable", description = "Keeps a user out; their sessions end at once.")
  int disable(@Mixin OfficeOptions office, @Parameters(paramLabel = "NAME") String name) {
    try (OfficeClient client = office.connect()) {
      client.put(path(name, "/disabled"), Map.of("disabled", true));
      return said(name + " is disabled");
    }
  }

  @Command(name = "enable", description = "Lets a disabled user in again.")
  int enable(@Mixin OfficeOptions office, @Parameters(paramLabel = "NAME") String name) {
    try (OfficeClient client = office.connect()) {
      client.put(path(name, "/disabled"), Map.of("disabled", false));
      return said(name + " may log in again");
    }
  }

  @Command(name = "remove", description = "Removes a user. What they did stays in the audit log.")
  int remove(@Mixin OfficeOptions office, @Parameters(paramLabel = "NAME") String name) {
    try (OfficeClient client = office.connect()) {
      client.delete(path(name, ""));
      return said(name + " is removed");
    }
  }

  @Command(
      name = "password",
      description =
          "Changes your own password: asks for the old one and, twice, for the new. All your"
              + " sessions end.")
  int password(@Mixin OfficeOptions office) {
    return said(office.changePassword() + " has a new password: log in again");
  }

  @Command(
      name = "reset-password",
      description = "Gives a user a new first password and prints it, once.")
  int resetPassword(@Mixin OfficeOptions office, @Parameters(paramLabel = "NAME") String name) {
    try (OfficeClient client = office.connect()) {
      return said(client.post(path(name, "/password"), Map.of()).path("password").asString());
    }
  }

  @Command(
      name = "reset-factor",
      description = "Takes a second factor away that its owner lost; their sessions end.")
  int resetFactor(@Mixin OfficeOptions office, @Parameters(paramLabel = "NAME") String name) {
    try (OfficeClient client = office.connect()) {
      client.delete(path(name, "/factor"));
      return said(name + " has no second factor any more");
    }
  }

  @Command(
      name = "unlock",
      description = "Forgets a user's failed log-ins, so that they need not wait.")
  int unlock(@Mixin OfficeOptions office, @Parameters(paramLabel = "NAME") String name) {
    try (OfficeClient client = office.connect()) {
      client.delete(path(name, "/lock"));
      return said(name + " need not wait");
    }
  }

  private static String path(String name, String rest) {
    return "/users/" + JsonRows.encode(name) + rest;
  }

  /** A list of words in one. */
  static String words(JsonNode list) {
    List<String> words = new ArrayList<>();
    for (JsonNode word : list) {
      words.add(word.asString());
    }
    return String.join(", ", words);
  }

  private int said(@Nullable String line) {
    out().println(line);
    out().flush();
    return Gridwarden.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

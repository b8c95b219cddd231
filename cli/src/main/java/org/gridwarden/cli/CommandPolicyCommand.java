package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** What commands go out without a second person, and how fast. */
@Command(
    name = "policy",
    description =
        "Shows what commands go out without a second person, and how fast; proposes a change of"
            + " it, which somebody else approves.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden command policy show",
      "  ./gridwarden command policy propose perFeeder=50 spacing=PT10S --reason 'a storm'"
          + " --user olivia",
      "  ./gridwarden command policy approve 2 --user peter",
    })
final class CommandPolicyCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "show", description = "The policy in force, and what is proposed.")
  int show(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode policy = client.get("/command-policy");
      if (json) {
        out().println(policy);
      } else {
        JsonNode inForce = policy.path("inForce");
        out()
            .println(
                inForce.path("version").asInt() == 0
                    ? "# in force: as the program comes, nobody has changed it"
                    : "# in force: version "
                        + inForce.path("version").asInt()
                        + ", proposed by "
                        + inForce.path("proposedBy").asString()
                        + ", approved by "
                        + inForce.path("decidedBy").asString());
        out().print(inForce.path("content").asString());
        for (JsonNode proposal : policy.path("proposals")) {
          out().println();
          out()
              .println(
                  "# version "
                      + proposal.path("version").asInt()
                      + " is proposed by "
                      + proposal.path("proposedBy").asString()
                      + ": "
                      + proposal.path("reason").asString());
          difference(inForce.path("content").asString(), proposal.path("content").asString())
              .forEach(out()::println);
        }
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  /** The lines that another policy has otherwise. */
  private static List<String> difference(String from, String to) {
    List<String> before = from.lines().toList();
    return to.lines().filter(line -> !before.contains(line)).toList();
  }

  @Command(name = "propose", description = "Proposes a change; somebody else approves it.")
  int propose(
      @Mixin OfficeOptions office,
      @Parameters(
              paramLabel = "PART=VALUE",
              arity = "0..*",
              description = "What is to be otherwise than in force; see show.")
          @Nullable List<String> changes,
      @Option(
              names = "--file",
              paramLabel = "FILE",
              description = "Or a whole policy, as show prints it.")
          @Nullable Path file,
      @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
          String reason) {
    List<String> parts = changes == null ? List.of() : changes;
    if (parts.isEmpty() == (file == null)) {
      throw new Failure("give PART=VALUE or --file FILE", Gridwarden.WRONG_INPUT);
    }
    try (OfficeClient client = office.connect()) {
      String content = file == null ? changed(client, parts) : text(file);
      JsonNode made = client.post("/command-policy", Map.of("content", content, "reason", reason));
      int version = made.path("version").asInt();
      out()
          .println(
              "version "
                  + version
                  + " is proposed; another operator approves it: command policy approve "
                  + version);
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(name = "approve", description = "Puts somebody else's proposal in force.")
  int approve(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "VERSION", description = "Its number.") int version) {
    return decide(office, version, "approve", "in force");
  }

  @Command(name = "refuse", description = "Refuses somebody else's proposal.")
  int refuse(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "VERSION", description = "Its number.") int version) {
    return decide(office, version, "refuse", "refused");
  }

  private int decide(OfficeOptions office, int version, String how, String became) {
    try (OfficeClient client = office.connect()) {
      client.post("/command-policy/" + version + "/" + how, Map.of());
      out().println("version " + version + " is " + became);
      out().flush();
      return Gridwarden.OK;
    }
  }

  private static String changed(OfficeClient client, List<String> parts) {
    Map<String, String> lines = new LinkedHashMap<>();
    String now = client.get("/command-policy").path("inForce").path("content").asString();
    now.lines().forEach(line -> put(lines, line));
    for (String part : parts) {
      if (!part.contains("=") || !lines.containsKey(part.substring(0, part.indexOf('=')).strip())) {
        throw new Failure(
            "'" + part + "' is no part of a policy; there are " + String.join(", ", lines.keySet()),
            Gridwarden.WRONG_INPUT);
      }
      put(lines, part);
    }
    List<String> text = new ArrayList<>();
    lines.forEach((name, value) -> text.add(name + " = " + value));
    return String.join("\n", text) + "\n";
  }

  private static void put(Map<String, String> lines, String line) {
    int equals = line.indexOf('=');
    if (equals > 0) {
      lines.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
    }
  }

  private static String text(Path file) {
    try {
      return String.join(
          "\n", Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).toList());
    } catch (IOException e) {
      throw new Failure("cannot read " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Who may come in over SSH, and by which keys. */
@Command(
    name = "ssh",
    description = "Registers the public keys with which users come in over SSH.",
    footer = {
      "",
      "Examples:",
      "  ssh-keygen -t ed25519 -f olga                      Olga's own, on her machine",
      "  ./gridwarden ssh add olga olga.pub --user admin    a security administrator's",
      "  ./gridwarden ssh keys olga --user admin",
      "  ssh -p 2022 -i olga olga@office alarms",
    })
final class SshCommand implements Runnable {
  private static final long LONGEST = 4_096;
  private static final List<String> FIELDS =
      List.of("fingerprint", "algorithm", "comment", "added", "addedBy");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "keys", description = "Lists a user's keys.")
  int keys(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "USER", description = "Whose.") String user,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get(path(user));
      if (json) {
        out().println(answer);
      } else {
        Table.print(
            out(),
            FIELDS,
            StreamSupport.stream(answer.path("items").spliterator(), false)
                .map(key -> FIELDS.stream().map(f -> key.path(f).asString("")).toList())
                .toList());
      }
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "add",
      description = "Registers another user's key; Ed25519 or ECDSA on P-256. For people only.")
  int add(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "USER", description = "Whose.") String user,
      @Parameters(paramLabel = "FILE", description = "The user's .pub file.") Path file) {
    String line;
    try {
      if (Files.size(file) > LONGEST) {
        throw new Failure(file + " is too long for a public key", Gridwarden.WRONG_INPUT);
      }
      line = Files.readString(file).strip();
    } catch (IOException e) {
      throw new Failure("cannot read " + file + "; name a .pub file", Gridwarden.WRONG_INPUT);
    }
    try (OfficeClient client = office.connect()) {
      JsonNode key = client.post(path(user), Map.of("key", line));
      out().println(key.path("fingerprint").asString() + " opens to " + user);
      out().flush();
      return Gridwarden.OK;
    }
  }

  @Command(
      name = "remove",
      description = "Takes a user's key away; its sessions end within seconds. For people only.")
  int remove(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "USER", description = "Whose.") String user,
      @Parameters(paramLabel = "FINGERPRINT", description = "Which, as ssh keys prints it.")
          String fingerprint) {
    try (OfficeClient client = office.connect()) {
      client.delete(path(user) + "?fingerprint=" + encode(fingerprint));
      out().println(fingerprint + " opens nothing any more");
      out().flush();
      return Gridwarden.OK;
    }
  }

  private static String path(String user) {
    return "/users/" + encode(user) + "/ssh-keys";
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

package org.gridwarden.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.gridwarden.security.command.ActionCodec;
import org.gridwarden.security.command.ActionWords;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** A second person's release. */
@Command(
    name = "approve",
    description =
        "Releases commands that somebody else drafted and that wait for a second person. Each is"
            + " shown as its order's bytes have it, and released as shown or not at all. Many at"
            + " once are shown by what they do, and asked about once; each has its own outcome.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden command approve 01a214ce-8b4e-7a60-be45-4d15a06df4ca --user peter",
      "  ./gridwarden command approve --batch 01a214ce-8b4e-7a60-be45-4d15a06df4ca --user peter",
      "  ./gridwarden command approve --all --user peter",
    })
final class CommandApproveCommand implements Callable<Integer> {
  /** What the server decides upon in one request. */
  private static final int AT_ONCE = 1_000;

  private static final int LONGEST = 3 << 20;
  private static final int NAMED = 12;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @ArgGroup(multiplicity = "1")
  private Which which = new Which();

  /** One of three. */
  static final class Which {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "The commands' ids.")
    private @Nullable List<String> ids;

    @Option(
        names = "--batch",
        required = true,
        paramLabel = "ID",
        description =
            "All that wait and were given together with this one: by the same operator, the same"
                + " action for the same reason.")
    private @Nullable String batch;

    @Option(
        names = "--all",
        required = true,
        description = "All that wait and that somebody else drafted, kind by kind.")
    private boolean all;
  }

  @Option(names = "--yes", description = "Does not ask; for programs that have looked themselves.")
  private boolean yes;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (which.ids != null) {
      which.ids.forEach(CommandIds::check);
    }
    try (OfficeClient client = office.connect()) {
      boolean good = true;
      if (which.ids != null) {
        for (String id : which.ids) {
          one(client, id, out);
        }
      } else {
        List<Kind> kinds = kinds(client);
        if (kinds.isEmpty()) {
          out.println("Nothing waits that somebody else drafted.");
        }
        for (Kind kind : kinds) {
          good &= many(client, kind, out);
        }
      }
      out.flush();
      return good ? Gridwarden.OK : Gridwarden.FAILED;
    }
  }

  private void one(OfficeClient client, String id, PrintWriter out) {
    JsonNode command = client.get("/commands/" + CommandIds.check(id));
    SeenOrder seen = SeenOrder.of(command);
    out.println(seen.words());
    out.println("Reason: " + command.path("reason").asString());
    if (command.path("state").asString().equals("QUARANTINED")) {
      out.println("Held back: " + command.path("why").asString());
    }
    out.flush();
    if (!sure()) {
      out.println("Not released.");
      return;
    }
    JsonNode now =
        client.post("/commands/" + seen.id() + "/approve", Map.of("order", seen.bytes()));
    out.println(
        seen.id()
            + " is "
            + now.path("state").asString()
            + (now.path("why").asString().isEmpty() ? "" : ": " + now.path("why").asString()));
  }

  /**
   * What was given together.
   *
   * @param seen the orders as their bytes have them
   */
  private record Kind(String operator, String reason, String words, List<SeenOrder> seen) {}

  /** By the orders' own bytes, so that nothing hides among others under another name. */
  private List<Kind> kinds(OfficeClient client) {
    String me = client.get("/session").path("user").asString();
    String of =
        which.batch == null ? "" : key(client.get("/commands/" + CommandIds.check(which.batch)));
    Map<String, Kind> kinds = new LinkedHashMap<>();
    for (int page = 0; ; page++) {
      JsonNode found =
          client.get("/commands?state=quarantined&sort=drafted&size=" + AT_ONCE + "&page=" + page);
      for (JsonNode command : found.path("items")) {
        SeenOrder seen = SeenOrder.of(command);
        String key = key(command);
        if (!seen.order().operator().equals(me) && (of.isEmpty() || of.equals(key))) {
          kinds
              .computeIfAbsent(
                  key,
                  k ->
                      new Kind(
                          seen.order().operator(),
                          command.path("reason").asString(),
                          ActionWords.of(seen.order().action(), "each"),
                          new ArrayList<>()))
              .seen()
              .add(seen);
        }
      }
      if (found.path("items").size() < AT_ONCE) {
        return List.copyOf(kinds.values());
      }
    }
  }

  private static String key(JsonNode command) {
    SeenOrder seen = SeenOrder.of(command);
    return seen.order().operator()
        + "\n"
        + seen.order().action().word()
        + "\n"
        + java.util.Base64.getEncoder()
            .encodeToString(ActionCodec.parameters(seen.order().action()))
        + "\n"
        + command.path("reason").asString();
  }

  private boolean many(OfficeClient client, Kind kind, PrintWriter out) {
    List<String> meters =
        kind.seen().stream().map(s -> s.order().meter().value()).sorted().toList();
    out.println(
        kind.seen().size()
            + (kind.seen().size() == 1 ? " command" : " commands")
            + " ordered by "
            + kind.operator()
            + ": "
            + kind.words());
    out.println("Reason: " + kind.reason());
    out.println(
        "Meters: "
            + String.join(", ", meters.subList(0, Math.min(NAMED, meters.size())))
            + (meters.size() > NAMED ? " and " + (meters.size() - NAMED) + " more" : ""));
    out.flush();
    if (!sure()) {
      out.println("Not released.");
      return true;
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    boolean good = true;
    for (List<SeenOrder> some : parts(kind.seen())) {
      JsonNode answer =
          client.post(
              "/commands/approve",
              Map.of(
                  "items",
                  some.stream().map(s -> Map.of("id", s.id(), "order", s.bytes())).toList()));
      for (JsonNode item : answer.path("items")) {
        String state = item.path("state").asString("");
        String became = state.isEmpty() ? "not released: " + item.path("why").asString() : state;
        counts.merge(became, 1, Integer::sum);
        good &= !state.isEmpty() && !state.equals("REFUSED") && !state.equals("EXPIRED");
        if (!item.path("why").asString("").isEmpty()) {
          out.println(item.path("id").asString() + " " + became + reason(item, state));
        }
      }
    }
    counts.forEach((became, n) -> out.println(n + " " + became));
    return good;
  }

  /** As many at a time as the server takes, by number and by length. */
  private static List<List<SeenOrder>> parts(List<SeenOrder> seen) {
    List<List<SeenOrder>> parts = new ArrayList<>();
    List<SeenOrder> part = new ArrayList<>();
    int length = 0;
    for (SeenOrder one : seen) {
      if (!part.isEmpty() && (part.size() == AT_ONCE || length + one.bytes().length() > LONGEST)) {
        parts.add(part);
        part = new ArrayList<>();
        length = 0;
      }
      part.add(one);
      length += one.bytes().length() + 64;
    }
    parts.add(part);
    return parts;
  }

  private static String reason(JsonNode item, String state) {
    return state.isEmpty() ? "" : ": " + item.path("why").asString();
  }

  private boolean sure() {
    if (yes) {
      return true;
    }
    if (AtDesk.NOW.isBound()) {
      return AtDesk.NOW.get().ask("Release it? Type yes: ").strip().equalsIgnoreCase("yes");
    }
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new Failure(
          "nobody is there to be asked; a program that has looked says --yes",
          Gridwarden.WRONG_INPUT);
    }
    String answer = console.readLine("Release it? Type yes: ");
    return answer != null && answer.strip().equalsIgnoreCase("yes");
  }
}

package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Whom meters let in, how they prove who they are, and what they may do. */
@Command(
    name = "access",
    description =
        "Shows and changes whom meters let in: their clients, how those prove who they are (none,"
            + " low, high) and what they may do with which object. A security administrator says"
            + " how it should be; an operator's orders bring it there.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden meters access list",
      "  ./gridwarden meters access show GW-0000001",
      "  ./gridwarden meters access accept GW-0000001 --reason 'As delivered.' --user sam",
      "  ./gridwarden meters access want GW-0000001 --client 16 --only 0.0.1.0.0.255,0.0.42.0.0.255"
          + " --reason 'The public client reads the clock.' --user sam",
      "  ./gridwarden meters access order GW-0000001 --reason 'As sam wants it.' --user olivia",
      "  ./gridwarden command sign ID --user olivia --key olivia.p12",
    })
final class MetersAccessCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "How many meters are as wanted, and which are not.")
  int list(
      @Mixin OfficeOptions office,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get("/meter-access");
      if (json) {
        out().println(answer);
      } else {
        answer.path("meters").forEach(meter -> out().println(meter.asString()));
        out()
            .println(
                answer.path("read").asLong()
                    + " meters were read, "
                    + answer.path("wished").asLong()
                    + " are managed, "
                    + answer.path("differing").asLong()
                    + " are not as wanted");
      }
      return done();
    }
  }

  @Command(name = "show", description = "A meter's clients, as read and as wanted.")
  int show(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(names = "--client", paramLabel = "N", description = "All rights of this one, too.")
          @Nullable Integer number,
      @Option(names = "--json", description = "The server's answer as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode answer = client.get(path(meter));
      if (json) {
        out().println(answer);
        return done();
      }
      summary(answer);
      if (number != null) {
        out().println();
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode object : client(answer.path("found"), number).path("objects")) {
          rows.add(
              List.of(
                  object.path("object").asString(),
                  object.path("classId").asString(),
                  modes(object.path("attributes"), false),
                  modes(object.path("methods"), true)));
        }
        Table.print(out(), List.of("object", "class", "attributes", "methods"), rows);
      }
      return done();
    }
  }

  private void summary(JsonNode answer) {
    out()
        .println(
            answer.path("meter").asString()
                + ": "
                + switch (answer.path("state").asString()) {
                  case "unread" -> "it was not read yet whom it lets in";
                  case "unmanaged" ->
                      "nobody said yet how it should be: 'meters access accept' or 'want'";
                  case "same" -> "it is as wanted";
                  case "waiting" -> "it is not as wanted yet: 'meters access order'";
                  default -> "it was as wanted once, and is not any more";
                });
    JsonNode wish = answer.path("wish");
    Set<Integer> numbers = new java.util.TreeSet<>();
    answer.path("found").forEach(one -> numbers.add(one.path("number").asInt()));
    wish.path("clients").forEach(one -> numbers.add(one.path("number").asInt()));
    List<List<String>> rows = new ArrayList<>();
    for (int number : numbers) {
      rows.add(
          List.of(
              String.valueOf(number),
              words(client(answer.path("found"), number)),
              wish.isObject() ? words(client(wish.path("clients"), number)) : "-"));
    }
    if (!rows.isEmpty()) {
      Table.print(out(), List.of("client", "as read", "as wanted"), rows);
    }
    for (JsonNode difference : answer.path("differences")) {
      out().println("  " + difference.path("words").asString());
    }
  }

  private static JsonNode client(JsonNode clients, int number) {
    for (JsonNode one : clients) {
      if (one.path("number").asInt() == number) {
        return one;
      }
    }
    return tools.jackson.databind.node.MissingNode.getInstance();
  }

  private static String words(JsonNode client) {
    int objects = client.path("objects").size();
    return client.isMissingNode() || objects == 0
        ? "not let in"
        : client.path("level").asString() + ", " + objects + " objects";
  }

  private static String modes(JsonNode modes, boolean method) {
    List<String> words = new ArrayList<>();
    modes
        .properties()
        .forEach(one -> {
          int mode = one.getValue().asInt();
          String word =
              method
                  ? mode == 1 ? "" : "=" + mode
                  : switch (mode) {
                    case 1 -> " r";
                    case 2 -> " w";
                    case 3 -> " rw";
                    default -> "=" + mode;
                  };
          words.add(one.getKey() + word);
        });
    return words.isEmpty() ? "-" : String.join(", ", words);
  }

  @Command(name = "accept", description = "Wants a meter to stay as it was read.")
  int accept(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(names = "--reason", required = true, paramLabel = "WORDS", description = "Why.")
          String reason) {
    try (OfficeClient client = office.connect()) {
      summary(client.put(path(meter), Map.of("reason", reason)));
      return done();
    }
  }

  @Command(
      name = "want",
      description =
          "Says how a client should be; the others stay as wanted, or as read where nobody said"
              + " anything.")
  int want(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(names = "--client", required = true, paramLabel = "N", description = "Which client.")
          int number,
      @Option(names = "--level", paramLabel = "LEVEL", description = "none, low or high.")
          @Nullable String level,
      @Option(
              names = "--only",
              split = ",",
              paramLabel = "OBJECT",
              description = "Of what it has, rights to these objects and no others.")
          @Nullable List<String> only,
      @Option(
              names = "--hide",
              split = ",",
              paramLabel = "OBJECT",
              description = "No rights to these objects any more.")
          @Nullable List<String> hide,
      @Option(names = "--close", description = "It is not let in at all.") boolean close,
      @Option(
              names = "--as-read",
              description = "It has the rights that were read of it, before anything else.")
          boolean asRead,
      @Option(names = "--reason", required = true, paramLabel = "WORDS", description = "Why.")
          String reason) {
    if (level == null && only == null && hide == null && !close && !asRead) {
      throw new Failure(
          "say what is wanted: --level, --only, --hide, --close or --as-read",
          Gridwarden.WRONG_INPUT);
    }
    try (OfficeClient client = office.connect()) {
      JsonNode now = client.get(path(meter));
      JsonNode base =
          now.path("wish").isObject() ? now.path("wish").path("clients") : now.path("found");
      List<Object> clients = new ArrayList<>();
      boolean seen = false;
      for (JsonNode found : now.path("found")) {
        int each = found.path("number").asInt();
        JsonNode wished = client(base, each);
        JsonNode one = wished.isMissingNode() || asRead && each == number ? found : wished;
        if (each != number) {
          clients.add(wished.isMissingNode() ? closed(found) : one);
          continue;
        }
        seen = true;
        clients.add(
            changed(one, level == null ? one.path("level").asString() : level, only, hide, close));
      }
      if (!seen) {
        throw new Failure(
            "meter " + meter + " has no client " + number + ": see meters access show",
            Gridwarden.WRONG_INPUT);
      }
      summary(client.put(path(meter), Map.of("clients", clients, "reason", reason)));
      return done();
    }
  }

  private static Map<String, Object> closed(JsonNode client) {
    return changed(client, client.path("level").asString(), null, null, true);
  }

  private static Map<String, Object> changed(
      JsonNode client,
      String level,
      @Nullable List<String> only,
      @Nullable List<String> hide,
      boolean close) {
    List<JsonNode> objects = new ArrayList<>();
    List<String> missing = new ArrayList<>(only == null ? List.of() : only);
    for (JsonNode object : client.path("objects")) {
      String name = object.path("object").asString();
      missing.remove(name);
      if (!close
          && (only == null || only.contains(name))
          && (hide == null || !hide.contains(name))) {
        objects.add(object);
      }
    }
    if (!missing.isEmpty()) {
      throw new Failure(
          "the client has no rights to " + String.join(", ", missing) + ": see --as-read",
          Gridwarden.WRONG_INPUT);
    }
    Map<String, Object> changed = new LinkedHashMap<>();
    changed.put("number", client.path("number").asInt());
    changed.put("level", level);
    changed.put("objects", objects);
    return changed;
  }

  @Command(
      name = "order",
      description =
          "Drafts the configuration orders that bring a meter to what is wanted. They go on as any"
              + " command: another person approves, you sign.")
  int order(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "METER", description = "The meter's id.") String meter,
      @Option(names = "--reason", required = true, paramLabel = "WORDS", description = "Why.")
          String reason,
      @Option(names = "--json", description = "The outcome as JSON.") boolean json) {
    try (OfficeClient client = office.connect()) {
      JsonNode orders = client.get(path(meter)).path("orders");
      if (orders.isEmpty()) {
        out().println("there is nothing to order: it is as wanted, or nothing is wanted");
        return done();
      }
      List<JsonNode> drafted = new ArrayList<>();
      for (JsonNode order : orders) {
        if (order.path("value").isNull()) {
          throw new Failure(order.path("words").asString());
        }
        JsonNode answer =
            client.post(
                "/commands",
                Map.of(
                    "meter",
                    meter,
                    "action",
                    "configure",
                    "parameters",
                    Map.of(
                        "attribute",
                        order.path("attribute").asString(),
                        "value",
                        order.path("value").asString()),
                    "reason",
                    order.path("words").asString() + ": " + reason));
        answer.path("items").forEach(drafted::add);
      }
      if (json) {
        out().println(drafted);
      } else {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < drafted.size(); i++) {
          rows.add(
              List.of(
                  JsonRows.text(drafted.get(i).path("id")),
                  JsonRows.text(drafted.get(i).path("state")),
                  orders.get(i).path("words").asString(),
                  JsonRows.text(drafted.get(i).path("why"))));
        }
        Table.print(out(), List.of("id", "state", "words", "why"), rows);
      }
      return done();
    }
  }

  private int done() {
    out().flush();
    return Gridwarden.OK;
  }

  private static String path(String meter) {
    return "/meters/" + JsonRows.encode(meter) + "/access";
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

package org.gridwarden.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Consumers' service points. */
@Command(
    name = "point",
    description = "Says which service points are a consumer's, and since when: customer service's.",
    footer = {
      "",
      "Examples:",
      "  ./gridwarden users point link carla CH-4711 --since 2026-10-01T00:00:00Z",
      "  ./gridwarden users point list carla",
    })
final class UsersPointCommand implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  /** Without a verb: the help. */
  @Override
  public void run() {
    spec.commandLine().usage(out());
  }

  @Command(name = "list", description = "Lists a consumer's service points.")
  int list(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "NAME", description = "The consumer.") String name) {
    try (OfficeClient client = office.connect()) {
      return print(client.get(path(name)));
    }
  }

  @Command(name = "link", description = "Links a service point to a consumer's account.")
  int link(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "NAME", description = "The consumer.") String name,
      @Parameters(paramLabel = "POINT", description = "The service point.") String point,
      @Option(
              names = "--since",
              paramLabel = "INSTANT",
              description = "The consumer sees readings from then on. Default: now.")
          @Nullable Instant since) {
    Instant from = since == null ? Instant.now() : since;
    try (OfficeClient client = office.connect()) {
      return print(client.put(path(name), Map.of("servicePoint", point, "since", from.toString())));
    }
  }

  @Command(name = "unlink", description = "Ends a link: the consumer sees nothing of it any more.")
  int unlink(
      @Mixin OfficeOptions office,
      @Parameters(paramLabel = "NAME", description = "The consumer.") String name,
      @Parameters(paramLabel = "POINT", description = "The service point.") String point) {
    try (OfficeClient client = office.connect()) {
      client.delete(path(name) + "?servicePoint=" + JsonRows.encode(point));
      out().println(point + " is none of " + name + "'s any more");
      out().flush();
      return Gridwarden.OK;
    }
  }

  private static String path(String name) {
    return "/users/" + JsonRows.encode(name) + "/points";
  }

  private int print(JsonNode answer) {
    JsonRows.print(out(), answer.path("items"), List.of("servicePoint", "since"));
    out().flush();
    return Gridwarden.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

package org.gridwarden.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Commands, a page at a time. */
@Command(name = "list", description = "Lists commands, the newest first.")
final class CommandListCommand implements Callable<Integer> {
  private static final List<String> FIELDS =
      List.of("id", "drafted", "meter", "action", "state", "draftedBy", "releasedBy", "why");

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private OfficeOptions office = new OfficeOptions();

  @Option(
      names = "--state",
      defaultValue = "",
      paramLabel = "STATE",
      description =
          "Only these: quarantined, released, queued, in_doubt …; several with commas between.")
  private String state = "";

  @Option(
      names = "--meter",
      defaultValue = "",
      paramLabel = "METER",
      description = "Only this meter's.")
  private String meter = "";

  @Option(
      names = "--action",
      defaultValue = "",
      paramLabel = "WORD",
      description = "Only these: disconnect, set-price …")
  private String word = "";

  @Option(
      names = "--by",
      defaultValue = "",
      paramLabel = "NAME",
      description = "Only this operator's.")
  private String by = "";

  @Option(
      names = "--sort",
      defaultValue = "-drafted",
      paramLabel = "FIELD",
      description = "By which field; with - in front backwards. Default: ${DEFAULT-VALUE}.")
  private String sort = "-drafted";

  @Option(names = "--page", defaultValue = "0", description = "Which page, from 0 on.")
  private int page;

  @Option(names = "--size", defaultValue = "50", description = "How many, at most 1000.")
  private int size = 50;

  @Option(names = "--json", description = "The server's answer as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (OfficeClient client = office.connect()) {
      JsonNode answer =
          client.get(
              "/commands?state="
                  + encode(state)
                  + "&meter="
                  + encode(meter)
                  + "&word="
                  + encode(word)
                  + "&by="
                  + encode(by)
                  + "&sort="
                  + encode(sort)
                  + "&page="
                  + page
                  + "&size="
                  + size);
      if (json) {
        out.println(answer);
      } else {
        Table.print(
            out,
            FIELDS,
            StreamSupport.stream(answer.path("items").spliterator(), false)
                .map(item -> FIELDS.stream().map(f -> item.path(f).asString("")).toList())
                .toList());
        out.println(answer.path("total").asLong() + " commands");
      }
      out.flush();
      return Gridwarden.OK;
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

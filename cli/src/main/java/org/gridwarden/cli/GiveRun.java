package org.gridwarden.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.security.command.Signer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Gives a command: drafts it, signs what is released, and follows it where that is wanted. */
final class GiveRun {
  private static final List<String> DRY = List.of("meter", "verdict", "due", "why");

  private final GiveOptions options;
  private final PrintWriter out;
  private final PrintWriter err;

  GiveRun(GiveOptions options, PrintWriter out, PrintWriter err) {
    this.options = options;
    this.out = out;
    this.err = err;
  }

  int run(Action action) {
    Map<String, Object> body = options.body(action);
    // a wrong password is found before anything is drafted
    Optional<Signer> signer =
        options.signer().given() && !options.dryRun()
            ? Optional.of(options.signer().open())
            : Optional.empty();
    try (OfficeClient client = options.connect()) {
      JsonNode answer = client.post("/commands", body);
      if (options.dryRun()) {
        return dryRun(answer);
      }
      Followed followed = new Followed(client, signer, action);
      for (JsonNode item : answer.path("items")) {
        followed.add(item);
      }
      followed.sign();
      boolean all = true;
      if (options.patience().isPresent()) {
        Duration patience = options.patience().get();
        all = followed.follow(patience, new ProgressLine(err));
      }
      if (options.json()) {
        out.println(followed.json());
      } else {
        followed.print(out);
        if (options.patience().isEmpty()) {
          hints(followed, signer.isPresent());
        }
      }
      out.flush();
      return all ? Gridwarden.OK : Gridwarden.FAILED;
    }
  }

  private int dryRun(JsonNode answer) {
    if (options.json()) {
      out.println(answer);
    } else {
      JsonNode items = answer.path("items");
      if (items.size() == 1) {
        out.println(items.get(0).path("words").asString());
      }
      List<List<String>> rows = new ArrayList<>();
      for (JsonNode item : items) {
        rows.add(DRY.stream().map(field -> item.path(field).asString("-")).toList());
      }
      Table.print(out, DRY, rows);
      JsonNode counts = answer.path("counts");
      out.println(
          counts.path("release").asInt()
              + " would be released, "
              + counts.path("quarantine").asInt()
              + " wait for a second person, "
              + counts.path("refuse").asInt()
              + " would be refused; nothing was drafted.");
    }
    out.flush();
    return Gridwarden.OK;
  }

  private void hints(Followed followed, boolean signed) {
    if (followed.count("QUARANTINED") > 0) {
      err.println(
          "A second person releases what is quarantined: command approve ID --user NAME; then its"
              + " operator signs it: command sign ID --key FILE.p12");
    }
    if (!signed && followed.count("RELEASED") > 0) {
      err.println("Nothing goes out unsigned: command sign ID --key FILE.p12");
    }
    err.flush();
  }

  /** One object for a program to read. */
  static ObjectNode summary(List<Map<String, String>> rows) {
    ObjectNode all = JsonMapper.shared().createObjectNode();
    ArrayNode items = all.putArray("items");
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Map<String, String> row : rows) {
      ObjectNode item = items.addObject();
      row.forEach(item::put);
      counts.merge(row.getOrDefault("state", ""), 1, Integer::sum);
    }
    ObjectNode numbers = all.putObject("counts");
    counts.forEach(numbers::put);
    return all;
  }
}

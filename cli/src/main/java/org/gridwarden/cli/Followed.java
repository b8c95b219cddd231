package org.gridwarden.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandState;
import org.gridwarden.security.command.ActionCodec;
import org.gridwarden.security.command.Signer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Commands that are followed from their draft to their end. Not thread-safe. */
final class Followed {
  private static final int ONE_BY_ONE = 20;
  private static final int PAGE = 1_000;
  private static final Duration OFTEN = Duration.ofMillis(200);
  private static final Duration SELDOM = Duration.ofSeconds(1);

  private final OfficeClient client;
  private final Optional<Signer> signer;
  private final Action action;
  private final String user;
  private final Map<String, Standing> all = new LinkedHashMap<>();
  private final Set<String> refusedSignatures = new LinkedHashSet<>();

  /** How one stands. */
  private record Standing(String meter, String state, String why, String due, JsonNode command) {
    static Standing of(JsonNode command) {
      return new Standing(
          command.path("meter").asString(),
          command.path("state").asString(),
          command.path("why").asString(),
          command.path("due").asString(),
          command);
    }

    boolean ended() {
      return CommandState.valueOf(state).isEnd();
    }

    boolean done() {
      return state.equals("CONFIRMED") || state.equals("READY");
    }
  }

  /**
   * @param signer signs what is released; empty: nothing is signed here
   * @param action what all of them are
   */
  Followed(OfficeClient client, Optional<Signer> signer, Action action) {
    this.client = client;
    this.signer = signer;
    this.action = action;
    this.user = client.get("/session").path("user").asString();
  }

  void add(JsonNode command) {
    all.put(command.path("id").asString(), Standing.of(command));
  }

  int count(String state) {
    return (int) all.values().stream().filter(s -> s.state().equals(state)).count();
  }

  /** Signs what is released and not signed yet. */
  void sign() {
    if (signer.isEmpty()) {
      return;
    }
    Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    List<Map<String, String>> items = new ArrayList<>();
    all.forEach((id, standing) -> {
      if (standing.state().equals("RELEASED") && !refusedSignatures.contains(id)) {
        items.add(Map.of("id", id, "signature", checked(standing).sign(signer.get(), at)));
      }
    });
    if (items.isEmpty()) {
      return;
    }
    JsonNode answer =
        client.post(
            "/commands/sign",
            Map.of(
                "keyId", SeenOrder.keyId(signer.get()), "signedAt", at.toString(), "items", items));
    for (JsonNode item : answer.path("items")) {
      String id = item.path("id").asString();
      Standing before = all.get(id);
      if (before != null && item.path("code").isNull()) {
        all.put(
            id,
            new Standing(
                before.meter(), item.path("state").asString(), "", before.due(), before.command()));
      } else if (before != null) {
        refusedSignatures.add(id);
        all.put(
            id,
            new Standing(
                before.meter(),
                before.state(),
                "not signed: " + item.path("why").asString(),
                before.due(),
                before.command()));
      }
    }
  }

  /** What is signed is what was asked for here, whatever the server says of it. */
  private SeenOrder checked(Standing standing) {
    SeenOrder seen = SeenOrder.of(standing.command());
    if (!same(seen.order().action()) || !seen.order().operator().equals(user)) {
      throw new Failure(
          "the server shows another order than was given here; nothing is signed: " + seen.words());
    }
    return seen;
  }

  private boolean same(Action other) {
    return other.word().equals(action.word())
        && Arrays.equals(ActionCodec.parameters(other), ActionCodec.parameters(action));
  }

  /**
   * Follows them to their ends; what a second person releases meanwhile is signed.
   *
   * @return whether all are done by then
   */
  boolean follow(Duration patience, ProgressLine line) {
    long deadline = System.nanoTime() + patience.toNanos();
    Duration pause = all.size() > ONE_BY_ONE ? SELDOM : OFTEN;
    while (true) {
      line.show(progress());
      if (all.values().stream().allMatch(Standing::ended) || System.nanoTime() >= deadline) {
        line.end();
        return all.values().stream().allMatch(Standing::done);
      }
      LockSupport.parkNanos(pause.toNanos());
      look();
      sign();
    }
  }

  private void look() {
    List<String> open =
        all.entrySet().stream()
            .filter(entry -> !entry.getValue().ended())
            .map(Map.Entry::getKey)
            .toList();
    if (open.size() <= ONE_BY_ONE) {
      open.forEach(id -> heard(id, client.get("/commands/" + id)));
      return;
    }
    Set<String> left = new LinkedHashSet<>(open);
    String query =
        "/commands?sort=-drafted&size=" + PAGE + "&word=" + action.word() + "&by=" + encode(user);
    long total = PAGE;
    for (int page = 0; !left.isEmpty() && (long) page * PAGE < total; page++) {
      JsonNode answer = client.get(query + "&page=" + page);
      total = answer.path("total").asLong();
      for (JsonNode command : answer.path("items")) {
        String id = command.path("id").asString();
        if (left.remove(id)) {
          heard(id, command);
        }
      }
    }
  }

  private void heard(String id, JsonNode command) {
    if (!refusedSignatures.contains(id) || !command.path("state").asString().equals("RELEASED")) {
      all.put(id, Standing.of(command));
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String progress() {
    Map<String, Integer> counts = new TreeMap<>();
    all.values().forEach(s -> counts.merge(word(s.state()), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String word(String state) {
    return state.toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  /** A closing table. */
  void print(PrintWriter out) {
    List<String> heading = List.of("id", "meter", "state", "took", "why");
    Table.print(
        out,
        heading,
        rows().stream()
            .map(row -> heading.stream().map(field -> row.getOrDefault(field, "")).toList())
            .toList());
  }

  ObjectNode json() {
    return GiveRun.summary(rows());
  }

  private List<Map<String, String>> rows() {
    List<Map<String, String>> rows = new ArrayList<>();
    all.forEach((id, standing) -> {
      Map<String, String> row = new LinkedHashMap<>();
      row.put("id", id);
      row.put("meter", standing.meter());
      row.put("state", standing.state());
      row.put("took", took(standing.command()));
      row.put("why", why(standing));
      rows.add(row);
    });
    return rows;
  }

  /** A receipt's own words where there is one. */
  private static String why(Standing standing) {
    JsonNode receipt = standing.command().path("receipt");
    if (!receipt.isObject()) {
      return standing.why();
    }
    return receipt.path("detail").asString()
        + (receipt.path("signed").asBoolean() ? ", signed by the meter" : ", not signed");
  }

  /** From the signature to the end; empty where that is not known. */
  private static String took(JsonNode command) {
    Optional<Instant> signed = step(command, "SIGNED");
    String end = command.path("state").asString();
    Optional<Instant> ended = step(command, end);
    return signed.isPresent() && ended.isPresent() && CommandState.valueOf(end).isEnd()
        ? Durations.text(Duration.between(signed.get(), ended.get()))
        : "";
  }

  private static Optional<Instant> step(JsonNode command, String state) {
    Optional<Instant> found = Optional.empty();
    for (JsonNode step : command.path("steps")) {
      if (step.path("state").asString().equals(state)) {
        found = Optional.of(Instant.parse(step.path("at").asString()));
      }
    }
    return found;
  }
}

package org.gridwarden.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.headend.command.SecondPerson;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Many waiting commands decided upon in one request: each for itself, never all or nothing, and
 * asked twice it changes nothing.
 */
@RestController
@RequestMapping("/api/v1/commands")
class SecondPersonApi {
  private final Office office;

  SecondPersonApi(Office office) {
    this.office = office;
  }

  /** One order as it was looked at, base64. */
  record SeenOne(@Nullable String id, @Nullable String order) {}

  /** At most 1,000. */
  record Approvals(@Nullable List<SeenOne> items) {}

  /** At most 1,000 commands, and why they are refused. */
  record Refusals(@Nullable List<String> ids, @Nullable String reason) {}

  /**
   * What became of a command among many.
   *
   * @param state null where nothing was decided
   * @param code why not; null where it was
   * @param why of the state, or why not
   */
  record DecidedOne(
      String id, @Nullable CommandState state, Fault.@Nullable Code code, String why) {
    static DecidedOne of(SecondPerson.Outcome outcome) {
      return switch (outcome) {
        case SecondPerson.Outcome.Decided d ->
            new DecidedOne(
                d.command().id().value().toString(), d.command().state(), null, d.command().why());
        case SecondPerson.Outcome.Not n ->
            new DecidedOne(n.id().value().toString(), null, n.fault().code(), n.fault().remedy());
      };
    }
  }

  @PostMapping("/approve")
  ReadingApi.Items<DecidedOne> approve(@RequestBody Approvals approvals) {
    List<SeenOne> items = approvals.items() == null ? List.of() : approvals.items();
    need(items);
    SequencedMap<CommandId, byte[]> seen = new LinkedHashMap<>();
    for (SeenOne item : items) {
      seen.put(
          CommandApi.id(Requests.needed("items.id", item.id())),
          CommandApi.base64("items.order", item.order()));
    }
    return items(desk().approve(seen, Audit.actor()));
  }

  @PostMapping("/refuse")
  ReadingApi.Items<DecidedOne> refuse(@RequestBody Refusals refusals) {
    List<String> ids = refusals.ids() == null ? List.of() : refusals.ids();
    need(ids);
    List<CommandId> known =
        ids.stream().map(id -> CommandApi.id(Requests.needed("ids", id))).toList();
    return items(desk().refuse(known, Audit.actor(), Requests.needed("reason", refusals.reason())));
  }

  private static void need(List<?> items) {
    if (items.isEmpty() || items.size() > SecondPerson.MOST) {
      throw Requests.wrong("items", "are 1 to " + SecondPerson.MOST);
    }
  }

  private static ReadingApi.Items<DecidedOne> items(List<SecondPerson.Outcome> outcomes) {
    return new ReadingApi.Items<>(outcomes.stream().map(DecidedOne::of).toList());
  }

  private SecondPerson desk() {
    return office.commands().office().secondPerson();
  }
}

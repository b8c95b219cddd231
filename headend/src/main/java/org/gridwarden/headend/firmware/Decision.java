package org.gridwarden.headend.firmware;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.gridwarden.core.MeterId;

/** What becomes of a running campaign now. */
sealed interface Decision {
  /** Nothing yet. */
  record Wait(String why) implements Decision {}

  /** The next ring's turn has come. */
  record Release(int ring) implements Decision {}

  /**
   * It stops, until a person says otherwise.
   *
   * @param lost the meters that are the reason
   */
  record Stop(String why, List<MeterId> lost) implements Decision {
    public Stop {
      lost = List.copyOf(lost);
    }
  }

  /** Every ring has had its turn, and runs well. */
  record Done() implements Decision {}

  /**
   * A meter and how it goes with it.
   *
   * @param ring which it is in, from 0
   */
  record Seen(MeterId meter, int ring, Fate fate) {}

  /**
   * Decides. A pure function. Meters of earlier rings are watched as long as the campaign runs.
   *
   * @param ring the last ring that was released
   * @param rings how many there are
   * @param seen every meter of the rings up to that one
   */
  static Decision of(CampaignPlan plan, int ring, int rings, List<Seen> seen, Instant now) {
    Map<Integer, List<Seen>> byRing =
        seen.stream().collect(Collectors.groupingBy(Seen::ring, TreeMap::new, Collectors.toList()));
    for (Map.Entry<Integer, List<Seen>> entry : byRing.entrySet()) {
      List<Seen> lost = of(entry.getValue(), Fate.Lost.class);
      int allowed = plan.allowed(entry.getValue().size());
      if (lost.size() > allowed) {
        return new Stop(
            lost.size()
                + " of "
                + entry.getValue().size()
                + " meters of ring "
                + entry.getKey()
                + " are lost, "
                + (allowed == 0 ? "none" : "at most " + allowed)
                + " may be: "
                + examples(lost),
            lost.stream().map(Seen::meter).toList());
      }
    }
    List<Seen> current = byRing.getOrDefault(ring, List.of());
    List<String> pending = new ArrayList<>();
    count(pending, of(current, Fate.Undrafted.class), "are to be drafted");
    count(pending, of(current, Fate.Awaiting.class), "wait for approval, signature or their turn");
    count(pending, of(current, Fate.Underway.class), "are under way");
    List<Seen> updated = of(current, Fate.Updated.class);
    count(
        pending,
        updated.stream().filter(s -> !((Fate.Updated) s.fate()).heardAgain()).toList(),
        "were not heard since their update");
    if (!pending.isEmpty()) {
      return new Wait("ring " + ring + ": " + String.join(", ", pending));
    }
    int counted = current.size() - of(current, Fate.Excused.class).size();
    if (updated.size() * 2 < counted) {
      return new Stop(
          "only "
              + updated.size()
              + " of "
              + counted
              + " meters of ring "
              + ring
              + " were updated: too few to tell whether all is well",
          List.of());
    }
    Instant ready =
        updated.stream()
            .map(s -> ((Fate.Updated) s.fate()).at().plus(plan.soak()))
            .max(Instant::compareTo)
            .orElse(Instant.MIN);
    if (now.isBefore(ready)) {
      return new Wait("ring " + ring + " runs well and soaks until " + ready);
    }
    return ring + 1 < rings ? new Release(ring + 1) : new Done();
  }

  private static List<Seen> of(List<Seen> seen, Class<? extends Fate> kind) {
    return seen.stream().filter(s -> kind.isInstance(s.fate())).toList();
  }

  private static void count(List<String> pending, List<Seen> some, String what) {
    if (!some.isEmpty()) {
      pending.add(some.size() + " " + what);
    }
  }

  private static String examples(List<Seen> lost) {
    String first =
        lost.stream()
            .limit(3)
            .map(s -> s.meter().value() + " " + ((Fate.Lost) s.fate()).why())
            .collect(Collectors.joining("; "));
    return lost.size() > 3 ? first + "; and " + (lost.size() - 3) + " more" : first;
  }
}

package org.gridwarden.headend.firmware;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.CampaignBook;

/**
 * How a campaign stands.
 *
 * @param rings each ring's figures, the canaries first
 * @param unsigned the updates that wait for a second person or their operator's signature
 * @param lost the meters that were lost, and why
 */
public record CampaignReport(
    CampaignBook.Campaign campaign,
    List<Ring> rings,
    List<CommandId> unsigned,
    Map<MeterId, String> lost) {
  public CampaignReport {
    rings = List.copyOf(rings);
    unsigned = List.copyOf(unsigned);
  }

  /**
   * A ring's figures, in meters.
   *
   * @param released whether its turn has come
   * @param pending not updated yet, and to be
   * @param updated run the new version and were heard since
   * @param leftOut left out, or excused
   */
  public record Ring(
      int meters, boolean released, int pending, int updated, int lost, int leftOut) {}

  static CampaignReport of(
      CampaignBook.Campaign campaign, List<CampaignBook.Member> members, Instant now) {
    CampaignPlan plan = CampaignPlan.parse(campaign.plan());
    Map<Integer, int[]> counts = new TreeMap<>();
    List<CommandId> unsigned = new ArrayList<>();
    Map<MeterId, String> lost = new TreeMap<>(java.util.Comparator.comparing(MeterId::value));
    for (CampaignBook.Member member : members) {
      int[] count = counts.computeIfAbsent(member.ring(), r -> new int[4]);
      switch (Fate.of(member, campaign.version(), plan, now)) {
        case Fate.Undrafted _, Fate.Underway _ -> count[0]++;
        case Fate.Awaiting _ -> {
          count[0]++;
          if (member.state().filter(CampaignReport::awaitsPerson).isPresent()) {
            unsigned.add(member.command().orElseThrow());
          }
        }
        case Fate.Updated u -> count[u.heardAgain() ? 1 : 0]++;
        case Fate.Lost l -> {
          count[2]++;
          lost.put(member.meter(), l.why());
        }
        case Fate.LeftOut _, Fate.Excused _ -> count[3]++;
      }
    }
    List<Ring> rings =
        counts.entrySet().stream()
            .map(e -> {
              int[] c = e.getValue();
              return new Ring(
                  c[0] + c[1] + c[2] + c[3], e.getKey() <= campaign.ring(), c[0], c[1], c[2], c[3]);
            })
            .toList();
    return new CampaignReport(campaign, rings, unsigned, lost);
  }

  private static boolean awaitsPerson(org.gridwarden.core.CommandState state) {
    return state == org.gridwarden.core.CommandState.QUARANTINED
        || state == org.gridwarden.core.CommandState.RELEASED;
  }
}

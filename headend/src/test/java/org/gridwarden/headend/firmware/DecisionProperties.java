package org.gridwarden.headend.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.CampaignBook;

@Label("C34: whatever becomes of meters, a campaign hits no more than the ring that went wrong")
class DecisionProperties {
  private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

  /** A whole campaign over a fleet of which some fall silent and some refuse. */
  @Property(tries = 300)
  void aCampaignHitsNoMoreThanTheRingThatWentWrong(
      @ForAll @IntRange(min = 1, max = 400) int meters,
      @ForAll @IntRange(min = 0, max = 100) int silentPercent,
      @ForAll @IntRange(min = 0, max = 30) int refusingPercent,
      @ForAll @IntRange(min = 0, max = 20) int mostLost,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    CampaignPlan plan =
        CampaignPlan.parse(
            "rings = 1%/5 10% 100%\nsoak = PT24H\nheardWithin = PT6H\nmostLost = "
                + mostLost
                + "%");
    List<Integer> sizes = plan.sizes(meters);
    assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(meters);
    assertThat(sizes).allSatisfy(size -> assertThat(size).isPositive());
    Random random = new Random(seed);
    World world = new World(sizes);
    for (int i = 0; i < meters; i++) {
      boolean silent = random.nextInt(100) < silentPercent;
      world.kinds.add(
          silent ? Kind.SILENT : random.nextInt(100) < refusingPercent ? Kind.REFUSES : Kind.GOOD);
    }
    int ring = 0;
    boolean over = false;
    for (int hour = 0; hour < 24 * 30 && !over; hour++) {
      Instant now = START.plus(Duration.ofHours(hour));
      world.send(ring, now);
      List<Decision.Seen> seen = world.seen(ring, plan, now);
      switch (Decision.of(plan, ring, sizes.size(), seen, now)) {
        case Decision.Release(int next) -> {
          assertThat(next).isEqualTo(ring + 1);
          for (int r = 0; r <= ring; r++) {
            assertThat(world.lost(r))
                .as("ring %s", r)
                .isLessThanOrEqualTo(plan.allowed(sizes.get(r)));
          }
          assertThat(now).isAfterOrEqualTo(world.lastUpdate(ring).plus(plan.soak()));
          ring = next;
        }
        case Decision.Stop(String why, List<MeterId> _) -> {
          assertThat(why).contains("ring " + ring);
          over = true;
        }
        case Decision.Done _ -> {
          assertThat(ring).isEqualTo(sizes.size() - 1);
          over = true;
        }
        case Decision.Wait _ -> {}
      }
      // the first ring that has more bad meters than allowed is the last one that is ever touched
      int bad = world.firstBadRing(plan);
      assertThat(world.touched.size())
          .isLessThanOrEqualTo(world.upTo(Math.min(bad, sizes.size() - 1)));
    }
    assertThat(over).as("every campaign comes to an end or to a person").isTrue();
  }

  enum Kind {
    GOOD,
    SILENT,
    REFUSES
  }

  /** Meters in their rings, updated at once where they are asked to. */
  static final class World {
    final List<Integer> sizes;
    final List<Kind> kinds = new ArrayList<>();
    final List<Instant> asked = new ArrayList<>();
    final Set<Integer> touched = new HashSet<>();

    World(List<Integer> sizes) {
      this.sizes = sizes;
    }

    int upTo(int ring) {
      return sizes.subList(0, ring + 1).stream().mapToInt(Integer::intValue).sum();
    }

    int ring(int meter) {
      int ring = 0;
      while (meter >= upTo(ring)) {
        ring++;
      }
      return ring;
    }

    void send(int ring, Instant now) {
      while (asked.size() < upTo(ring)) {
        touched.add(asked.size());
        asked.add(now);
      }
    }

    List<Decision.Seen> seen(int ring, CampaignPlan plan, Instant now) {
      List<Decision.Seen> seen = new ArrayList<>();
      for (int i = 0; i < upTo(ring); i++) {
        Kind kind = kinds.get(i);
        Instant at = asked.get(i);
        CampaignBook.Member member =
            new CampaignBook.Member(
                new MeterId("M" + i),
                ring(i),
                Optional.of(new CommandId(new UUID(0, i))),
                Optional.of(kind == Kind.REFUSES ? CommandState.REFUSED : CommandState.CONFIRMED),
                "",
                Optional.of(at),
                Optional.of(at),
                kind == Kind.GOOD ? Optional.of(now) : Optional.empty(),
                "2.0.0",
                false,
                "");
        seen.add(
            new Decision.Seen(member.meter(), member.ring(), Fate.of(member, "2.0.0", plan, now)));
      }
      return seen;
    }

    int lost(int ring) {
      int lost = 0;
      for (int i = ring == 0 ? 0 : upTo(ring - 1); i < upTo(ring); i++) {
        lost += kinds.get(i) == Kind.GOOD ? 0 : 1;
      }
      return lost;
    }

    Instant lastUpdate(int ring) {
      return asked.get(upTo(ring) - 1);
    }

    int firstBadRing(CampaignPlan plan) {
      for (int ring = 0; ring < sizes.size(); ring++) {
        if (lost(ring) > plan.allowed(sizes.get(ring))) {
          return ring;
        }
      }
      return sizes.size();
    }
  }
}

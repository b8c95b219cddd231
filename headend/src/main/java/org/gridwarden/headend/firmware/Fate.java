package org.gridwarden.headend.firmware;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.CommandState;
import org.gridwarden.store.CampaignBook;

/** How it goes with a meter in a campaign. */
sealed interface Fate {
  /** Its update is not drafted yet. */
  record Undrafted() implements Fate {}

  /** Its update waits for a second person, a signature or its turn. */
  record Awaiting() implements Fate {}

  /** Its update was sent, and no receipt has come yet. */
  record Underway() implements Fate {}

  /**
   * Runs the new version, by its own signed receipt.
   *
   * @param heardAgain whether it was heard since
   */
  record Updated(Instant at, boolean heardAgain) implements Fate {}

  /** Fell silent, refused or failed, or runs another version than it said. */
  record Lost(String why) implements Fate {}

  /** Nothing was sent to it, and nothing will be. */
  record LeftOut(String why) implements Fate {}

  /** Was lost, and a person said to go on all the same. */
  record Excused() implements Fate {}

  /**
   * How it goes with a meter. A pure function.
   *
   * @param version what it is to run
   */
  static Fate of(CampaignBook.Member member, String version, CampaignPlan plan, Instant now) {
    if (member.excused()) {
      return new Excused();
    }
    if (!member.skipped().isEmpty()) {
      return new LeftOut(member.skipped());
    }
    if (member.state().isEmpty()) {
      return new Undrafted();
    }
    CommandState state = member.state().get();
    Optional<Instant> sent = member.sent();
    if (sent.isEmpty()) {
      return state.isEnd()
          ? new LeftOut(
              state.name().toLowerCase(Locale.ROOT) + " before it was sent: " + member.why())
          : new Awaiting();
    }
    Instant since = member.ended().orElse(sent.get());
    if (!state.isEnd() || state == CommandState.CONFIRMED) {
      Optional<Instant> heard = member.heard().filter(since::isBefore);
      if (!now.isBefore(heard.orElse(since).plus(plan.heardWithin()))) {
        return new Lost(
            "silent since "
                + heard.orElse(since)
                + (state.isEnd() ? ", after its update" : ", when its update was sent"));
      }
      if (!state.isEnd()) {
        return new Underway();
      }
      return member.runs().equals(version)
          ? new Updated(since, heard.isPresent())
          : new Lost("confirmed its update, and runs '" + member.runs() + "'");
    }
    return new Lost(state.name().toLowerCase(Locale.ROOT) + ": " + member.why());
  }
}

package org.gridwarden.mdm.vee;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Tx;
import org.gridwarden.mdm.estimation.Method;
import org.gridwarden.store.SlotVersions;

/**
 * What a person changes in a curve by hand, and takes back. Each is a new version of its slots with
 * the person's name and reason; the raw values and all earlier versions stay. Thread-safe.
 */
public final class SlotEdits {
  private static final String UNDONE = "undone";

  /** No more slots than this at once: a quarter of a year in quarter-hours. */
  static final int MOST_SLOTS = 9_000;

  private final SlotVersions versions;
  private final InstantSource clock;

  /** Over the store's versions. */
  public SlotEdits(SlotVersions versions, InstantSource clock) {
    this.versions = versions;
    this.clock = clock;
  }

  /**
   * Sets slots that follow each other.
   *
   * @param from the first slot's beginning
   * @param values one a slot, with the channel's scaler
   * @throws IllegalArgumentException where nobody or no reason is named, or there are too many
   *     slots
   */
  public void set(
      Tx tx,
      MeterId meter,
      SlotVersions.Channel channel,
      Instant from,
      List<Long> values,
      Actor by,
      String reason) {
    check(by, reason, values.size());
    List<SlotVersions.Version> fresh = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      fresh.add(
          new SlotVersions.Version(
              from.plus(channel.slot().multipliedBy(i)),
              0,
              OptionalLong.of(values.get(i)),
              Quality.ESTIMATED,
              "",
              Method.MANUAL.id(),
              by,
              reason,
              clock.instant()));
    }
    versions.append(tx, meter, channel, fresh);
  }

  /**
   * Takes back what people set in a span: what counted before it counts again.
   *
   * @return how many slots that were
   */
  public int undo(
      Tx tx,
      MeterId meter,
      SlotVersions.Channel channel,
      Instant from,
      Instant to,
      Actor by,
      String reason) {
    List<SlotVersions.Version> fresh = new ArrayList<>();
    List<SlotVersions.Version> all = versions.all(meter, channel, from, to);
    for (int i = 0; i < all.size(); i++) {
      boolean last = i + 1 == all.size() || !all.get(i + 1).start().equals(all.get(i).start());
      if (last && all.get(i).byPerson() && all.get(i).method().equals(Method.MANUAL.id())) {
        fresh.add(before(all, i, by, reason));
      }
    }
    check(by, reason, fresh.size());
    versions.append(tx, meter, channel, fresh);
    return fresh.size();
  }

  /** The last version that no person made, as a version of now; where there is none, the raw. */
  private SlotVersions.Version before(
      List<SlotVersions.Version> all, int at, Actor by, String reason) {
    Instant start = all.get(at).start();
    for (int i = at - 1; i >= 0 && all.get(i).start().equals(start); i--) {
      SlotVersions.Version old = all.get(i);
      if (!old.byPerson()) {
        return new SlotVersions.Version(
            start,
            0,
            old.value(),
            old.quality(),
            old.cause(),
            old.method(),
            old.by(),
            UNDONE + " by " + by.name() + ": " + reason,
            clock.instant());
      }
    }
    return new SlotVersions.Version(
        start, 0, OptionalLong.empty(), Quality.GOOD, "", UNDONE, by, reason, clock.instant());
  }

  private static void check(Actor by, String reason, int slots) {
    if (by.kind() != Actor.Kind.PERSON || by.name().isBlank()) {
      throw new IllegalArgumentException("only a person edits a curve; name one");
    }
    if (reason.isBlank() || reason.length() > 900) {
      throw new IllegalArgumentException("an edit needs a reason of 1 to 900 characters");
    }
    if (slots > MOST_SLOTS) {
      throw new IllegalArgumentException(
          slots + " slots at once; edit " + MOST_SLOTS + " or fewer");
    }
  }
}

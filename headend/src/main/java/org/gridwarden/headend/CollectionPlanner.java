package org.gridwarden.headend;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Channel;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Offer;
import org.gridwarden.store.CollectionGaps;
import org.gridwarden.store.CollectionTurn;
import org.gridwarden.store.CollectionTurn.Schedule;

/** Finds the way to meters, what they have and what is missing of it. Stateless. */
final class CollectionPlanner {
  static final Offer NOTHING = new Offer(List.of(), List.of(), List.of());

  private final CollectionBook book;
  private final List<Channel> channels;
  private final CollectionSettings settings;

  CollectionPlanner(CollectionBook book, List<Channel> channels, CollectionSettings settings) {
    this.book = book;
    this.channels = List.copyOf(channels);
    this.settings = settings;
  }

  /** A meter and what is due of it. */
  record Asked(Meter meter, List<CollectionTurn> turns) {}

  /** What to do with some meters: their gaps are looked for together. */
  List<CollectionWork> plan(List<Asked> asked, Instant now) {
    List<Offer> offers = asked.stream().map(a -> offer(a.meter().id())).toList();
    List<CollectionGaps.Question> questions = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      if (profiles(asked.get(i))) {
        questions.addAll(questions(asked.get(i).meter(), offers.get(i), now).values());
      }
    }
    List<CollectionGaps> found = questions.isEmpty() ? List.of() : book.gaps(questions);
    int next = 0;
    List<CollectionWork> work = new ArrayList<>(asked.size());
    for (int i = 0; i < asked.size(); i++) {
      Meter meter = asked.get(i).meter();
      List<CollectionWork.ProfileGaps> gaps = new ArrayList<>();
      if (profiles(asked.get(i))) {
        for (Offer.Profile profile : questions(meter, offers.get(i), now).keySet()) {
          gaps.add(new CollectionWork.ProfileGaps(profile, found.get(next++)));
        }
      }
      work.add(
          new CollectionWork(
              meter, asked.get(i).turns(), way(meter.id()), offers.get(i), List.copyOf(gaps)));
    }
    return work;
  }

  private static boolean profiles(Asked asked) {
    return asked.turns().stream().anyMatch(turn -> turn.schedule() == Schedule.PROFILES);
  }

  /** The way to a meter now. */
  Optional<Channel> way(MeterId meter) {
    return channels.stream().filter(channel -> channel.reaches(meter)).findFirst();
  }

  /** What a meter has. */
  Offer offer(MeterId meter) {
    return channels.stream()
        .flatMap(channel -> channel.offer(meter).stream())
        .findFirst()
        .orElse(NOTHING);
  }

  /** Which slots of a meter's profiles should be stored by now. */
  Map<Offer.Profile, CollectionGaps.Question> questions(Meter meter, Offer offer, Instant now) {
    Map<Offer.Profile, CollectionGaps.Question> questions = new java.util.LinkedHashMap<>();
    for (Offer.Profile profile : offer.profiles()) {
      if (profile.channels().isEmpty()) {
        continue;
      }
      Duration back =
          profile.kept().compareTo(settings.backfill()) < 0 ? profile.kept() : settings.backfill();
      Instant to = floor(now.minus(settings.settling()), meter, profile.slot());
      Instant from = floor(now.minus(back), meter, profile.slot()).plus(profile.slot());
      if (from.isBefore(to)) {
        questions.put(
            profile,
            new CollectionGaps.Question(meter.id(), profile.channels(), profile.slot(), from, to));
      }
    }
    return questions;
  }

  /** Slots begin at multiples of their length in the meter's civil time. */
  private static Instant floor(Instant at, Meter meter, Duration slot) {
    long offset = meter.zone().getRules().getOffset(at).getTotalSeconds();
    long local = at.getEpochSecond() + offset;
    return Instant.ofEpochSecond(local - Math.floorMod(local, slot.toSeconds()) - offset);
  }
}

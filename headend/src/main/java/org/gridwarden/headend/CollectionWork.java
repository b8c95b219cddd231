package org.gridwarden.headend;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Channel;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Offer;
import org.gridwarden.store.CollectionGaps;
import org.gridwarden.store.CollectionTurn;
import org.gridwarden.store.CollectionTurn.Schedule;

/**
 * What is to be done with one meter in one session.
 *
 * @param meter which meter
 * @param turns what is due of it, at most one of each schedule
 * @param channel the way to it; empty where there is none now
 * @param offer what it has
 * @param gaps what is missing of its profiles, as the offer has them
 */
record CollectionWork(
    Meter meter,
    List<CollectionTurn> turns,
    Optional<Channel> channel,
    Offer offer,
    List<ProfileGaps> gaps) {
  /** A profile and what is missing of it. */
  record ProfileGaps(Offer.Profile profile, CollectionGaps gaps) {}

  /** What it shares with others. */
  String link() {
    return link(meter);
  }

  static String link(Meter meter) {
    String shared = meter.reach().shared();
    return shared.isEmpty() ? "meter " + meter.id() : shared;
  }

  Optional<CollectionTurn> turn(Schedule schedule) {
    return turns.stream().filter(t -> t.schedule() == schedule).findFirst();
  }

  Instant since(Schedule schedule, Instant otherwise) {
    return turn(schedule).flatMap(CollectionTurn::succeeded).orElse(otherwise);
  }
}

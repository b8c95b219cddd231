package org.gridwarden.channel.zigbee;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.message.listener.Tally;

/**
 * Asks a meter that was silent for the intervals that are missing: by GetProfile, and where it
 * keeps no profile by samples that it was told to take since. What comes is marked as registers
 * are, and gives way to what the meter says under its own key. Called by a thread that may wait;
 * thread-safe.
 */
final class Profiles {
  static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");

  /** Older than that is not asked for. */
  private static final Duration OLDEST = Duration.ofDays(2);

  private static final Duration FAST = Duration.ofMinutes(2);
  private static final int SAMPLE_SECONDS = 900;
  private static final int SAMPLES = 192;

  private final Asking asking;
  private final Taking taking;
  private final Tally tally;
  private final Map<MeterId, Integer> samplings = new ConcurrentHashMap<>();

  /** How a meter is asked by a command of a cluster's own. */
  interface Asking {
    /** Gives what it answers; empty where it does not. */
    Optional<Zcl> ask(Known meter, int cluster, int command, byte[] payload)
        throws InterruptedException;
  }

  /** Who takes what it says. */
  interface Taking {
    void take(Known from, MeterId meter, Zcl frame, List<Message> content)
        throws InterruptedException;
  }

  Profiles(Asking asking, Taking taking, Tally tally) {
    this.asking = asking;
    this.taking = taking;
    this.tally = tally;
  }

  /** Fetches what a meter measured since a moment, the latest first. */
  void fetch(Known from, MeterId meter, Instant since, Instant now) throws InterruptedException {
    Instant oldest = since.isBefore(now.minus(OLDEST)) ? now.minus(OLDEST) : since;
    Integer sampling = samplings.get(meter);
    if (sampling != null) {
      samples(from, meter, sampling, oldest, now);
      return;
    }
    Instant end = now;
    while (end.isAfter(oldest)) {
      Optional<Zcl> said =
          asking.ask(
              from,
              Clusters.METERING,
              ProfileAnswer.GET_PROFILE,
              ProfileAnswer.ask(end, ProfileAnswer.MOST_PERIODS));
      if (said.isPresent() && !said.get().cluster()) {
        sample(from, meter, now); // it has no such command
        return;
      }
      Optional<ProfileAnswer> answer =
          said.filter(z -> z.command() == ProfileAnswer.PROFILE)
              .flatMap(z -> ProfileAnswer.profile(z.payload()));
      if (answer.isEmpty() || answer.get().raw().length == 0) {
        return;
      }
      ProfileAnswer one = answer.get();
      submit(from, meter, said.get(), one, now);
      if (!one.start().isBefore(end)) {
        return; // it does not get any earlier
      }
      end = one.start();
    }
  }

  /** From now on it is to remember, so that the next silence can be filled. */
  private void sample(Known from, MeterId meter, Instant now) throws InterruptedException {
    asking
        .ask(
            from,
            Clusters.METERING,
            ProfileAnswer.START_SAMPLING,
            ProfileAnswer.sample(SmartEnergyTime.seconds(now), SAMPLE_SECONDS, SAMPLES))
        .filter(z ->
            z.cluster() && z.command() == ProfileAnswer.SAMPLING_STARTED && z.payload().length == 2)
        .map(z -> (int) Zcl.number(z.payload(), 0, 2))
        .filter(id -> id != 0xFFFF)
        .ifPresent(id -> samplings.put(meter, id));
  }

  private void samples(Known from, MeterId meter, int sampling, Instant since, Instant now)
      throws InterruptedException {
    Instant earliest = since;
    while (earliest.isBefore(now)) {
      Optional<Zcl> said =
          asking.ask(
              from,
              Clusters.METERING,
              ProfileAnswer.GET_SAMPLED,
              ProfileAnswer.askSamples(sampling, earliest));
      Optional<ProfileAnswer> answer =
          said.filter(z -> z.cluster() && z.command() == ProfileAnswer.SAMPLED)
              .flatMap(z -> ProfileAnswer.samples(z.payload(), sampling));
      if (said.isPresent() && answer.isEmpty()) {
        samplings.remove(meter); // it has forgotten them: it lost its power
      }
      if (answer.isEmpty() || answer.get().raw().length == 0) {
        break;
      }
      ProfileAnswer one = answer.get();
      submit(from, meter, said.get(), one, now);
      Instant next = one.start().plusSeconds((long) one.seconds() * one.raw().length);
      if (!next.isAfter(earliest)) {
        break;
      }
      earliest = next;
    }
    if (!samplings.containsKey(meter)) {
      sample(from, meter, now);
    }
  }

  private void submit(Known from, MeterId meter, Zcl frame, ProfileAnswer answer, Instant now)
      throws InterruptedException {
    List<Slot> slots = slots(from, answer, now);
    if (slots.isEmpty()) {
      tally.count(Tally.What.MALFORMED);
      return;
    }
    taking.take(
        from, meter, frame, List.of(new Usage(meter, List.of(), slots, List.of(), List.of())));
  }

  /** Slots that lie as civil ones do; none from the future. */
  static List<Slot> slots(Known from, ProfileAnswer answer, Instant now) {
    List<Slot> slots = new ArrayList<>();
    if (from.divisor() <= 0
        || from.multiplier() <= 0
        || Math.floorMod(answer.start().getEpochSecond(), answer.seconds()) != 0) {
      return slots;
    }
    Duration length = Duration.ofSeconds(answer.seconds());
    for (int i = 0; i < answer.raw().length; i++) {
      Instant start = answer.start().plusSeconds((long) i * answer.seconds());
      boolean past = !start.plus(length).isAfter(now.plus(FAST));
      if (past && answer.raw()[i] != ProfileAnswer.INVALID) {
        slots.add(
            new Slot(
                ENERGY,
                start,
                length,
                MeteringValues.scaled(from, answer.raw()[i], Unit.WATT_HOUR),
                Quality.UNAUTHENTICATED));
      }
    }
    return slots;
  }
}

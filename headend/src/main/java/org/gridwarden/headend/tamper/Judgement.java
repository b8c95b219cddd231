package org.gridwarden.headend.tamper;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.core.Warning;
import org.gridwarden.store.AlarmQueue;
import org.gridwarden.store.AlarmWriter;
import org.gridwarden.store.AlarmWriter.Key;
import org.gridwarden.store.MeterCase;
import org.gridwarden.store.MeterRegistry;
import org.gridwarden.store.Store;

/** What is made of a batch of events, in one transaction. Not thread-safe. */
final class Judgement {
  static final Actor DESK = Actor.system("tamper-desk");

  /**
   * A meter that was silent tells late. So far back its readings are held from the moment that it
   * names; a clock that names an earlier one is not believed.
   */
  private static final Duration BELIEVED = Duration.ofDays(35);

  private final Store store;
  private final AlarmWriter alarms;
  private final TamperPolicy policy;
  private final InstantSource clock;
  private final Storms<String> fresh;
  private final Storms<Long> evidence;

  Judgement(Store store, TamperPolicy policy, InstantSource clock) {
    this.store = store;
    this.alarms = store.alarmWriter();
    this.policy = policy;
    this.clock = clock;
    this.fresh = new Storms<>(policy.alarmsPerMinute());
    this.evidence = new Storms<>(policy.evidencePerMinute());
  }

  /**
   * What was done.
   *
   * @param taken how many events were judged
   * @param alarms which alarms changed
   * @param cases which cases did
   */
  record Result(int taken, Set<Long> alarms, Set<Long> cases) {}

  Result of(MeterRegistry.Changes changes, int most) {
    Instant now = clock.instant();
    List<AlarmQueue.Told> told = store.alarmQueue().take(changes.tx(), most);
    Map<Key, List<AlarmQueue.Told>> groups = new LinkedHashMap<>();
    for (AlarmQueue.Told t : told) {
      groups
          .computeIfAbsent(new Key(t.number(), t.warning().code()), k -> new ArrayList<>())
          .add(t);
    }
    Set<Integer> meters = new LinkedHashSet<>();
    told.forEach(t -> meters.add(t.number()));
    Work work = new Work(changes, now, alarms.open(changes.tx(), meters));
    // a bit that only says "tamper" comes after what says more in the same batch
    groups.forEach((key, all) -> {
      if (!joins(key, all)) {
        work.judge(key, all);
      }
    });
    groups.forEach((key, all) -> {
      if (joins(key, all)) {
        work.judge(key, all);
      }
    });
    work.storms.forEach(work::storm);
    return new Result(told.size(), work.alarms, work.cases);
  }

  private boolean joins(Key key, List<AlarmQueue.Told> all) {
    return policy
        .rule(key.word(), all.getLast().warning().severity())
        .map(rule -> !rule.joins().isEmpty())
        .orElse(false);
  }

  /** One batch's. */
  private final class Work {
    private final MeterRegistry.Changes changes;
    private final Tx tx;
    private final Instant now;
    private final Set<Key> open;
    private final Set<Long> alarms = new LinkedHashSet<>();
    private final Set<Long> cases = new LinkedHashSet<>();
    private final Map<String, List<AlarmQueue.Told>> storms = new LinkedHashMap<>();

    Work(MeterRegistry.Changes changes, Instant now, Set<Key> open) {
      this.open = open;
      this.changes = changes;
      this.tx = changes.tx();
      this.now = now;
    }

    void judge(Key key, List<AlarmQueue.Told> all) {
      Warning last = all.getLast().warning();
      Optional<String> over = policy.ends(key.word());
      if (over.isPresent()) {
        Judgement.this
            .alarms
            .over(tx, key.meter(), over.get(), last.at(), now)
            .ifPresent(alarms::add);
        return;
      }
      Optional<TamperPolicy.Rule> rule = policy.rule(key.word(), last.severity());
      List<AlarmQueue.Told> told = rule.isPresent() ? news(key, all) : List.of();
      if (rule.isEmpty() || told.isEmpty()) {
        return;
      }
      if (rule.get().mayBeGrouped() && !open.contains(key) && !fresh.within(key.word(), now)) {
        storms.computeIfAbsent(key.word(), w -> new ArrayList<>()).addAll(told);
        return;
      }
      Optional<String> other =
          rule.get().joins().isEmpty()
              ? Optional.empty()
              : Judgement.this.alarms.openLike(tx, key.meter(), rule.get().joins(), key.word());
      if (other.isPresent()) {
        alarms.add(Judgement.this.alarms.join(tx, key.meter(), other.get(), told, now));
        return;
      }
      raise(key, rule.get(), told);
    }

    /** What the meter's log tells of an alarm that was closed since is no news. */
    private List<AlarmQueue.Told> news(Key key, List<AlarmQueue.Told> all) {
      return all.stream()
          .filter(t ->
              t.warning().source() != Warning.Source.LOGGED
                  || !Judgement.this.alarms.settled(tx, key.meter(), key.word(), t.warning().at()))
          .toList();
    }

    private void raise(Key key, TamperPolicy.Rule rule, List<AlarmQueue.Told> told) {
      Warning last = told.getLast().warning();
      Optional<Long> caseId = Optional.empty();
      if (rule.opensCase()) {
        long id = store.cases().open(tx, key.meter(), rule.severity(), DESK, last.text(), now).id();
        caseId = Optional.of(id);
        cases.add(id);
      }
      AlarmWriter.Written written =
          Judgement.this.alarms.write(
              tx,
              new AlarmWriter.Told(
                  key.meter(),
                  key.word(),
                  rule.severity(),
                  last.text(),
                  policy.lasting(key.word()),
                  told),
              now,
              caseId);
      alarms.add(written.alarm());
      Judgement.this.alarms.evidence(
          tx,
          written.alarm(),
          told.stream().filter(t -> evidence.within(written.alarm(), now)).toList());
      caseId.ifPresent(id -> {
        if (written.fresh()) {
          step(id, MeterCase.What.ALARM, key.word() + ": " + last.text());
        }
        if (rule.quarantines()) {
          quarantine(id, key, told);
        }
        if (revokes(rule, key)) {
          revoke(id, last.meter(), key.word());
        }
      });
    }

    private void quarantine(long caseId, Key key, List<AlarmQueue.Told> told) {
      MeterId meter = told.getFirst().warning().meter();
      Instant since = told.stream().map(this::began).min(Instant::compareTo).orElse(now);
      boolean fresh = changes.state(meter, Meter.State.ACTIVE, Meter.State.QUARANTINED);
      if (fresh || quarantined(meter)) {
        store.holds().begin(tx, key.meter(), since, caseId, key.word(), DESK, now);
      }
      if (fresh) {
        step(caseId, MeterCase.What.QUARANTINED, "Its readings are held from " + since + " on");
        audit("meter.quarantined", meter + " case " + caseId + ": " + key.word());
      }
    }

    private boolean quarantined(MeterId meter) {
      return store
          .meters()
          .byId(meter)
          .map(m -> m.state() == Meter.State.QUARANTINED)
          .orElse(false);
    }

    /** When it happened: by the meter's clock as far as that is believed. */
    private Instant began(AlarmQueue.Told told) {
      Instant at = told.warning().at();
      Instant received = told.received();
      return at.isBefore(received) && at.isAfter(received.minus(BELIEVED)) ? at : received;
    }

    private boolean revokes(TamperPolicy.Rule rule, Key key) {
      return rule.revokes()
          || !rule.revokesWith().isEmpty()
              && Judgement.this.alarms.open(tx, key.meter(), rule.revokesWith()).isPresent();
    }

    private void revoke(long caseId, MeterId meter, String word) {
      int revoked = changes.revokeKeys(meter);
      if (revoked > 0) {
        step(
            caseId,
            MeterCase.What.KEYS_REVOKED,
            revoked + " of its keys are out of force: nothing under them is taken any more");
        audit("meter.keys-revoked", meter + " case " + caseId + ": " + word);
      }
    }

    private void storm(String word, List<AlarmQueue.Told> told) {
      Warning last = told.getLast().warning();
      // one a meter: they are counted as meters
      Map<Integer, AlarmQueue.Told> byMeter = new LinkedHashMap<>();
      told.forEach(t -> byMeter.put(t.number(), t));
      AlarmWriter.Written written =
          Judgement.this.alarms.write(
              tx,
              new AlarmWriter.Told(
                  AlarmWriter.MANY,
                  word,
                  last.severity(),
                  "Many meters at once: " + last.text(),
                  false,
                  List.copyOf(byMeter.values())),
              now,
              Optional.empty());
      alarms.add(written.alarm());
    }

    private void step(long caseId, MeterCase.What what, String note) {
      store.cases().step(tx, caseId, what, DESK, note, now);
    }

    private void audit(String action, String detail) {
      store.auditLog().append(tx, DESK, action, detail.getBytes(StandardCharsets.UTF_8));
    }
  }
}

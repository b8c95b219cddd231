package org.gridwarden.headend.tamper;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Tx;
import org.gridwarden.headend.LiveEvent;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.store.Alarm;
import org.gridwarden.store.Holds;
import org.gridwarden.store.MeterCase;
import org.gridwarden.store.MeterRegistry;
import org.gridwarden.store.Store;

/**
 * What people decide about alarms, cases and quarantined meters. Nothing that was held becomes
 * billable by one person alone: one gives the verdict by closing the case, another releases. Each
 * act is audited in its own transaction. Thread-safe.
 */
public final class CaseOffice {
  private static final int MOST_WORDS = 4_000;

  private final Store store;
  private final LiveFeed live;
  private final InstantSource clock;

  public CaseOffice(Store store, LiveFeed live, InstantSource clock) {
    this.store = store;
    this.live = live;
    this.clock = clock;
  }

  /**
   * Takes notice of an alarm.
   *
   * @throws CaseFault where there is none, or somebody took notice before
   */
  public Alarm acknowledge(long id, Actor by) {
    call(tx -> {
      if (store.alarms().find(tx, id).isEmpty()) {
        throw new CaseFault(Fault.Code.MALFORMED, "alarm " + id, "there is no such alarm");
      }
      if (!store.alarms().acknowledge(tx, id, by.name(), clock.instant())) {
        throw new CaseFault(
            Fault.Code.CONFLICT, "alarm " + id, "it is not open: somebody took notice before");
      }
      audit(tx, by, "alarm.acknowledged", String.valueOf(id));
      return id;
    });
    Alarm alarm = store.alarms().find(id).orElseThrow();
    live.publish(new LiveEvent.AlarmMoved(alarm));
    return alarm;
  }

  /**
   * Adds a person's words to a case, open or closed.
   *
   * @throws CaseFault where there is none, or the words are none or too many
   */
  public MeterCase note(long id, String words, Actor by) {
    String note = words("note", words);
    call(tx -> {
      known(tx, id);
      store.cases().step(tx, id, MeterCase.What.NOTE, by, note, clock.instant());
      audit(tx, by, "case.noted", "case " + id + ": " + note);
      return id;
    });
    return told(id);
  }

  /**
   * Closes a case, and its alarms with it. What was held stays held, and the meter in quarantine.
   *
   * @throws CaseFault where there is none, or it is closed
   */
  public MeterCase close(long id, MeterCase.Verdict verdict, String words, Actor by) {
    String note = words("note", words);
    call(tx -> {
      known(tx, id);
      if (!store.cases().close(tx, id, verdict, by.name(), clock.instant())) {
        throw new CaseFault(Fault.Code.CONFLICT, "case " + id, "it is closed already");
      }
      store
          .cases()
          .step(tx, id, MeterCase.What.CLOSED, by, verdict.word() + ": " + note, clock.instant());
      audit(tx, by, "case.closed", "case " + id + " " + verdict.word() + ": " + note);
      return id;
    });
    store.alarms().ofCase(id).forEach(alarm -> live.publish(new LiveEvent.AlarmMoved(alarm)));
    return told(id);
  }

  /**
   * Puts a meter in quarantine by hand: a case is opened, or added to, and its readings are held
   * from now on.
   *
   * @throws CaseFault where it is not in service
   */
  public MeterCase quarantine(MeterId meter, String reason, Actor by) {
    String why = words("reason", reason);
    Instant now = clock.instant();
    long id =
        store
            .meters()
            .changing(changes -> {
              Tx tx = changes.tx();
              if (!changes.state(meter, Meter.State.ACTIVE, Meter.State.QUARANTINED)) {
                throw new CaseFault(
                    Fault.Code.CONFLICT,
                    "meter " + meter,
                    "it is not in service, or in quarantine");
              }
              int number = store.meters().number(meter);
              long opened = store.cases().open(tx, number, Severity.ATTENTION, by, why, now).id();
              store.holds().begin(tx, number, now, opened, why, by, now);
              store
                  .cases()
                  .step(
                      tx,
                      opened,
                      MeterCase.What.QUARANTINED,
                      by,
                      why + ". Its readings are held from " + now + " on",
                      now);
              audit(tx, by, "meter.quarantined", meter + " case " + opened + ": " + why);
              return opened;
            });
    return told(id);
  }

  /**
   * Ends a meter's quarantine, where it is in one, and releases what is held of a span for billing;
   * what lies outside the span stays held until it is released, too.
   *
   * @param from the span's beginning; empty: of all that is held
   * @param to the span's end; empty: until now
   * @throws CaseFault where nothing is held, the case is open, or the person gave its verdict
   */
  public MeterCase release(
      MeterId meter, String reason, Optional<Instant> from, Optional<Instant> to, Actor by) {
    String why = words("reason", reason);
    Instant now = clock.instant();
    long id = store.meters().changing(changes -> release(changes, meter, why, from, to, by, now));
    return told(id);
  }

  private long release(
      MeterRegistry.Changes changes,
      MeterId meter,
      String why,
      Optional<Instant> from,
      Optional<Instant> to,
      Actor by,
      Instant now) {
    Tx tx = changes.tx();
    MeterCase about =
        store
            .cases()
            .latest(tx, meter)
            .orElseThrow(() ->
                new CaseFault(Fault.Code.CONFLICT, "meter " + meter, "nothing of it is held"));
    if (about.closed().isEmpty()) {
      throw new CaseFault(
          Fault.Code.CONFLICT,
          "case " + about.id(),
          "it is open: somebody closes it with a verdict first, and another person releases");
    }
    if (about.closedBy().equals(by.name())) {
      throw new CaseFault(
          Fault.Code.FORBIDDEN,
          "case " + about.id(),
          "its verdict is yours: another person releases");
    }
    Optional<Instant> first = store.holds().held(meter).stream().map(Holds.Span::from).findFirst();
    boolean ended = changes.state(meter, Meter.State.QUARANTINED, Meter.State.ACTIVE);
    if (!ended && first.isEmpty()) {
      throw new CaseFault(Fault.Code.CONFLICT, "meter " + meter, "nothing of it is held");
    }
    store.holds().end(tx, meter, now);
    Holds.Span span = new Holds.Span(from.or(() -> first).orElse(now), to.orElse(now));
    if (!span.from().isBefore(span.to())) {
      throw new CaseFault(Fault.Code.MALFORMED, "from", "is before to");
    }
    store.holds().release(tx, meter, new Holds.Release(now, span, by.name(), why));
    String words = why + ". Released from " + span.from() + " to " + span.to();
    store.cases().step(tx, about.id(), MeterCase.What.RELEASED, by, words, now);
    audit(tx, by, "meter.released", meter + " case " + about.id() + ": " + words);
    return about.id();
  }

  private MeterCase known(Tx tx, long id) {
    return store
        .cases()
        .hold(tx, id)
        .orElseThrow(
            () -> new CaseFault(Fault.Code.MALFORMED, "case " + id, "there is no such case"));
  }

  private MeterCase told(long id) {
    MeterCase now = store.cases().find(id).orElseThrow();
    live.publish(new LiveEvent.CaseMoved(now));
    return now;
  }

  private void call(Function<Tx, Long> work) {
    Long unused = store.unitOfWork().call(work);
  }

  private void audit(Tx tx, Actor by, String action, String detail) {
    store.auditLog().append(tx, by, action, detail.getBytes(StandardCharsets.UTF_8));
  }

  private static String words(String name, String given) {
    String words = given.strip();
    if (words.isEmpty() || words.length() > MOST_WORDS) {
      throw new CaseFault(
          Fault.Code.MALFORMED, name, "says why, in 1 to " + MOST_WORDS + " characters");
    }
    return words;
  }
}

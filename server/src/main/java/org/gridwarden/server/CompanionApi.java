package org.gridwarden.server;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.vee.FeederBalance;
import org.gridwarden.store.Companions;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Which meters are held against each other, and what feeders lose. */
@RestController
@RequestMapping("/api/v1")
class CompanionApi {
  private static final BigDecimal MOST_LOSS = BigDecimal.valueOf(50);

  private final Office office;
  private final FeederBalance balance;

  CompanionApi(Office office) {
    this.office = office;
    this.balance = new FeederBalance(office.store());
  }

  /**
   * A meter and another one.
   *
   * @param kind sibling, which runs alike, or check, which measures the same
   */
  record CompanionView(String meter, String other, String kind, String since, String saidBy) {
    static CompanionView of(Companions.Companion one) {
      return new CompanionView(
          one.meter().value(),
          one.other().value(),
          one.kind().word(),
          one.since().toString(),
          one.saidBy());
    }
  }

  /**
   * What goes with a meter.
   *
   * @param sibling a meter that runs alike; empty for none, null to leave it as it is
   * @param check a meter that measures the same; empty for none, null to leave it as it is
   */
  record NewCompanions(@Nullable String sibling, @Nullable String check) {}

  /**
   * A feeder that is measured.
   *
   * @param meter which measures all of it
   * @param mostLoss per cent of what it measured, a decimal string
   * @param meters how many hang on it
   */
  record FeederView(
      String feeder, String meter, String mostLoss, int meters, String since, String saidBy) {}

  /**
   * Who measures a feeder.
   *
   * @param meter empty for nobody any more
   * @param mostLoss per cent, above 0 and at most 50, a decimal string
   */
  record NewFeeder(@Nullable String meter, @Nullable String mostLoss) {}

  /**
   * A feeder's day.
   *
   * @param supplied what its meter measured, in Wh; null where that is not known
   * @param delivered what the others measured together, in Wh
   * @param meters how many there are
   * @param unknown of how many the day is not known whole
   * @param lossPercent null where the day cannot be judged
   * @param within whether no more is lost than may be; null where the day cannot be judged
   */
  record FeederDay(
      String day,
      @Nullable Long supplied,
      long delivered,
      int meters,
      int unknown,
      @Nullable String lossPercent,
      @Nullable Boolean within) {}

  @GetMapping("/companions")
  ReadingApi.Items<CompanionView> companions() {
    return new ReadingApi.Items<>(
        office.store().companions().all().stream().map(CompanionView::of).toList());
  }

  @PutMapping("/companions/{id}")
  ReadingApi.Items<CompanionView> put(@PathVariable String id, @RequestBody NewCompanions fresh) {
    MeterId meter = known(id);
    set(meter, Companions.Kind.SIBLING, fresh.sibling());
    set(meter, Companions.Kind.CHECK, fresh.check());
    return new ReadingApi.Items<>(
        office.store().companions().of(meter).stream().map(CompanionView::of).toList());
  }

  private void set(MeterId meter, Companions.Kind kind, @Nullable String other) {
    if (other == null) {
      return;
    }
    if (other.isEmpty()) {
      var unused = office.store().companions().remove(meter, kind, Audit.actor());
    } else {
      office.store().companions().put(meter, known(other), kind, Audit.actor());
    }
  }

  @GetMapping("/feeders")
  ReadingApi.Items<FeederView> feeders() {
    return new ReadingApi.Items<>(
        office.store().companions().feeders().stream().map(this::view).toList());
  }

  private FeederView view(Companions.FeederMeter feeder) {
    return new FeederView(
        feeder.feeder(),
        feeder.meter().value(),
        feeder.mostLoss().toPlainString(),
        office.store().companions().on(feeder.feeder()).size(),
        feeder.since().toString(),
        feeder.saidBy());
  }

  @PutMapping("/feeders/{feeder}")
  ReadingApi.Items<FeederView> feeder(@PathVariable String feeder, @RequestBody NewFeeder fresh) {
    if (feeder.length() > 64) {
      throw Requests.wrong("feeder", "has at most 64 characters");
    }
    if (fresh.meter() == null) {
      throw Requests.wrong("meter", "is missing");
    }
    if (fresh.meter().isEmpty()) {
      var unused = office.store().companions().removeFeeder(feeder, Audit.actor());
    } else {
      String text = Requests.needed("mostLoss", fresh.mostLoss());
      if (!text.matches("[0-9]{1,2}(\\.[0-9]{1,3})?")
          || new BigDecimal(text).signum() == 0
          || new BigDecimal(text).compareTo(MOST_LOSS) > 0) {
        throw Requests.wrong("mostLoss", "is a decimal string above 0 and at most 50, per cent");
      }
      office
          .store()
          .companions()
          .feeder(feeder, known(fresh.meter()), new BigDecimal(text), Audit.actor());
    }
    return new ReadingApi.Items<>(
        office.store().companions().feeders().stream()
            .filter(f -> f.feeder().equals(feeder))
            .map(this::view)
            .toList());
  }

  @GetMapping("/feeders/{feeder}/balance")
  ReadingApi.Items<FeederDay> balance(
      @PathVariable String feeder, @RequestParam String firstDay, @RequestParam String lastDay) {
    BigDecimal most =
        office.store().companions().feeders().stream()
            .filter(f -> f.feeder().equals(feeder))
            .map(Companions.FeederMeter::mostLoss)
            .findFirst()
            .orElseThrow(() ->
                FaultException.notFound("feeder", "no meter measures it: say which one does"));
    List<FeederBalance.Day> days =
        balance.days(feeder, day("firstDay", firstDay), day("lastDay", lastDay).plusDays(1));
    return new ReadingApi.Items<>(days.stream().map(d -> view(d, most)).toList());
  }

  private static FeederDay view(FeederBalance.Day day, BigDecimal most) {
    return new FeederDay(
        day.date().toString(),
        day.supplied().isPresent() ? day.supplied().getAsLong() : null,
        day.delivered(),
        day.meters(),
        day.unknown(),
        day.known()
            ? BigDecimal.valueOf(day.lossPercent())
                .setScale(2, RoundingMode.HALF_UP)
                .toPlainString()
            : null,
        day.known() ? Math.abs(day.lossPercent()) <= most.doubleValue() : null);
  }

  private MeterId known(String id) {
    MeterId meter = Requests.meter(id);
    if (office.store().meters().byId(meter).isEmpty()) {
      throw FaultException.notFound("meter", "there is no meter " + id);
    }
    return meter;
  }

  static LocalDate day(String name, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw Requests.wrong(name, "is a day such as 2026-11-24");
    }
  }
}

package org.gridwarden.server;

import java.math.BigDecimal;
import java.time.Instant;
import org.gridwarden.core.Meter;
import org.gridwarden.mdm.outlet.InUse;
import org.gridwarden.mdm.outlet.OutletState;
import org.gridwarden.mdm.outlet.Outlets;
import org.gridwarden.store.Outlet;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A power strip's outlets: named, placed, and how they stand. */
@RestController
@RequestMapping("/api/v1/meters/{id}/outlets")
class OutletApi {
  private final Office office;
  private final Outlets outlets;

  OutletApi(Office office) {
    this.office = office;
    this.outlets = new Outlets(office.store());
  }

  /**
   * An outlet; powers in W and energies in Wh, as decimal strings.
   *
   * @param on null where it has not told
   * @param told when it told its power last
   * @param inUse whether it takes more than standbyWatts; null where it has not told lately
   * @param since from when on it is in use, or is not
   * @param longer whether it has been so from before since, which is as far as was looked
   * @param today taken since the civil day began
   * @param wholeDay whether that is known from the day's beginning on
   * @param saidBy who gave it its name; empty where nobody did
   */
  record OutletView(
      int outlet,
      String name,
      String place,
      String appliance,
      int standbyWatts,
      @Nullable Boolean on,
      @Nullable String watts,
      @Nullable String told,
      @Nullable Boolean inUse,
      @Nullable String since,
      @Nullable Boolean longer,
      @Nullable String today,
      boolean wholeDay,
      @Nullable String register,
      String saidBy) {
    static OutletView of(OutletState state, boolean office) {
      Outlet outlet = state.outlet();
      return new OutletView(
          outlet.number(),
          outlet.name(),
          outlet.place(),
          outlet.appliance(),
          outlet.standbyWatts(),
          state.on().orElse(null),
          state.watts().map(BigDecimal::toPlainString).orElse(null),
          state.told().map(Instant::toString).orElse(null),
          state.use().map(InUse::now).orElse(null),
          state.use().map(u -> u.since().toString()).orElse(null),
          state.use().map(InUse::longer).orElse(null),
          state.today().map(BigDecimal::toPlainString).orElse(null),
          state.wholeDay(),
          state.register().map(BigDecimal::toPlainString).orElse(null),
          office ? outlet.saidBy() : "");
    }
  }

  /**
   * What is said of an outlet; what is null stays as it is.
   *
   * @param name how it is called, at most 64 characters
   * @param place where it is, likewise
   * @param appliance what is plugged in, likewise
   * @param standbyWatts up to so many watts it is not in use, 0 to 5,000
   */
  record NewOutlet(
      @Nullable String name,
      @Nullable String place,
      @Nullable String appliance,
      @Nullable Integer standbyWatts) {}

  @GetMapping
  ReadingApi.Items<OutletView> outlets(@PathVariable String id) {
    return views(office.known(id));
  }

  @PutMapping("/{outlet}")
  ReadingApi.Items<OutletView> name(
      @PathVariable String id, @PathVariable int outlet, @RequestBody NewOutlet fresh) {
    Meter meter = office.known(id);
    Requests.within("outlet", outlet, 1, Outlet.MOST);
    Outlet before =
        office.store().outlets().of(meter.id()).stream()
            .filter(o -> o.number() == outlet)
            .findFirst()
            .orElse(
                new Outlet(
                    meter.id(), outlet, "", "", "", Outlet.USUAL_STANDBY, Instant.EPOCH, ""));
    int standby =
        fresh.standbyWatts() == null
            ? before.standbyWatts()
            : Requests.within("standbyWatts", fresh.standbyWatts(), 0, Outlet.MOST_STANDBY);
    office
        .store()
        .outlets()
        .put(
            new Outlet(
                meter.id(),
                outlet,
                word("name", fresh.name(), before.name()),
                word("place", fresh.place(), before.place()),
                word("appliance", fresh.appliance(), before.appliance()),
                standby,
                Instant.EPOCH,
                ""),
            Audit.actor());
    return views(meter);
  }

  private ReadingApi.Items<OutletView> views(Meter meter) {
    boolean staff = OwnMeters.consumer().isEmpty();
    return new ReadingApi.Items<>(
        outlets.of(meter, OwnMeters.since(), office.clock().instant()).stream()
            .map(state -> OutletView.of(state, staff))
            .toList());
  }

  private static String word(String field, @Nullable String fresh, String before) {
    if (fresh == null) {
      return before;
    }
    String word = fresh.strip();
    if (word.length() > Outlet.LONGEST || word.chars().anyMatch(Character::isISOControl)) {
      throw Requests.wrong(
          field, "has at most " + Outlet.LONGEST + " characters and no control characters");
    }
    return word;
  }
}

package org.gridwarden.server;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billrun.VirtualReadings;
import org.gridwarden.store.VirtualMeterBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Meters that nobody put up: sums, differences and losses of others. */
@RestController
@RequestMapping("/api/v1/virtual-meters")
class VirtualMeterApi {
  private final Office office;
  private final VirtualReadings readings;

  VirtualMeterApi(Office office) {
    this.office = office;
    this.readings = new VirtualReadings(office.store());
  }

  /**
   * A virtual meter.
   *
   * @param zone by which its days count
   * @param servicePoint where it is billed; empty where nowhere
   * @param formula of which meters it is made
   * @param ended since when it is no more used; null while it is
   */
  record VirtualView(
      String id,
      String zone,
      String servicePoint,
      String formula,
      String made,
      String madeBy,
      @Nullable String ended) {
    static VirtualView of(VirtualMeterBook.Virtual one) {
      return new VirtualView(
          one.id(),
          one.zone().getId(),
          one.servicePoint(),
          one.formula(),
          one.made().toString(),
          one.madeBy(),
          one.ended().map(Instant::toString).orElse(null));
    }
  }

  /**
   * A virtual meter to be made.
   *
   * @param formula such as main - flat-1 - flat-2; signs stand apart from names
   */
  record NewVirtual(
      @Nullable String id,
      @Nullable String zone,
      @Nullable String servicePoint,
      @Nullable String formula) {}

  /**
   * What a virtual meter measured.
   *
   * @param start of the first slot
   * @param slotSeconds how long a slot is
   * @param kwh one a slot, decimal strings; null where one of its meters has no value
   */
  record VirtualSlots(String id, String start, int slotSeconds, List<@Nullable String> kwh) {}

  @GetMapping
  ReadingApi.Items<VirtualView> list() {
    List<VirtualView> all = new ArrayList<>();
    List<VirtualMeterBook.Virtual> page;
    String after = "";
    do {
      page = office.store().virtualMeters().all(after);
      page.forEach(one -> all.add(VirtualView.of(one)));
      after = page.isEmpty() ? after : page.getLast().id();
    } while (page.size() == 1_000);
    return new ReadingApi.Items<>(all);
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  VirtualView make(@RequestBody NewVirtual fresh) {
    String id = Requests.needed("id", fresh.id());
    if (!id.matches("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")) {
      throw Requests.wrong("id", "has 1 to 64 letters, digits and . _ : -");
    }
    String point = fresh.servicePoint() == null ? "" : fresh.servicePoint();
    if (point.length() > 100) {
      throw Requests.wrong("servicePoint", "has at most 100 characters");
    }
    ZoneId zone;
    try {
      zone = ZoneId.of(Requests.needed("zone", fresh.zone()));
    } catch (DateTimeException e) {
      throw Requests.wrong("zone", "is a time zone such as Europe/Zurich");
    }
    String formula = fresh.formula();
    if (formula == null || formula.isBlank()) {
      throw Requests.wrong("formula", "is missing");
    }
    return VirtualView.of(
        readings.make(
            new VirtualMeterBook.Virtual(
                id, zone, point, formula, Instant.EPOCH, "", Optional.empty()),
            Audit.actor()));
  }

  @PostMapping("/{id}/end")
  VirtualView end(@PathVariable String id) {
    var unused = office.store().virtualMeters().end(id, Audit.actor());
    return office
        .store()
        .virtualMeters()
        .find(id)
        .map(VirtualView::of)
        .orElseThrow(() -> FaultException.notFound("id", "there is no such virtual meter"));
  }

  @GetMapping("/{id}/readings")
  VirtualSlots read(
      @PathVariable String id, @RequestParam String firstDay, @RequestParam String lastDay) {
    LocalDate first = CompanionApi.day("firstDay", firstDay);
    LocalDate last = CompanionApi.day("lastDay", lastDay);
    if (office.store().virtualMeters().find(id).isEmpty()) {
      throw FaultException.notFound("id", "there is no such virtual meter");
    }
    Load load = readings.read(id, first, last.plusDays(1));
    List<@Nullable String> kwh = new ArrayList<>(load.values().length);
    for (long value : load.values()) {
      kwh.add(
          value == Load.MISSING ? null : BigDecimal.valueOf(value, load.scale()).toPlainString());
    }
    return new VirtualSlots(id, load.start().toString(), load.seconds(), kwh);
  }
}

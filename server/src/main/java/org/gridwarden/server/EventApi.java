package org.gridwarden.server;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;
import org.gridwarden.store.Events;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What happened at meters. */
@RestController
@RequestMapping("/api/v1")
class EventApi {
  private final Office office;

  EventApi(Office office) {
    this.office = office;
  }

  /** An event at a meter. */
  record EventView(String id, String meter, String at, String code, String severity, String text) {
    static EventView of(Warning warning) {
      return new EventView(
          warning.id().value().toString(),
          warning.meter().value(),
          warning.at().toString(),
          warning.code(),
          warning.severity().name(),
          warning.text());
    }
  }

  @GetMapping("/events")
  MeterApi.Page<EventView> events(
      @RequestParam @Nullable String meter,
      @RequestParam @Nullable String severity,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "50") int size) {
    Optional<MeterId> of =
        meter == null || meter.isEmpty() ? Optional.empty() : Optional.of(Requests.meter(meter));
    return page(of, severity, from, to, page, size);
  }

  @GetMapping("/meters/{id}/events")
  MeterApi.Page<EventView> ofMeter(
      @PathVariable String id,
      @RequestParam @Nullable String severity,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "50") int size) {
    MeterId meter = office.known(id).id();
    return page(Optional.of(meter), severity, from, to, page, size);
  }

  private MeterApi.Page<EventView> page(
      Optional<MeterId> meter,
      @Nullable String severity,
      @Nullable String from,
      @Nullable String to,
      int page,
      int size) {
    Events.Query all = Events.Query.all();
    Severity least = all.atLeast();
    Severity most = all.atMost();
    if (severity != null && !severity.isEmpty()) {
      least = severity(severity);
      most = least;
    }
    Instant begin = from == null || from.isEmpty() ? all.from() : Requests.instant("from", from);
    Instant end = to == null || to.isEmpty() ? all.to() : Requests.instant("to", to);
    Events.Page found =
        office
            .store()
            .events()
            .page(
                new Events.Query(meter, least, most, begin, end),
                Requests.within("page", page, 0, 100_000),
                Requests.within("size", size, 1, 1_000));
    return new MeterApi.Page<>(
        found.items().stream().map(EventView::of).toList(), found.total(), page, size);
  }

  private static Severity severity(String word) {
    try {
      return Severity.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("severity", "is info, attention, fault or critical");
    }
  }
}

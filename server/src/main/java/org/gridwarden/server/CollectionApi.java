package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.Billing;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.headend.Collection;
import org.gridwarden.headend.CollectionSettings;
import org.gridwarden.store.CollectionReport;
import org.gridwarden.store.CollectionTurn.Schedule;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Meters that are read: how the schedules stand, and reading one now. */
@RestController
@RequestMapping("/api/v1")
class CollectionApi {
  private final Office office;
  private final CollectionSettings settings;

  CollectionApi(Office office, GridwardenConfig config) {
    this.office = office;
    this.settings = config.collection();
  }

  /** A schedule; {@code share} is what part of the slots that should be there is, in percent. */
  record ScheduleView(
      String schedule,
      long everySeconds,
      long meters,
      long due,
      long failing,
      long complete,
      long missing,
      long expected,
      String share) {
    static ScheduleView of(CollectionReport.State state, Duration every) {
      return new ScheduleView(
          state.schedule().name().toLowerCase(Locale.ROOT),
          every.toSeconds(),
          state.meters(),
          state.due(),
          state.failing(),
          state.complete(),
          state.missing(),
          state.expected(),
          share(state));
    }

    /** Of billing, which has no slots, the part of the meters that were read. */
    private static String share(CollectionReport.State state) {
      boolean slots = state.schedule() == Schedule.PROFILES;
      long all = slots ? state.expected() : state.meters();
      long there = slots ? state.expected() - state.missing() : state.complete();
      // cut, not rounded: 100 is said of all only
      long hundredths = all == 0 ? 0 : there * 10_000 / all;
      return hundredths / 100 + "." + String.format(Locale.ROOT, "%02d", hundredths % 100);
    }
  }

  /** A meter that is read; the clock's offset in milliseconds, positive where it is fast. */
  record StandingView(
      String meter,
      String link,
      @Nullable String billed,
      @Nullable String read,
      String due,
      int failures,
      int missing,
      int expected,
      @Nullable Long clockOffMs,
      String fault) {
    static StandingView of(CollectionReport.Standing row) {
      return new StandingView(
          row.meter().value(),
          row.link(),
          row.billed().map(Instant::toString).orElse(null),
          row.read().map(Instant::toString).orElse(null),
          row.due().toString(),
          row.failures(),
          row.missing(),
          row.expected(),
          row.clockOff().map(Duration::toMillis).orElse(null),
          row.fault());
    }
  }

  /** How collection stands. */
  record CollectionView(
      boolean enabled,
      int running,
      int waiting,
      List<ScheduleView> schedules,
      MeterApi.Page<StandingView> meters) {}

  /** A register that was read. */
  record RegisterRead(String obis, String name, String at, String value, String unit) {
    static RegisterRead of(Reading reading) {
      return new RegisterRead(
          reading.channel().toString(),
          ChannelNames.of(reading.channel()),
          reading.at().toString(),
          reading.value().plain(),
          reading.value().unit().symbol());
    }
  }

  /** What reading a meter gave; all of it is stored. */
  record ReadView(
      String meter,
      List<RegisterRead> registers,
      int intervals,
      @Nullable String firstInterval,
      @Nullable String lastInterval,
      List<EventApi.EventView> events) {}

  /** How a meter is reached; what is left out is empty. */
  record ReachBody(
      @Nullable String address,
      @Nullable String link,
      @Nullable String client,
      @Nullable String companion) {
    Reach reach() {
      try {
        return new Reach(text(address), text(link), text(client), text(companion));
      } catch (IllegalArgumentException e) {
        throw Requests.wrong("body", String.valueOf(e.getMessage()));
      }
    }

    private static String text(@Nullable String text) {
      return text == null ? "" : text.strip();
    }
  }

  @GetMapping("/collection")
  CollectionView collection(
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "50") int size) {
    Requests.within("page", page, 0, 1_000_000);
    Requests.within("size", size, 1, 1_000);
    if (q.length() > 100) {
      throw Requests.wrong("q", "is too long");
    }
    CollectionReport report = office.store().collection().report();
    CollectionReport.Page meters = report.page(q, page, size);
    Collection.State state = office.collection().state();
    return new CollectionView(
        settings.enabled(),
        state.running(),
        state.waiting(),
        report.states(office.clock().instant()).stream()
            .map(s -> ScheduleView.of(s, every(s.schedule())))
            .toList(),
        new MeterApi.Page<>(
            meters.items().stream().map(StandingView::of).toList(), meters.total(), page, size));
  }

  private Duration every(Schedule schedule) {
    return schedule == Schedule.BILLING ? settings.billingEvery() : settings.profilesEvery();
  }

  @PostMapping("/meters/{id}/read")
  ReadView read(@PathVariable String id) throws InterruptedException {
    MeterId meter = office.known(id).id();
    Audit.note(office, "meter.read", meter.value().getBytes(StandardCharsets.UTF_8));
    try {
      return view(meter, office.collection().read(meter));
    } catch (ChannelException e) {
      throw fault(e.fault());
    }
  }

  @PutMapping("/meters/{id}/reach")
  MeterApi.MeterView reach(@PathVariable String id, @RequestBody ReachBody body) {
    Meter meter = office.known(id);
    Reach reach = body.reach();
    office.store().meters().setReach(meter.id(), reach);
    Audit.note(office, "meter.reach", (meter.id() + " " + reach).getBytes(StandardCharsets.UTF_8));
    return MeterApi.MeterView.of(
        office.store().meters().row(meter.id()).orElseThrow(Office::unknownMeter));
  }

  private static ReadView view(MeterId meter, List<Message> messages) {
    List<RegisterRead> registers = new ArrayList<>();
    List<EventApi.EventView> events = new ArrayList<>();
    List<Instant> intervals = new ArrayList<>();
    for (Message message : messages) {
      switch (message) {
        case Billing billing ->
            billing.registers().forEach(reading -> registers.add(RegisterRead.of(reading)));
        case Usage usage -> {
          usage.momentary().forEach(reading -> registers.add(RegisterRead.of(reading)));
          usage.slots().forEach(slot -> intervals.add(slot.start()));
          usage.captures().forEach(capture -> intervals.add(capture.at()));
        }
        case Warning warning -> events.add(EventApi.EventView.of(warning));
        default -> {}
      }
    }
    return new ReadView(
        meter.value(),
        registers,
        intervals.size(),
        end(intervals.stream().min(Instant::compareTo)),
        end(intervals.stream().max(Instant::compareTo)),
        events);
  }

  private static @Nullable String end(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }

  /** What the meter refuses, or does not prove, is no matter of the caller's own rights. */
  private static FaultException fault(Fault fault) {
    Fault.Code code =
        switch (fault.code()) {
          case FORBIDDEN, UNAUTHENTICATED, MALFORMED, REPLAYED -> Fault.Code.CONFLICT;
          case UNKNOWN_METER, TIMEOUT, BUSY, CONFLICT, INTERNAL -> fault.code();
        };
    return new FaultException(code, fault.where(), fault.remedy());
  }
}

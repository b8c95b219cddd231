package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.vee.VeeFault;
import org.gridwarden.mdm.vee.VeeRuns;
import org.gridwarden.store.MeterRow;
import org.gridwarden.store.VeeException;
import org.gridwarden.store.VeeExceptions;
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

/** What validation found, who settles it, and runs of validation. */
@RestController
@RequestMapping("/api/v1")
class ExceptionApi {
  private static final int MOST_AT_ONCE = 1_000;

  private final Office office;

  ExceptionApi(Office office) {
    this.office = office;
  }

  /**
   * What a rule found in a day of a meter's curve.
   *
   * @param words what a finding of the rule means
   * @param measured the figure measured, in unit
   * @param permitted what the rule permits
   * @param action flagged: the value stays, a person has to judge; estimated: others stand in
   * @param state open, accepted, edited or gone
   */
  record ExceptionView(
      long id,
      String meter,
      String channel,
      String channelName,
      String day,
      String since,
      String until,
      int slots,
      String rule,
      String words,
      double measured,
      double permitted,
      String unit,
      String action,
      String method,
      String state,
      String found,
      @Schema(types = {"string", "null"}) @Nullable String settled,
      String settledBy,
      String reason) {
    static ExceptionView of(VeeException one) {
      VeeException.What what = one.what();
      return new ExceptionView(
          one.id(),
          one.meter().value(),
          one.channel().obis().toString(),
          ChannelNames.of(one.channel().obis()),
          what.day().toString(),
          what.since().toString(),
          what.until().toString(),
          what.slots(),
          what.rule(),
          Rule.of(what.rule()).map(Rule::words).orElse(""),
          what.measured(),
          what.permitted(),
          what.unit(),
          what.estimated() ? "estimated" : "flagged",
          what.method(),
          one.state().word(),
          one.found().toString(),
          one.settled().map(Object::toString).orElse(null),
          one.settledBy(),
          one.reason());
    }
  }

  /** How many are open of a rule. */
  record OpenView(String rule, String words, long flagged, long estimated) {
    static OpenView of(VeeExceptions.Open open) {
      return new OpenView(
          open.rule(),
          Rule.of(open.rule()).map(Rule::words).orElse(""),
          open.flagged(),
          open.estimated());
    }
  }

  /** One, with the curve of its day. */
  record WholeException(ExceptionView about, String servicePoint, String zone, DayCurve curve) {}

  /** Why it may stand. */
  record Acceptance(@Nullable String reason) {}

  /** Which ones, and why they may stand. */
  record Acceptances(@Nullable List<Long> ids, @Nullable String reason) {}

  /** What became of each. */
  record Accepted(int accepted, List<NotAccepted> refused) {}

  /** One that could not be accepted. */
  record NotAccepted(long id, String why) {}

  /** The first slot's beginning, and a decimal string a slot in the channel's unit. */
  record EditBody(@Nullable String from, @Nullable List<String> values, @Nullable String reason) {}

  /** Which days that are over, of which meter; without: seven days of all meters. */
  record RunBody(@Nullable String meter, @Nullable Integer days) {}

  /** How far a run of validation is. */
  record RunView(
      String by,
      String started,
      @Schema(types = {"string", "null"}) @Nullable String ended,
      int days,
      int meters,
      int done,
      int findings,
      int versions,
      int opened,
      int failed,
      String firstFailure) {
    static RunView of(VeeRuns.Progress run) {
      return new RunView(
          run.by().name(),
          run.started().toString(),
          run.ended().map(Object::toString).orElse(null),
          run.days(),
          run.meters(),
          run.done(),
          run.findings(),
          run.versions(),
          run.opened(),
          run.failed(),
          run.firstFailure());
    }
  }

  @GetMapping("/exceptions")
  MeterApi.Page<ExceptionView> list(
      @RequestParam(defaultValue = "open") String state,
      @RequestParam(defaultValue = "") String rule,
      @RequestParam(defaultValue = "") String action,
      @RequestParam @Nullable String meter,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      @RequestParam(defaultValue = "-day") String sort,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "50") int size) {
    VeeExceptions.Page found =
        office
            .store()
            .veeExceptions()
            .page(
                new VeeExceptions.Query(
                    states(state),
                    rules(rule),
                    estimated(action),
                    of(meter),
                    day("from", from).orElse(LocalDate.of(1970, 1, 1)),
                    day("to", to).orElse(LocalDate.of(9999, 1, 1)),
                    latest(sort)),
                Requests.within("page", page, 0, 100_000),
                Requests.within("size", size, 1, 1_000));
    return new MeterApi.Page<>(
        found.items().stream().map(ExceptionView::of).toList(), found.total(), page, size);
  }

  @GetMapping("/exceptions/open")
  ReadingApi.Items<OpenView> open() {
    return new ReadingApi.Items<>(
        office.store().veeExceptions().open().stream().map(OpenView::of).toList());
  }

  @GetMapping("/exceptions/{id}")
  WholeException one(@PathVariable long id) {
    return whole(known(id));
  }

  @PostMapping("/exceptions/{id}/accept")
  WholeException accept(@PathVariable long id, @RequestBody Acceptance body) {
    known(id);
    return whole(
        office
            .back()
            .exceptions()
            .accept(id, Requests.needed("reason", body.reason()), Audit.actor()));
  }

  /** Each for itself: one that somebody else settled meanwhile stops none of the others. */
  @PostMapping("/exceptions/accept")
  Accepted acceptMany(@RequestBody Acceptances body) {
    String why = Requests.needed("reason", body.reason());
    Set<Long> ids = new LinkedHashSet<>(body.ids() == null ? List.of() : body.ids());
    if (ids.isEmpty() || ids.size() > MOST_AT_ONCE || ids.contains(null)) {
      throw Requests.wrong("ids", "are 1 to " + MOST_AT_ONCE + " numbers");
    }
    int accepted = 0;
    List<NotAccepted> refused = new ArrayList<>();
    for (long id : ids) {
      try {
        office.back().exceptions().accept(id, why, Audit.actor());
        accepted++;
      } catch (VeeFault e) {
        refused.add(new NotAccepted(id, e.fault().remedy()));
      }
    }
    return new Accepted(accepted, refused);
  }

  @PostMapping("/exceptions/{id}/edit")
  WholeException edit(@PathVariable long id, @RequestBody EditBody body) {
    known(id);
    Instant from = Requests.instant("from", Requests.needed("from", body.from()));
    return whole(
        office
            .back()
            .exceptions()
            .edit(
                id,
                from,
                values(body.values()),
                Requests.needed("reason", body.reason()),
                Audit.actor()));
  }

  @PostMapping("/exceptions/{id}/undo")
  WholeException undo(@PathVariable long id, @RequestBody Acceptance body) {
    known(id);
    return whole(
        office
            .back()
            .exceptions()
            .undo(id, Requests.needed("reason", body.reason()), Audit.actor()));
  }

  @GetMapping("/validation/runs")
  ReadingApi.Items<RunView> runs() {
    return new ReadingApi.Items<>(
        office.back().validation().last().map(RunView::of).stream().toList());
  }

  @PostMapping("/validation/runs")
  @ResponseStatus(HttpStatus.ACCEPTED)
  RunView run(@RequestBody RunBody body) {
    Optional<MeterId> meter = of(body.meter()).map(id -> office.known(id.value()).id());
    int days = Requests.within("days", body.days() == null ? 7 : body.days(), 1, VeeRuns.MOST_DAYS);
    VeeRuns.Progress begun =
        office
            .back()
            .validation()
            .start(meter, days, Audit.actor())
            .orElseThrow(() ->
                new FaultException(
                    Fault.Code.CONFLICT, "run", "another run is under way: wait for its end"));
    Audit.note(
        office,
        "vee.run",
        (days + " days of " + meter.map(MeterId::value).orElse(begun.meters() + " meters"))
            .getBytes(StandardCharsets.UTF_8));
    return RunView.of(begun);
  }

  private WholeException whole(VeeException one) {
    MeterRow row = office.store().meters().row(one.meter()).orElseThrow(Office::unknownMeter);
    ZoneId zone = row.meter().zone();
    return new WholeException(
        ExceptionView.of(one),
        row.servicePoint(),
        zone.getId(),
        DayCurve.of(office.store(), one.meter(), one.channel(), zone, one.what().day()));
  }

  private VeeException known(long id) {
    return office
        .store()
        .veeExceptions()
        .find(id)
        .orElseThrow(
            () -> FaultException.notFound("exception " + id, "there is no such exception"));
  }

  private static List<BigDecimal> values(@Nullable List<String> values) {
    if (values == null || values.isEmpty() || values.size() > 1_440) {
      throw Requests.wrong("values", "are 1 to 1440, one a slot");
    }
    List<BigDecimal> numbers = new ArrayList<>();
    for (String value : values) {
      // neither exponents nor endless digits
      if (value == null || !value.matches("-?[0-9]{1,18}([.][0-9]{1,18})?")) {
        throw Requests.wrong("values", "are decimal numbers such as 0.125");
      }
      numbers.add(new BigDecimal(value));
    }
    return numbers;
  }

  private static Set<VeeException.State> states(String words) {
    Set<VeeException.State> states = EnumSet.noneOf(VeeException.State.class);
    for (String word : words.split(",", 8)) {
      if (!word.isBlank()) {
        states.add(
            Arrays.stream(VeeException.State.values())
                .filter(state -> state.word().equals(word.strip()))
                .findFirst()
                .orElseThrow(() ->
                    Requests.wrong("state", "is of open, accepted, edited, gone, with commas")));
      }
    }
    return states;
  }

  private static Set<String> rules(String words) {
    Set<String> rules = new LinkedHashSet<>();
    for (String word : words.split(",", 32)) {
      if (!word.isBlank()) {
        rules.add(
            Rule.of(word.strip().toLowerCase(Locale.ROOT))
                .map(Rule::id)
                .orElseThrow(() ->
                    Requests.wrong(
                        "rule",
                        "is of "
                            + String.join(
                                ", ", Arrays.stream(Rule.values()).map(Rule::id).toList()))));
      }
    }
    return rules;
  }

  private static Optional<Boolean> estimated(String action) {
    return switch (action) {
      case "" -> Optional.empty();
      case "estimated" -> Optional.of(true);
      case "flagged" -> Optional.of(false);
      default -> throw Requests.wrong("action", "is flagged or estimated");
    };
  }

  private static boolean latest(String sort) {
    return switch (sort) {
      case "-day" -> true;
      case "day" -> false;
      default -> throw Requests.wrong("sort", "is day or -day");
    };
  }

  private static Optional<MeterId> of(@Nullable String meter) {
    return meter == null || meter.isBlank() ? Optional.empty() : Optional.of(Requests.meter(meter));
  }

  private static Optional<LocalDate> day(String name, @Nullable String text) {
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeParseException e) {
      throw Requests.wrong(name, "is a day such as 2026-11-24");
    }
  }
}

package org.gridwarden.server;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.Holds;
import org.gridwarden.store.MeterCase;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Cases, and what is held of quarantined meters. */
@RestController
@RequestMapping("/api/v1")
class CaseApi {
  private final Office office;

  CaseApi(Office office) {
    this.office = office;
  }

  /** A case as lists show it. */
  record CaseView(
      long id,
      String meter,
      String severity,
      String opened,
      @Nullable String closed,
      @Nullable String verdict,
      String closedBy) {
    static CaseView of(MeterCase about) {
      return new CaseView(
          about.id(),
          about.meter().value(),
          about.severity().name(),
          about.opened().toString(),
          about.closed().map(Object::toString).orElse(null),
          about.verdict().map(MeterCase.Verdict::word).orElse(null),
          about.closedBy());
    }
  }

  /** A line of a case's story. */
  record StepView(String at, String what, String actor, String actorKind, String note) {
    static StepView of(MeterCase.Step step) {
      return new StepView(
          step.at().toString(),
          step.what().word(),
          step.who().name(),
          step.who().kind().name().toLowerCase(Locale.ROOT),
          step.note());
    }
  }

  /** A raw message that told of it, in hexadecimal digits; null where its month was dropped. */
  record ProofView(String word, String event, String at, String source, @Nullable String raw) {}

  /** A case with all that belongs to it. */
  record WholeCase(
      CaseView about,
      List<AlarmApi.AlarmView> alarms,
      List<StepView> story,
      List<ProofView> evidence,
      HoldsView holds) {}

  /** From when to when; without an end where it goes on. */
  record SpanView(String from, @Nullable String to) {
    static SpanView of(Holds.Span span) {
      return new SpanView(
          span.from().toString(), span.to().equals(Instant.MAX) ? null : span.to().toString());
    }
  }

  /** What a person released for billing. */
  record ReleaseView(String at, SpanView span, String by, String reason) {}

  /** What is held of a meter, and what was released. */
  record HoldsView(String state, List<SpanView> held, List<ReleaseView> releases) {}

  /** Words to a case. */
  record NoteBody(@Nullable String note) {}

  /** A case's end: theft, fault, false-alarm or maintenance. */
  record CloseBody(@Nullable String verdict, @Nullable String note) {}

  /** Why. */
  record ReasonBody(@Nullable String reason) {}

  /** Why, and from when to when; without: all that is held until now. */
  record ReleaseBody(@Nullable String reason, @Nullable String from, @Nullable String to) {}

  @GetMapping("/cases")
  MeterApi.Page<CaseView> cases(
      @RequestParam(defaultValue = "") String state,
      @RequestParam @Nullable String meter,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "50") int size) {
    Optional<Boolean> open =
        switch (state) {
          case "" -> Optional.empty();
          case "open" -> Optional.of(true);
          case "closed" -> Optional.of(false);
          default -> throw Requests.wrong("state", "is open or closed");
        };
    Optional<MeterId> of =
        meter == null || meter.isEmpty() ? Optional.empty() : Optional.of(Requests.meter(meter));
    var found =
        office
            .store()
            .cases()
            .page(
                open,
                of,
                Requests.within("page", page, 0, 100_000),
                Requests.within("size", size, 1, 1_000));
    return new MeterApi.Page<>(
        found.items().stream().map(CaseView::of).toList(), found.total(), page, size);
  }

  @GetMapping("/cases/{id}")
  WholeCase one(@PathVariable long id) {
    MeterCase about = known(id);
    return new WholeCase(
        CaseView.of(about),
        office.store().alarms().ofCase(id).stream().map(AlarmApi.AlarmView::of).toList(),
        office.store().cases().story(id).stream().map(StepView::of).toList(),
        office.store().cases().evidence(id).stream().map(this::proof).toList(),
        holds(about.meter().value()));
  }

  @PostMapping("/cases/{id}/note")
  CaseView note(@PathVariable long id, @RequestBody NoteBody body) {
    known(id);
    return CaseView.of(
        office.cases().note(id, Requests.needed("note", body.note()), Audit.actor()));
  }

  @PostMapping("/cases/{id}/close")
  CaseView close(@PathVariable long id, @RequestBody CloseBody body) {
    known(id);
    String word = Requests.needed("verdict", body.verdict());
    MeterCase.Verdict verdict =
        Arrays.stream(MeterCase.Verdict.values())
            .filter(v -> v.word().equals(word))
            .findFirst()
            .orElseThrow(
                () -> Requests.wrong("verdict", "is theft, fault, false-alarm or maintenance"));
    return CaseView.of(
        office.cases().close(id, verdict, Requests.needed("note", body.note()), Audit.actor()));
  }

  @GetMapping("/meters/{id}/holds")
  HoldsView holds(@PathVariable String id) {
    var meter = office.known(id);
    Holds holds = office.store().holds();
    return new HoldsView(
        meter.state().name().toLowerCase(Locale.ROOT),
        holds.held(meter.id()).stream().map(SpanView::of).toList(),
        holds.releases(meter.id()).stream()
            .map(r -> new ReleaseView(r.at().toString(), SpanView.of(r.span()), r.by(), r.reason()))
            .toList());
  }

  @PostMapping("/meters/{id}/quarantine")
  CaseView quarantine(@PathVariable String id, @RequestBody ReasonBody body) {
    MeterId meter = office.known(id).id();
    return CaseView.of(
        office.cases().quarantine(meter, Requests.needed("reason", body.reason()), Audit.actor()));
  }

  @PostMapping("/meters/{id}/release")
  CaseView release(@PathVariable String id, @RequestBody ReleaseBody body) {
    MeterId meter = office.known(id).id();
    return CaseView.of(
        office
            .cases()
            .release(
                meter,
                Requests.needed("reason", body.reason()),
                instant("from", body.from()),
                instant("to", body.to()),
                Audit.actor()));
  }

  private static Optional<Instant> instant(String name, @Nullable String text) {
    return text == null || text.isEmpty()
        ? Optional.empty()
        : Optional.of(Requests.instant(name, text));
  }

  private MeterCase known(long id) {
    return office
        .store()
        .cases()
        .find(id)
        .orElseThrow(() -> FaultException.notFound("case " + id, "there is no such case"));
  }

  private ProofView proof(MeterCase.Proof proof) {
    return new ProofView(
        proof.word(),
        proof.event().value().toString(),
        proof.at().toString(),
        proof.source().name().toLowerCase(Locale.ROOT),
        office
            .store()
            .evidence()
            .at(proof.place())
            .map(HexFormat.of().withUpperCase()::formatHex)
            .orElse(null));
  }
}

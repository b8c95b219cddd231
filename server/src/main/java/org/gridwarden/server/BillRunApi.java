package org.gridwarden.server;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.gridwarden.core.Fault;
import org.gridwarden.mdm.billrun.BillingOffice;
import org.gridwarden.mdm.billrun.Period;
import org.gridwarden.store.BillBook;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Billing runs: what is billed, how far they are, what is blocked and why. */
@RestController
@RequestMapping("/api/v1/bill-runs")
class BillRunApi {
  private static final int MOST_POINTS = 10_000;

  private final Office office;

  BillRunApi(Office office) {
    this.office = office;
  }

  /**
   * What is to be billed.
   *
   * @param period a month such as 2026-10, or days such as 2026-10-01/2026-10-15
   * @param servicePoints these only; all where none is named
   * @param dryRun whether it is only reckoned
   */
  record OrderForm(
      @Nullable String period, @Nullable List<String> servicePoints, @Nullable Boolean dryRun) {}

  /**
   * A run.
   *
   * @param to the period's last day
   * @param ended missing while it runs
   * @param points how many agreements were looked at so far
   * @param before how many an earlier run had billed
   * @param totals what was billed, by currency
   * @param failure why it ended early; empty for most
   */
  record RunView(
      String id,
      String started,
      @Nullable String ended,
      String from,
      String to,
      boolean dryRun,
      String by,
      long points,
      long billed,
      long before,
      long blocked,
      String totals,
      String failure) {
    static RunView of(BillBook.Run run) {
      return new RunView(
          run.id().toString(),
          run.started().toString(),
          run.ended().map(Object::toString).orElse(null),
          run.from().toString(),
          run.to().minusDays(1).toString(),
          run.dry(),
          run.by(),
          run.points(),
          run.billed(),
          run.before(),
          run.blocked(),
          run.totals(),
          run.failure());
    }
  }

  /**
   * What was not billed.
   *
   * @param reason in a word: held, missing, not-over ...
   * @param detail where, and what to do
   */
  record BlockedView(String servicePoint, String account, String reason, String detail) {}

  @PostMapping
  RunView begin(@RequestBody OrderForm form) {
    Period period;
    try {
      period = Period.parse(Requests.needed("period", form.period()));
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("period", String.valueOf(e.getMessage()));
    }
    List<String> points = form.servicePoints() == null ? List.of() : form.servicePoints();
    if (points.size() > MOST_POINTS || points.stream().anyMatch(p -> p == null || p.isBlank())) {
      throw Requests.wrong("servicePoints", "names at most " + MOST_POINTS + " service points");
    }
    BillingOffice.Order order =
        new BillingOffice.Order(period, Set.copyOf(points), Boolean.TRUE.equals(form.dryRun()));
    return RunView.of(office.billing().start(order, Audit.actor()));
  }

  @GetMapping
  ReadingApi.Items<RunView> runs(@RequestParam(defaultValue = "50") int size) {
    return new ReadingApi.Items<>(
        office.store().bills().runs(Requests.within("size", size, 1, 1_000)).stream()
            .map(RunView::of)
            .toList());
  }

  @GetMapping("/{id}")
  RunView run(@PathVariable String id) {
    return RunView.of(known(id));
  }

  @GetMapping("/{id}/blocked")
  ReadingApi.Items<BlockedView> blocked(
      @PathVariable String id,
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "100") int size) {
    return new ReadingApi.Items<>(
        office
            .store()
            .bills()
            .blocked(known(id).id(), after, Requests.within("size", size, 1, 1_000))
            .stream()
            .map(b -> new BlockedView(b.servicePoint(), b.account(), b.reason(), b.detail()))
            .toList());
  }

  private BillBook.Run known(String id) {
    return office
        .store()
        .bills()
        .run(id(id))
        .orElseThrow(() ->
            FaultException.notFound("id", "there is no such billing run: see GET /bill-runs"));
  }

  /** A run's id. */
  static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new FaultException(Fault.Code.MALFORMED, "run", "is the id of a billing run, a UUID");
    }
  }
}

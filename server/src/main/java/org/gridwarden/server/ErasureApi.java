package org.gridwarden.server;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.Erasure;
import org.gridwarden.store.ErasureRequests;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Erases what is personal (C33): one person asks, another one approves. */
@RestController
@RequestMapping("/api/v1/erasures")
class ErasureApi {
  private static final int LISTED = 200;

  private final Office office;

  ErasureApi(Office office) {
    this.office = office;
  }

  /** Whose name, and why. */
  record UserErasure(@Nullable String name, @Nullable String reason) {}

  /** Which account, and why. */
  record AccountErasure(@Nullable String account, @Nullable String reason) {}

  /**
   * Whose time at a meter, and why.
   *
   * @param since the first instant
   * @param until the instant after the last; now where it is not given
   */
  record TermErasure(
      @Nullable String meter,
      @Nullable Instant since,
      @Nullable Instant until,
      @Nullable String reason) {}

  /**
   * A request.
   *
   * @param kind user, account or term
   * @param whom the user, account or meter; empty once it is done
   * @param since of a term; null otherwise
   * @param until of a term; null otherwise
   * @param state open, approved (it is being done), done or refused
   * @param decided null while it is open
   * @param decidedBy empty while it is open
   */
  record RequestView(
      long id,
      String kind,
      String whom,
      @Nullable String since,
      @Nullable String until,
      String reason,
      String asked,
      String askedBy,
      String state,
      @Nullable String decided,
      String decidedBy) {
    static RequestView of(ErasureRequests.Request request) {
      return new RequestView(
          request.id(),
          word(request.kind()),
          request.whom(),
          request.since().map(Object::toString).orElse(null),
          request.until().map(Object::toString).orElse(null),
          request.reason(),
          request.asked().toString(),
          request.askedBy(),
          word(request.state()),
          request.decided().map(Object::toString).orElse(null),
          request.decidedBy());
    }

    private static String word(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT);
    }
  }

  /** A request's number. */
  record Asked(long id) {}

  /**
   * What went.
   *
   * @param id the erasure's number
   * @param rows how many rows of which table were deleted or changed
   * @param legacy how many entries of the audit log are older than its commitments, and keep it
   */
  record ErasureView(long id, Map<String, Long> rows, long legacy) {
    static ErasureView of(Erasure.Result result) {
      return new ErasureView(result.id(), result.rows(), result.legacy());
    }
  }

  @GetMapping
  ReadingApi.Items<RequestView> list() {
    return new ReadingApi.Items<>(
        office.store().erasureRequests().list(LISTED).stream().map(RequestView::of).toList());
  }

  @PostMapping("/user")
  @ResponseStatus(HttpStatus.CREATED)
  Asked user(@RequestBody UserErasure asked) {
    String name = Requests.needed("name", asked.name());
    String why = reason(asked.reason());
    Actor by = Audit.actor();
    if (by.name().equalsIgnoreCase(name)) {
      throw Requests.wrong("name", "is not one's own");
    }
    return new Asked(office.erasures().askUser(name, by, why));
  }

  @PostMapping("/account")
  @ResponseStatus(HttpStatus.CREATED)
  Asked account(@RequestBody AccountErasure asked) {
    String why = reason(asked.reason());
    String account = Requests.needed("account", asked.account());
    return new Asked(office.erasures().askAccount(account, Audit.actor(), why));
  }

  @PostMapping("/term")
  @ResponseStatus(HttpStatus.CREATED)
  Asked term(@RequestBody TermErasure asked) {
    String why = reason(asked.reason());
    MeterId meter = office.known(Requests.needed("meter", asked.meter())).id();
    Instant since = asked.since();
    if (since == null) {
      throw Requests.wrong("since", "is the first instant, such as 2026-11-24T00:00:00Z");
    }
    Instant until = asked.until() == null ? office.clock().instant() : asked.until();
    if (!since.isBefore(until)) {
      throw Requests.wrong("until", "comes after since");
    }
    return new Asked(office.erasures().askTerm(meter, since, until, Audit.actor(), why));
  }

  /** Somebody else than who asked: then it is done at once, and for good. */
  @PostMapping("/{id}/approve")
  ErasureView approve(@PathVariable long id) {
    return ErasureView.of(office.erasures().approve(id, Audit.actor()));
  }

  @PostMapping("/{id}/refuse")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void refuse(@PathVariable long id) {
    office.erasures().refuse(id, Audit.actor());
  }

  private static String reason(@Nullable String reason) {
    String given = Requests.needed("reason", reason).strip();
    if (given.isEmpty() || given.length() > 500) {
      throw Requests.wrong("reason", "has 1 to 500 characters");
    }
    return given;
  }
}

package org.gridwarden.server;

import java.time.Instant;
import java.util.Map;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.Erasure;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Erases what is personal (C33). */
@RestController
@RequestMapping("/api/v1/erasures")
class ErasureApi {
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

  @PostMapping("/user")
  ErasureView user(@RequestBody UserErasure asked) {
    String name = Requests.needed("name", asked.name());
    String why = reason(asked.reason());
    Actor by = Audit.actor();
    if (by.name().equalsIgnoreCase(name)) {
      throw Requests.wrong("name", "is not one's own");
    }
    return ErasureView.of(office.erasures().user(name, by, why));
  }

  @PostMapping("/account")
  ErasureView account(@RequestBody AccountErasure asked) {
    String why = reason(asked.reason());
    String account = Requests.needed("account", asked.account());
    return ErasureView.of(office.erasures().account(account, Audit.actor(), why));
  }

  @PostMapping("/term")
  ErasureView term(@RequestBody TermErasure asked) {
    String why = reason(asked.reason());
    MeterId meter = office.known(Requests.needed("meter", asked.meter())).id();
    Instant since = asked.since();
    if (since == null) {
      throw Requests.wrong("since", "is the first instant, such as 2026-11-24T00:00:00Z");
    }
    Instant until = asked.until() == null ? office.clock().instant() : asked.until();
    return ErasureView.of(office.erasures().term(meter, since, until, Audit.actor(), why));
  }

  private static String reason(@Nullable String reason) {
    String given = Requests.needed("reason", reason).strip();
    if (given.isEmpty() || given.length() > 500) {
      throw Requests.wrong("reason", "has 1 to 500 characters");
    }
    return given;
  }
}

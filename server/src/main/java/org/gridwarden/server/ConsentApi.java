package org.gridwarden.server;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.gridwarden.security.access.SpokenCode;
import org.gridwarden.store.Consent;
import org.gridwarden.store.ConsentBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A consumer's own consents: to whom, of which service point, until when; and their end. */
@RestController
@RequestMapping("/api/v1/consents")
class ConsentApi {
  /** Usage points, local time, energy in intervals (ESPI's function blocks 1, 3, 4, 5). */
  private static final String SCOPE = "FB=1_3_4_5;IntervalDuration=any;BlockDuration=daily";

  private static final Duration LONGEST = Duration.ofDays(3 * 366);
  private static final int CODE_LENGTH = 40; // 200 bits

  private final ConsentBook consents;
  private final InstantSource clock;

  ConsentApi(Office office) {
    this.consents = office.store().consents();
    this.clock = office.clock();
  }

  /**
   * A consent.
   *
   * @param id the subscription's number
   * @param state in force, over or withdrawn
   * @param lastUsed when the third party last asked; null where it never did
   * @param uses how often it asked
   */
  record ConsentView(
      String id,
      String thirdParty,
      String servicePoint,
      String scope,
      String state,
      String given,
      String until,
      @Nullable String withdrawn,
      @Nullable String lastUsed,
      long uses) {
    static ConsentView of(Consent consent, Instant now) {
      return new ConsentView(
          consent.id().toString(),
          consent.thirdParty(),
          consent.servicePoint(),
          consent.scope(),
          consent.withdrawn().isPresent()
              ? "withdrawn"
              : consent.until().isAfter(now) ? "in force" : "over",
          consent.given().toString(),
          consent.until().toString(),
          consent.withdrawn().map(Object::toString).orElse(null),
          consent.lastUsed().map(Object::toString).orElse(null),
          consent.uses());
    }
  }

  /** A consent to be given. */
  record NewConsent(
      @Nullable String thirdParty, @Nullable String servicePoint, @Nullable String until) {}

  /**
   * It is given.
   *
   * @param code for the third party, which exchanges it for its token within a quarter of an hour;
   *     shown this once
   */
  record Given(ConsentView consent, String code) {
    @Override
    public String toString() {
      return "Given[" + consent.id() + "]";
    }
  }

  @GetMapping
  ReadingApi.Items<ConsentView> list(Principal consumer) {
    Instant now = clock.instant();
    return new ReadingApi.Items<>(
        consents.of(consumer.getName()).stream().map(c -> ConsentView.of(c, now)).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Given give(@RequestBody NewConsent wanted, Principal consumer) {
    Instant now = clock.instant();
    Instant until = Requests.instant("until", Requests.needed("until", wanted.until()));
    if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
      throw Requests.wrong("until", "is after now, and at most three years from now");
    }
    String code = "gc_" + SpokenCode.random(CODE_LENGTH, 0);
    return consents
        .give(
            consumer.getName(),
            Requests.needed("thirdParty", wanted.thirdParty()),
            Requests.needed("servicePoint", wanted.servicePoint()),
            SCOPE,
            until,
            SpokenCode.hash(code),
            Audit.actor())
        .map(consent -> new Given(ConsentView.of(consent, now), code))
        .orElseThrow(() ->
            FaultException.notFound(
                "consent", "there is no such third party, or the service point is not yours"));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void withdraw(@PathVariable String id, Principal consumer) {
    UUID number;
    try {
      number = UUID.fromString(id.length() == 36 ? id : "");
    } catch (IllegalArgumentException e) {
      throw unknown();
    }
    if (!consents.withdraw(consumer.getName(), number, Audit.actor())) {
      throw unknown();
    }
  }

  private static FaultException unknown() {
    return FaultException.notFound("consent", "none of yours has this number and is in force");
  }
}

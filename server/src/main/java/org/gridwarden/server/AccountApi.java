package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.gridwarden.store.Account;
import org.gridwarden.store.AccountBook;
import org.gridwarden.store.AccountQuery;
import org.gridwarden.store.Agreement;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Accounts, their holders, and what they are supplied with. */
@RestController
@RequestMapping("/api/v1/accounts")
class AccountApi {
  private final Office office;

  AccountApi(Office office) {
    this.office = office;
  }

  /** An account; servicePoints are those at which it is supplied now. */
  record AccountView(
      String id,
      String name,
      String street,
      String city,
      String email,
      String phone,
      String language,
      String status,
      String opened,
      @Schema(types = {"string", "null"}) @Nullable String closed,
      List<String> servicePoints) {
    static AccountView of(Account account, List<String> points) {
      Account.Holder holder = account.holder();
      return new AccountView(
          account.id(),
          holder.name(),
          holder.street(),
          holder.city(),
          holder.email(),
          holder.phone(),
          holder.language(),
          account.status().name().toLowerCase(Locale.ROOT),
          account.opened().toString(),
          account.closed().map(Object::toString).orElse(null),
          points);
    }
  }

  /**
   * That an account is supplied at a service point.
   *
   * @param until exclusive; null while it goes on
   */
  record AgreementView(
      long id,
      String account,
      String servicePoint,
      String tariff,
      String since,
      @Schema(types = {"string", "null"}) @Nullable String until) {
    static AgreementView of(Agreement agreement) {
      return new AgreementView(
          agreement.id(),
          agreement.account(),
          agreement.servicePoint(),
          agreement.tariff(),
          agreement.since().toString(),
          agreement.until().map(Object::toString).orElse(null));
    }
  }

  /** A line of an account's own story. */
  record AccountStep(String at, String what, String actor, String actorKind, String note) {
    static AccountStep of(AccountBook.Step step) {
      return new AccountStep(
          step.at().toString(),
          step.what(),
          step.who().name(),
          step.who().kind().name().toLowerCase(Locale.ROOT),
          step.note());
    }
  }

  /** An account with its agreements, the first first, its users and its story. */
  record WholeAccount(
      AccountView account,
      List<AgreementView> agreements,
      List<String> users,
      List<AccountStep> steps) {}

  /** Who holds an account; of a new one the number may be given, too. */
  record HolderBody(
      @Nullable String id,
      @Nullable String name,
      @Nullable String street,
      @Nullable String city,
      @Nullable String email,
      @Nullable String phone,
      @Nullable String language) {}

  /** Where, by which tariff and since when; takeOver moves out whoever is supplied there. */
  record MoveIn(
      @Nullable String servicePoint,
      @Nullable String tariff,
      @Nullable String since,
      @Nullable Boolean takeOver) {}

  /** Where, and from when on no more. */
  record MoveOut(@Nullable String servicePoint, @Nullable String until) {}

  /** Where, by which tariff, from when on. */
  record OtherTariff(
      @Nullable String servicePoint, @Nullable String tariff, @Nullable String from) {}

  /** Why an account is closed. */
  record AccountReason(@Nullable String reason) {}

  /** Words to an account. */
  record AccountNote(@Nullable String note) {}

  @GetMapping
  MeterApi.Page<AccountView> list(
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "") String status,
      @RequestParam(defaultValue = "") String sort,
      @RequestParam(defaultValue = "0") int page,
      @RequestParam(defaultValue = "50") int size) {
    AccountBook.Page found =
        office
            .store()
            .accounts()
            .page(checked("query", () -> AccountQuery.parse(q, status, sort, page, size)));
    return new MeterApi.Page<>(
        found.items().stream()
            .map(item -> AccountView.of(item.account(), item.servicePoints()))
            .toList(),
        found.total(),
        page,
        size);
  }

  @PostMapping
  WholeAccount open(@RequestBody HolderBody body) {
    Account.Holder holder = holder(body);
    String id = body.id() == null ? "" : body.id().strip();
    return whole(checked("id", () -> office.store().accounts().open(id, holder, Audit.actor())));
  }

  @GetMapping("/{id}")
  WholeAccount one(@PathVariable String id) {
    return whole(known(id));
  }

  @PutMapping("/{id}")
  WholeAccount change(@PathVariable String id, @RequestBody HolderBody body) {
    known(id);
    return whole(
        office
            .store()
            .accounts()
            .change(id, holder(body), Audit.actor())
            .orElseThrow(AccountApi::unknown));
  }

  @PostMapping("/{id}/close")
  WholeAccount close(@PathVariable String id, @RequestBody AccountReason body) {
    known(id);
    String why = words("reason", body.reason());
    return whole(
        office.store().accounts().close(id, why, Audit.actor()).orElseThrow(AccountApi::unknown));
  }

  @PostMapping("/{id}/note")
  WholeAccount note(@PathVariable String id, @RequestBody AccountNote body) {
    Account account = known(id);
    office.store().accounts().note(id, words("note", body.note()), Audit.actor());
    return whole(account);
  }

  @PostMapping("/{id}/move-in")
  WholeAccount moveIn(@PathVariable String id, @RequestBody MoveIn body) {
    Account account = known(id);
    String point = point(body.servicePoint());
    if (office.store().meters().history(point).isEmpty()
        && office.store().virtualMeters().at(point).isEmpty()) {
      throw Requests.wrong(
          "servicePoint", "never had a meter: look for its name, or mount a meter there first");
    }
    office
        .store()
        .agreements()
        .moveIn(
            id,
            point,
            tariff(body.tariff()),
            instant("since", body.since()),
            Boolean.TRUE.equals(body.takeOver()),
            Audit.actor());
    return whole(account);
  }

  @PostMapping("/{id}/move-out")
  WholeAccount moveOut(@PathVariable String id, @RequestBody MoveOut body) {
    Account account = known(id);
    office
        .store()
        .agreements()
        .moveOut(id, point(body.servicePoint()), instant("until", body.until()), Audit.actor());
    return whole(account);
  }

  @PostMapping("/{id}/tariff")
  WholeAccount tariff(@PathVariable String id, @RequestBody OtherTariff body) {
    Account account = known(id);
    office
        .store()
        .agreements()
        .changeTariff(
            id,
            point(body.servicePoint()),
            tariff(body.tariff()),
            instant("from", body.from()),
            Audit.actor());
    return whole(account);
  }

  @PutMapping("/{id}/users/{name}")
  WholeAccount link(@PathVariable String id, @PathVariable String name) {
    Account account = known(id);
    if (!office.store().accounts().link(id, name, Audit.actor())) {
      throw FaultException.notFound("user", "there is no such user");
    }
    return whole(account);
  }

  @DeleteMapping("/{id}/users/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void unlink(@PathVariable String id, @PathVariable String name) {
    known(id);
    if (!office.store().accounts().unlink(id, name, Audit.actor())) {
      throw FaultException.notFound("user", "does not see this account as their own");
    }
  }

  private WholeAccount whole(Account account) {
    Instant now = office.clock().instant();
    List<Agreement> agreements = office.store().agreements().of(account.id());
    return new WholeAccount(
        AccountView.of(
            account,
            agreements.stream()
                .filter(one -> one.covers(now))
                .map(Agreement::servicePoint)
                .distinct()
                .toList()),
        agreements.stream().map(AgreementView::of).toList(),
        office.store().accounts().users(account.id()),
        office.store().accounts().story(account.id()).stream().map(AccountStep::of).toList());
  }

  private Account known(String id) {
    return office.store().accounts().find(id).orElseThrow(AccountApi::unknown);
  }

  private static FaultException unknown() {
    return FaultException.notFound("account", "there is no such account");
  }

  private static Account.Holder holder(HolderBody body) {
    String name = Requests.needed("name", body.name());
    return checked(
        "holder",
        () ->
            new Account.Holder(
                name,
                given(body.street()),
                given(body.city()),
                given(body.email()),
                given(body.phone()),
                body.language() == null || body.language().isBlank() ? "en" : body.language()));
  }

  private static String given(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static String point(@Nullable String text) {
    return line("servicePoint", text, 200);
  }

  private static String tariff(@Nullable String text) {
    return line("tariff", text, 200);
  }

  private static String line(String name, @Nullable String text, int most) {
    String given = Requests.needed(name, text).strip();
    if (given.isEmpty() || given.length() > most) {
      throw Requests.wrong(name, "has 1 to " + most + " characters");
    }
    return given;
  }

  private static String words(String name, @Nullable String text) {
    return line(name, text, 1_000);
  }

  /** Whole seconds: an agreement begins and ends with a slot. */
  private Instant instant(String name, @Nullable String text) {
    return Optional.ofNullable(text)
        .filter(given -> !given.isBlank())
        .map(given -> Requests.instant(name, given))
        .orElseGet(() -> office.clock().instant())
        .truncatedTo(ChronoUnit.SECONDS);
  }

  private static <T> T checked(String where, Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException e) {
      throw Requests.wrong(where, String.valueOf(e.getMessage()));
    }
  }
}

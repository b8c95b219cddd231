package org.gridwarden.server;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import org.gridwarden.mdm.ledger.Ledger;
import org.gridwarden.store.LedgerBook;
import org.gridwarden.store.PrepaidBook;
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

/** What accounts owe and have. Bills and charges are entered by their runs, the rest by people. */
@RestController
@RequestMapping("/api/v1/ledger")
class LedgerApi {
  private static final int MOST = 1_000;

  /** What people enter; the rest the office makes itself. */
  private static final List<Ledger.Kind> BY_HAND =
      List.of(Ledger.Kind.PAYMENT, Ledger.Kind.CREDIT, Ledger.Kind.CORRECTION);

  private final Office office;
  private final Ledger ledger;

  LedgerApi(Office office) {
    this.office = office;
    this.ledger = new Ledger(office.store().unitOfWork(), office.store().ledger());
  }

  /**
   * An entry.
   *
   * @param amount above zero: the account gets it; a decimal string
   * @param balance after it
   */
  record EntryView(
      long number,
      String day,
      String kind,
      String amount,
      String currency,
      String balance,
      String contra,
      String reference,
      String note,
      String by,
      String at) {
    static EntryView of(LedgerBook.Entry entry) {
      return new EntryView(
          entry.number(),
          entry.day().toString(),
          entry.kind(),
          entry.amount().toPlainString(),
          entry.currency(),
          entry.balance().toPlainString(),
          entry.contra(),
          entry.reference(),
          entry.note(),
          entry.by().name(),
          entry.at().toString());
    }
  }

  /**
   * What a balance went through.
   *
   * @param number of the entry that did it
   */
  record BalanceEvent(String account, long number, String word, String balance, String at) {
    static BalanceEvent of(LedgerBook.Event event) {
      return new BalanceEvent(
          event.account(),
          event.number(),
          event.word(),
          event.balance().toPlainString(),
          event.at().toString());
    }
  }

  /**
   * An account's money.
   *
   * @param balance above zero: the account has it
   * @param currency empty before the first entry
   * @param credit how far below zero it may go that pays beforehand; null where it does not
   * @param low at which it is warned then
   * @param entries the newest first
   * @param events what the balance went through, the newest first
   */
  record LedgerView(
      String account,
      String balance,
      String currency,
      @Nullable String credit,
      @Nullable String low,
      List<EntryView> entries,
      List<BalanceEvent> events) {}

  /**
   * An entry to be made.
   *
   * @param kind payment, credit or correction
   * @param amount a decimal string; above zero: the account gets it
   * @param day for which civil day it counts
   * @param reference what tells it from all others of the account: the same again adds nothing
   * @param note why; needed of a credit or correction
   */
  record NewEntry(
      @Nullable String kind,
      @Nullable String amount,
      @Nullable String currency,
      @Nullable String day,
      @Nullable String reference,
      @Nullable String note) {}

  @GetMapping("/{account}")
  LedgerView show(
      @PathVariable String account,
      @RequestParam(defaultValue = "9223372036854775807") long before,
      @RequestParam(defaultValue = "100") int size) {
    int most = Requests.within("size", size, 1, MOST);
    LedgerBook.Entry last =
        book()
            .last(account)
            .orElseThrow(
                () -> FaultException.notFound("account", "nothing was entered for it yet"));
    return new LedgerView(
        account,
        last.balance().toPlainString(),
        last.currency(),
        last.limits().map(l -> l.credit().toPlainString()).orElse(null),
        last.limits().map(l -> l.low().toPlainString()).orElse(null),
        book().entries(account, before, most).stream().map(EntryView::of).toList(),
        book().events(account, most).stream().map(BalanceEvent::of).toList());
  }

  @GetMapping("/events")
  ReadingApi.Items<BalanceEvent> events() {
    return new ReadingApi.Items<>(book().events("", MOST).stream().map(BalanceEvent::of).toList());
  }

  /**
   * An account that pays beforehand.
   *
   * @param credit how far below zero its balance may go
   * @param low at which it is warned
   * @param proposals orders that its balance made the office propose, as the command's id and word
   */
  record PrepaidView(
      String account,
      String balance,
      String currency,
      String credit,
      String low,
      String since,
      List<String> proposals) {}

  @GetMapping("/prepaid")
  ReadingApi.Items<PrepaidView> prepaid(@RequestParam(defaultValue = "") String after) {
    List<PrepaidView> all = new ArrayList<>();
    for (PrepaidBook.Balance one : office.store().prepaid().balances(after, MOST)) {
      LedgerBook.Entry entry = one.entry();
      LedgerBook.Limits limits = entry.limits().orElseThrow();
      all.add(
          new PrepaidView(
              entry.account(),
              entry.balance().toPlainString(),
              entry.currency(),
              limits.credit().toPlainString(),
              limits.low().toPlainString(),
              entry.at().toString(),
              office.store().prepaid().proposals(entry.account()).stream()
                  .map(p -> p.command().map(c -> c.value() + " ").orElse("") + p.word())
                  .toList()));
    }
    return new ReadingApi.Items<>(all);
  }

  @PostMapping("/{account}")
  @ResponseStatus(HttpStatus.CREATED)
  EntryView enter(@PathVariable String account, @RequestBody NewEntry entry) {
    String note = entry.note() == null ? "" : entry.note();
    return EntryView.of(
        ledger.enter(
            new Ledger.Entry(
                account,
                day(Requests.needed("day", entry.day())),
                kind(Requests.needed("kind", entry.kind())),
                amount(Requests.needed("amount", entry.amount())),
                currency(Requests.needed("currency", entry.currency())),
                Requests.needed("reference", entry.reference()),
                note),
            null,
            Audit.actor()));
  }

  private static Ledger.Kind kind(String word) {
    return BY_HAND.stream()
        .filter(kind -> kind.word().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> Requests.wrong("kind", "is payment, credit or correction"));
  }

  private static BigDecimal amount(String text) {
    if (!text.matches("-?[0-9]{1,12}(\\.[0-9]{1,6})?")) {
      throw Requests.wrong("amount", "is a decimal string such as 12.50");
    }
    return new BigDecimal(text);
  }

  private static Currency currency(String code) {
    try {
      return Currency.getInstance(code);
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("currency", "is a code of ISO 4217 such as CHF");
    }
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw Requests.wrong("day", "is a day such as 2026-11-24");
    }
  }

  private LedgerBook book() {
    return office.store().ledger();
  }
}

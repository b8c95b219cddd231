package org.gridwarden.server;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;
import org.gridwarden.store.AccountBook;
import org.gridwarden.store.Agreement;
import org.gridwarden.store.CommandQuery;
import org.gridwarden.store.Events;
import org.gridwarden.store.MeterCase;
import org.gridwarden.store.MeterTerm;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoredCommand;
import org.gridwarden.store.VeeException;
import org.gridwarden.store.VeeExceptions;
import org.gridwarden.store.WorkBook;
import org.gridwarden.store.WorkOrder;

/**
 * What happened to an account: at itself, and at the meters of its service points for as long as it
 * was supplied there, and no longer: what befell whoever lived there before is none of theirs.
 */
final class CustomerStory {
  /** Of one kind and meter no more than so many are looked at. */
  private static final int MOST = 1_000;

  private final Store store;
  private final String account;
  private final List<MeterTerm> terms;

  private CustomerStory(Store store, String account, List<MeterTerm> terms) {
    this.store = store;
    this.account = account;
    this.terms = List.copyOf(terms);
  }

  /** A line; what its parts mean stands at {@link StoryApi.StoryLine}. */
  record Line(
      Instant at, String kind, String level, String text, String who, String meter, String about) {}

  /** An account's. */
  static CustomerStory of(Store store, String account) {
    List<MeterTerm> terms = new ArrayList<>();
    for (Agreement agreement : store.agreements().of(account)) {
      for (MeterTerm term : store.meters().history(agreement.servicePoint())) {
        both(agreement, term).ifPresent(one -> join(terms, one));
      }
    }
    terms.sort(Comparator.comparing(MeterTerm::since));
    return new CustomerStory(store, account, terms);
  }

  /** What an agreement and a meter's term have in common. */
  private static Optional<MeterTerm> both(Agreement agreement, MeterTerm term) {
    Instant since = agreement.since().isAfter(term.since()) ? agreement.since() : term.since();
    Optional<Instant> until =
        agreement.until().isEmpty()
                || term.until().isPresent() && term.until().get().isBefore(agreement.until().get())
            ? term.until()
            : agreement.until();
    return until.map(since::isBefore).orElse(true)
        ? Optional.of(new MeterTerm(term.meter(), term.servicePoint(), since, until))
        : Optional.empty();
  }

  /** A change of tariff cuts an agreement in two, but not what the meter told. */
  private static void join(List<MeterTerm> terms, MeterTerm one) {
    for (int i = 0; i < terms.size(); i++) {
      MeterTerm old = terms.get(i);
      if (old.meter().equals(one.meter())
          && old.servicePoint().equals(one.servicePoint())
          && old.until().equals(Optional.of(one.since()))) {
        terms.set(i, new MeterTerm(one.meter(), one.servicePoint(), old.since(), one.until()));
        return;
      }
    }
    terms.add(one);
  }

  /** Which meter measured for the account where, and when. */
  List<MeterTerm> terms() {
    return terms;
  }

  /** The latest lines before an instant, the latest first. */
  List<Line> before(Instant to, int most) {
    List<Line> lines = new ArrayList<>();
    steps(lines);
    for (MeterTerm term : terms) {
      mounted(lines, term);
      events(lines, term, to);
      cases(lines, term);
      commands(lines, term);
      work(lines, term);
      validation(lines, term);
    }
    return lines.stream()
        .filter(line -> line.at().isBefore(to))
        .sorted(Comparator.comparing(Line::at).reversed())
        .limit(most)
        .toList();
  }

  private void steps(List<Line> lines) {
    for (AccountBook.Step step : store.accounts().story(account)) {
      String text =
          switch (step.what()) {
            case "opened" -> "Account opened";
            case "changed" -> "Holder changed: " + step.note();
            case "moved-in" -> "Moved in at " + step.note();
            case "moved-out" -> "Moved out of " + step.note();
            case "tariff" -> "Another tariff at " + step.note();
            case "closed" -> "Account closed: " + step.note();
            case "erased" -> "The holder's data were erased";
            default -> step.note();
          };
      lines.add(new Line(step.at(), "account", "info", text, who(step.who()), "", account));
    }
  }

  private void mounted(List<Line> lines, MeterTerm term) {
    String meter = term.meter().value();
    lines.add(
        new Line(
            term.since(),
            "meter",
            "info",
            "Meter " + meter + " measures at " + term.servicePoint(),
            "",
            meter,
            meter));
    term.until()
        .ifPresent(until ->
            lines.add(
                new Line(
                    until,
                    "meter",
                    "info",
                    "Meter " + meter + " measures no more for this account",
                    "",
                    meter,
                    meter)));
  }

  private void events(List<Line> lines, MeterTerm term, Instant to) {
    Instant end = term.until().filter(to::isAfter).orElse(to);
    if (!term.since().isBefore(end)) {
      return;
    }
    Events.Query query =
        new Events.Query(Optional.of(term.meter()), Severity.INFO, term.since(), end);
    for (Warning event : store.events().page(query, 0, MOST).items()) {
      lines.add(
          new Line(
              event.at(),
              "event",
              level(event.severity()),
              event.text(),
              "",
              term.meter().value(),
              event.code()));
    }
  }

  private void cases(List<Line> lines, MeterTerm term) {
    for (MeterCase one :
        store.cases().page(Optional.empty(), Optional.of(term.meter()), 0, MOST).items()) {
      String about = String.valueOf(one.id());
      String meter = term.meter().value();
      if (within(term, one.opened())) {
        lines.add(
            new Line(
                one.opened(),
                "case",
                level(one.severity()),
                "Case " + about + " opened",
                "",
                meter,
                about));
      }
      one.closed()
          .filter(closed -> within(term, closed))
          .ifPresent(closed ->
              lines.add(
                  new Line(
                      closed,
                      "case",
                      "info",
                      "Case "
                          + about
                          + " closed: "
                          + one.verdict().map(MeterCase.Verdict::word).orElse(""),
                      one.closedBy(),
                      meter,
                      about)));
    }
  }

  private void commands(List<Line> lines, MeterTerm term) {
    CommandQuery query = CommandQuery.parse("", term.meter().value(), "", "", "-drafted", 0, MOST);
    for (StoredCommand command : store.commands().page(query).items()) {
      if (within(term, command.drafted())) {
        lines.add(
            new Line(
                command.drafted(),
                "command",
                "info",
                "Command "
                    + command.word()
                    + ", "
                    + command.state().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + ": "
                    + command.reason(),
                command.draftedBy(),
                term.meter().value(),
                command.id().value().toString()));
      }
    }
  }

  private void work(List<Line> lines, MeterTerm term) {
    WorkBook.Query query = new WorkBook.Query(Set.of(), "", Optional.of(term.meter()), Set.of());
    for (WorkOrder order : store.work().page(query, 0, MOST).items()) {
      String about = String.valueOf(order.id());
      String meter = term.meter().value();
      if (within(term, order.created())) {
        lines.add(
            new Line(
                order.created(),
                "work",
                level(order.what().severity()),
                "Work ordered: " + order.what().title(),
                order.createdBy().equals("work") ? "" : order.createdBy(),
                meter,
                about));
      }
      order
          .closed()
          .filter(closed -> within(term, closed))
          .ifPresent(closed ->
              lines.add(
                  new Line(
                      closed,
                      "work",
                      "info",
                      "Work " + order.state().word() + ": " + order.what().title(),
                      order.closedBy(),
                      meter,
                      about)));
    }
  }

  /** What people did about the curve; what nobody had to look at is no part of the story. */
  private void validation(List<Line> lines, MeterTerm term) {
    VeeExceptions.Query query =
        new VeeExceptions.Query(
            EnumSet.of(VeeException.State.ACCEPTED, VeeException.State.EDITED),
            Set.of(),
            Optional.empty(),
            Optional.of(term.meter()),
            LocalDate.EPOCH,
            LocalDate.of(9999, 1, 1),
            true);
    for (VeeException one : store.veeExceptions().page(query, 0, MOST).items()) {
      if (within(term, one.what().since())) {
        lines.add(
            new Line(
                one.settled().orElse(one.found()),
                "validation",
                "info",
                "Readings of "
                    + one.what().day()
                    + " "
                    + one.state().word()
                    + " ("
                    + one.what().rule()
                    + "): "
                    + one.reason(),
                one.settledBy(),
                term.meter().value(),
                String.valueOf(one.id())));
      }
    }
  }

  private static boolean within(MeterTerm term, Instant at) {
    return !at.isBefore(term.since()) && term.until().map(at::isBefore).orElse(true);
  }

  private static String level(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  private static String who(Actor actor) {
    return actor.kind() == Actor.Kind.SYSTEM ? "" : actor.name();
  }
}

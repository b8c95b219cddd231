package org.gridwarden.mdm.billrun;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.ledger.LedgerWords;
import org.gridwarden.mdm.proof.TariffParser;
import org.gridwarden.store.Agreement;
import org.gridwarden.store.LedgerBook;
import org.gridwarden.store.MeterTerm;
import org.gridwarden.store.PrepaidBook;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoredCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows balances of those who pay beforehand: tells the consumer what a balance goes through, and
 * proposes orders to operators, to disconnect where the emergency credit is used up, to connect
 * again where it was paid. It proposes, and sends nothing by itself: people let an order through
 * and sign it, and the policy refuses what would cut off somebody who is protected. Each thing
 * once, also over a restart. Not thread-safe.
 */
public final class BalanceWatch {
  private static final Logger LOG = LoggerFactory.getLogger(BalanceWatch.class);
  private static final int AT_ONCE = 1_000;

  private final Store store;
  private final Tariffs tariffs;
  private final TariffParser parser;
  private final BalanceActs acts;
  private final InstantSource clock;

  /** Over a store. */
  public BalanceWatch(
      Store store, Tariffs tariffs, TariffParser parser, BalanceActs acts, InstantSource clock) {
    this.store = store;
    this.tariffs = tariffs;
    this.parser = parser;
    this.acts = acts;
    this.clock = clock;
  }

  /**
   * Looks at what balances went through since, and at orders that were proposed.
   *
   * @return how many events were told or acted upon
   * @throws IllegalStateException where some could not be, after all others were
   */
  public int look() {
    int done = 0;
    Map<String, String> failed = new LinkedHashMap<>();
    for (LedgerBook.Event event : store.prepaid().untold(AT_ONCE)) {
      if (failed.containsKey(event.account())) {
        continue; // in their order
      }
      try {
        act(event);
        store.prepaid().told(event, clock.instant());
        done++;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return done;
      } catch (RuntimeException e) {
        failed.putIfAbsent(event.account(), String.valueOf(e.getMessage()));
      }
    }
    for (PrepaidBook.Proposal proposal : store.prepaid().proposals("")) {
      try {
        if (!failed.containsKey(proposal.account())) {
          keepOrWithdraw(proposal);
        }
      } catch (RuntimeException e) {
        failed.putIfAbsent(proposal.account(), String.valueOf(e.getMessage()));
      }
    }
    if (!failed.isEmpty()) {
      throw new IllegalStateException(
          failed.size()
              + " balances could not be acted upon; the first was of account "
              + failed.entrySet().iterator().next());
    }
    return done;
  }

  private void act(LedgerBook.Event event) throws InterruptedException {
    List<MeterId> meters = meters(event.account());
    switch (event.word()) {
      case LedgerWords.LOW ->
          tell(meters, event, "What is paid beforehand is nearly used up: pay soon");
      case LedgerWords.EMERGENCY ->
          tell(
              meters, event, "What was paid beforehand is used up: the emergency credit is in use");
      case LedgerWords.EXHAUSTED ->
          tell(meters, event, "The emergency credit is used up: the supply may be disconnected");
      case LedgerWords.RESTORED -> {
        tell(meters, event, "A payment has come in: the supply stays, or comes back");
        connectAgain(event);
      }
      case LedgerWords.DISCONNECTION_PROPOSED -> {
        if (spent(event.account())) {
          for (MeterId meter : meters) {
            propose(event, meter, new Action.Disconnect(), "prepaid balance used up");
          }
        }
      }
      default -> LOG.warn("what the word {} of a balance means is not known", event.word());
    }
  }

  private void tell(List<MeterId> meters, LedgerBook.Event event, String text)
      throws InterruptedException {
    for (MeterId meter : meters) {
      acts.tell(
          meter, event.at(), event.word(), event.account() + " " + event.number(), text + ".");
    }
  }

  /** Where an order was done, or may still be: connection is proposed; the other is withdrawn. */
  private void connectAgain(LedgerBook.Event event) {
    if (spent(event.account())) {
      return;
    }
    for (PrepaidBook.Proposal proposal : store.prepaid().proposals(event.account())) {
      boolean went =
          proposal
              .command()
              .flatMap(store.commands()::find)
              .map(StoredCommand::state)
              .filter(BalanceWatch::went)
              .isPresent();
      if (proposal.word().equals("disconnect") && went) {
        propose(event, proposal.meter(), new Action.Connect(), "prepaid balance restored");
      }
    }
  }

  private static boolean went(CommandState state) {
    return switch (state) {
      case SENT, IN_DOUBT, READY, CONFIRMED -> true;
      default -> false;
    };
  }

  private void propose(LedgerBook.Event event, MeterId meter, Action action, String why) {
    String reason =
        why + ": account " + event.account() + ", entry " + event.number() + " of its ledger";
    PrepaidBook.Proposal proposal =
        store
            .prepaid()
            .propose(event.account(), event.number(), meter, action.word(), clock.instant());
    if (proposal.command().isEmpty()) {
      CommandId command =
          store
              .prepaid()
              .drafted(proposal, reason)
              .orElseGet(() -> acts.propose(meter, action, reason));
      store.prepaid().drafted(proposal, command);
    }
  }

  /** An order whose reason is gone is withdrawn where it can be; one that is over is let go. */
  private void keepOrWithdraw(PrepaidBook.Proposal proposal) {
    boolean spent = spent(proposal.account());
    boolean disconnect = proposal.word().equals("disconnect");
    if (proposal.command().isEmpty() || disconnect == spent) {
      return;
    }
    Optional<CommandState> state =
        store.commands().find(proposal.command().get()).map(StoredCommand::state);
    boolean over = state.map(CommandState::isEnd).orElse(true);
    if (!over
        && !acts.withdraw(
            proposal.command().get(),
            disconnect ? "the balance was paid meanwhile" : "the balance is used up again")) {
      return; // on its way: it is looked at again
    }
    var unused =
        store
            .unitOfWork()
            .call(tx -> {
              store.prepaid().withdraw(tx, proposal, clock.instant());
              return proposal;
            });
  }

  /** Whether an account's emergency credit is used up now. */
  private boolean spent(String account) {
    return store
        .ledger()
        .last(account)
        .filter(e ->
            e.limits()
                .map(LedgerBook.Limits::credit)
                .map(BigDecimal::negate)
                .filter(end -> e.balance().compareTo(end) <= 0)
                .isPresent())
        .isPresent();
  }

  /** Meters that stand now where the account pays beforehand. */
  private List<MeterId> meters(String account) {
    Instant now = clock.instant();
    TariffShelf shelf = new TariffShelf(tariffs, parser);
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    List<MeterId> meters = new ArrayList<>();
    for (Agreement agreement : store.agreements().of(account)) {
      boolean runs =
          !agreement.since().isAfter(now) && agreement.until().map(now::isBefore).orElse(true);
      if (runs && prepaid(shelf, agreement, today)) {
        for (MeterTerm term : store.meters().history(agreement.servicePoint())) {
          if (!term.since().isAfter(now) && term.until().map(now::isBefore).orElse(true)) {
            meters.add(term.meter());
          }
        }
      }
    }
    return meters;
  }

  private static boolean prepaid(TariffShelf shelf, Agreement agreement, LocalDate today) {
    try {
      return shelf.prepaid(agreement.tariff(), today).isPresent();
    } catch (Blocked e) {
      LOG.warn("account {}: {}", agreement.account(), e.detail());
      return false;
    }
  }
}

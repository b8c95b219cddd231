package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.mdm.billrun.BalanceActs;
import org.gridwarden.mdm.billrun.BalanceWatch;
import org.gridwarden.mdm.billrun.BillingOffice;
import org.gridwarden.mdm.billrun.EvidenceOffice;
import org.gridwarden.mdm.billrun.EvidenceWatch;
import org.gridwarden.mdm.billrun.PrepaidDays;
import org.gridwarden.mdm.billrun.StoredSupplies;
import org.gridwarden.mdm.billrun.StoredTariffs;
import org.gridwarden.mdm.billsheet.BillSheet;
import org.gridwarden.mdm.household.BudgetWatch;
import org.gridwarden.mdm.household.OwnUse;
import org.gridwarden.mdm.proof.Addressee;
import org.gridwarden.mdm.proof.CanonicalJson;
import org.gridwarden.mdm.proof.ProofException;
import org.gridwarden.mdm.proof.ProofFiles;
import org.gridwarden.mdm.proof.TariffForms;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Billing: the office that does it, and bills in each of their forms. Thread-safe. */
final class BillingRoom {
  private static final Logger LOG = LoggerFactory.getLogger(BillingRoom.class);

  private final Store store;
  private final EvidenceOffice evidence;
  private final BillingOffice office;
  private final ProofFiles proofs;

  private BillingRoom(
      Store store, EvidenceOffice evidence, BillingOffice office, ProofFiles proofs) {
    this.store = store;
    this.evidence = evidence;
    this.office = office;
    this.proofs = proofs;
  }

  /**
   * Opens it.
   *
   * @param slow where readings are committed to by night
   */
  static BillingRoom open(Store store, LogKey key, Chores slow, InstantSource clock) {
    store.bills().abandon();
    EvidenceOffice evidence = new EvidenceOffice(store, key, OfficeKey.random(), clock);
    StoredTariffs tariffs = new StoredTariffs(store.tariffs());
    BillingOffice office =
        new BillingOffice(
            store,
            evidence,
            new StoredSupplies(store.agreements(), store.accounts()),
            tariffs,
            new TariffForms(),
            clock);
    EvidenceWatch watch = new EvidenceWatch(store, evidence, clock);
    slow.every("committing to readings", Duration.ofMinutes(10), watch::look);
    BudgetWatch budgets = new BudgetWatch(store, new OwnUse(store, clock), clock);
    slow.every("looking at budgets", Duration.ofMinutes(10), budgets::look);
    return new BillingRoom(
        store,
        evidence,
        office,
        new ProofFiles(
            store,
            (id, version) ->
                tariffs
                    .document(id, version)
                    .map(d -> {
                      Map<String, byte[]> all = new LinkedHashMap<>(d.others());
                      all.put(CanonicalJson.digest(d.bytes()), d.bytes());
                      return all;
                    })
                    .orElse(new LinkedHashMap<>())));
  }

  /** Charges by night whoever pays beforehand. */
  PrepaidDays prepaidDays(InstantSource clock) {
    return new PrepaidDays(
        store,
        evidence,
        new StoredSupplies(store.agreements(), store.accounts()),
        new StoredTariffs(store.tariffs()),
        new TariffForms(),
        clock);
  }

  /** Follows what balances go through. */
  BalanceWatch balances(BalanceActs acts, InstantSource clock) {
    return new BalanceWatch(
        store, new StoredTariffs(store.tariffs()), new TariffForms(), acts, clock);
  }

  BillingOffice office() {
    return office;
  }

  /** Begins a run, which goes on by itself. */
  BillBook.Run start(BillingOffice.Order order, Actor by) {
    if (office.busy()) {
      throw new FaultException(
          Fault.Code.CONFLICT, "run", "another billing run is under way: wait for its end");
    }
    BillBook.Run run = office.begin(order, by);
    Thread.ofVirtual()
        .name("billing run " + run.id())
        .start(() -> {
          try {
            var unused = office.work(run, order);
          } catch (RuntimeException e) {
            LOG.error("billing run {} failed", run.id(), e);
          }
        });
    return run;
  }

  /** A bill by its number. */
  BillBook.Stored stored(String number) {
    return store
        .bills()
        .find(number)
        .orElseThrow(() ->
            FaultException.notFound("number", "there is no bill of this number: see GET /bills"));
  }

  /** The file that 'bill verify' takes. */
  byte[] proof(String number, boolean messages) {
    BillBook.Stored stored = stored(number);
    try {
      var file = proofs.of(stored, messages);
      if (file.isEmpty()) {
        evidence.sign(); // it is younger than the last checkpoint
        file = proofs.of(stored, messages);
      }
      return file.orElseThrow(() ->
              new FaultException(
                  Fault.Code.INTERNAL, "number", "no checkpoint covers it: see the server's log"))
          .toString()
          .getBytes(StandardCharsets.UTF_8);
    } catch (ProofException e) {
      throw new FaultException(
          Fault.Code.INTERNAL, "bill " + number, String.valueOf(e.getMessage()));
    }
  }

  /** What is printed. */
  BillSheet sheet(String number) {
    BillBook.Stored stored = stored(number);
    try {
      return BillSheet.of(
          ProofFiles.document(stored.document()),
          stored.customer().map(Addressee::of),
          stored.head().creditedBy(),
          CanonicalJson.digest(stored.document()));
    } catch (ProofException e) {
      throw new FaultException(
          Fault.Code.INTERNAL, "bill " + number, String.valueOf(e.getMessage()));
    }
  }
}

package org.gridwarden.mdm.billrun;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.proof.BillVerifier;
import org.gridwarden.mdm.proof.CanonicalJson;
import org.gridwarden.mdm.proof.ProofFile;
import org.gridwarden.mdm.proof.ProofFiles;
import org.gridwarden.mdm.proof.TariffForms;
import org.gridwarden.mdm.proof.Verdict;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.store.Account;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;

/** An office over a real store, with a clock that a test sets, accounts and agreements. */
final class BillField implements AutoCloseable {
  static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  static final Actor BERTA = new Actor(Actor.Kind.PERSON, "berta");

  final AtomicReference<Instant> time;
  final Store store;
  final EvidenceOffice evidence;
  final Supplies supplies;
  final Map<String, String> tariffs = new HashMap<>();
  final Shelf shelf = new Shelf();
  final BillingOffice billing;
  final PublicKey office;

  BillField(Path folder, Instant now) throws Exception {
    time = new AtomicReference<>(now);
    store = Store.open(StoreSettings.embedded(folder.resolve("data")), time::get);
    Path keys = folder.resolve("keys");
    LogKey key = LogKey.open(keys, OfficeKey.open(keys));
    office = LogKey.publicKey(key.publicPem());
    evidence = new EvidenceOffice(store, key, new SecureRandom(), time::get);
    supplies = new StoredSupplies(store.agreements(), store.accounts());
    billing = new BillingOffice(store, evidence, supplies, shelf, new TariffForms(), time::get);
  }

  @Override
  public void close() {
    store.close();
  }

  /** A meter that has stood at a service point for long; at none where it is empty. */
  MeterId meter(String id, String point) {
    MeterId meter = new MeterId(id);
    store
        .meters()
        .put(
            new Meter(
                meter,
                id,
                new byte[0],
                "generic",
                ZURICH,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            point);
    sql("UPDATE service_point_term SET since = '2025-12-31T23:00:00Z'");
    return meter;
  }

  /** An account that is supplied at a service point from a day on. */
  void supply(String account, String point, String tariff, LocalDate since) {
    if (store.accounts().find(account).isEmpty()) {
      store
          .accounts()
          .open(
              account,
              new Account.Holder("Anna Muster", "Weg 7", "8000 Zürich", "", "", "de"),
              BERTA);
    }
    store.agreements().moveIn(account, point, tariff, start(since), false, BERTA);
  }

  static Instant start(LocalDate date) {
    return date.atStartOfDay(ZURICH).toInstant();
  }

  /** The same energy in each quarter-hour of days. */
  void measure(MeterId whose, LocalDate from, LocalDate to, long wattHours) {
    for (LocalDate date = from; date.isBefore(to); date = date.plusDays(1)) {
      Day day = Day.of(date, ZURICH, Duration.ofMinutes(15));
      long[] values = new long[day.slots()];
      Arrays.fill(values, wattHours);
      merge(whose, ENERGY, day, values, new byte[values.length]);
    }
  }

  /** A day without the slots from one to another. */
  void measureWithout(MeterId whose, LocalDate date, long wattHours, int from, int to) {
    Day day = Day.of(date, ZURICH, Duration.ofMinutes(15));
    long[] values = new long[day.slots()];
    byte[] quality = new byte[day.slots()];
    Arrays.fill(values, wattHours);
    Arrays.fill(quality, from, to, Quality.MISSING);
    merge(whose, ENERGY, day, values, quality);
  }

  void merge(MeterId whose, ObisCode channel, Day day, long[] values, byte[] quality) {
    IntervalBlock block =
        new IntervalBlock(whose, channel, Layer.RAW, day, 0, Unit.WATT_HOUR, values, quality);
    var unused =
        store
            .unitOfWork()
            .call(tx -> {
              store.blocks().merge(tx, List.of(block));
              return 0;
            });
  }

  BillBook.Run bill(Period period, String point) {
    return billing.run(new BillingOffice.Order(period, Set.of(point), false), BERTA);
  }

  /** Why the only account of a service point was not billed. */
  BillBook.Blocked blocked(BillBook.Run run) {
    return store.bills().blocked(run.id(), "", 10).getFirst();
  }

  String balance(String account) {
    return store
        .ledger()
        .last(account)
        .orElseThrow()
        .balance()
        .stripTrailingZeros()
        .toPlainString();
  }

  /** Verifies the last bill of a service point. */
  Verdict verify(String point) throws Exception {
    BillBook.Head head = store.bills().list(null, point, null, null, 1).getFirst();
    byte[] file =
        new ProofFiles(
                store,
                (id, version) -> {
                  byte[] bytes = document(id);
                  return Map.of(CanonicalJson.digest(bytes), bytes);
                })
            .of(store.bills().find(head.number()).orElseThrow(), true)
            .orElseThrow()
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    return new BillVerifier(office, List.of(), new TariffForms()).verify(ProofFile.parse(file));
  }

  void sql(String statement) {
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement()) {
      s.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] document(String id) {
    return requireNonNull(tariffs.get(id)).getBytes(StandardCharsets.UTF_8);
  }

  /** The field's tariffs, one version each. */
  final class Shelf implements Tariffs {
    @Override
    public List<Version> versions(String id) {
      return List.of(
          new Version(
              id, 1, LocalDate.of(2026, 1, 1), CanonicalJson.digest(BillField.this.document(id))));
    }

    @Override
    public Optional<Document> document(String id, int version) {
      return Optional.of(new Document(BillField.this.document(id), Map.of()));
    }
  }
}

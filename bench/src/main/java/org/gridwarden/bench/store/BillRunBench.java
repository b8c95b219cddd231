package org.gridwarden.bench.store;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.gridwarden.bench.Report;
import org.gridwarden.bench.billing.BenchTariff;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.UrdbTariff;
import org.gridwarden.mdm.billrun.BillingOffice;
import org.gridwarden.mdm.billrun.EvidenceOffice;
import org.gridwarden.mdm.billrun.Period;
import org.gridwarden.mdm.billrun.StoredSupplies;
import org.gridwarden.mdm.billrun.Tariffs;
import org.gridwarden.mdm.proof.CanonicalJson;
import org.gridwarden.mdm.proof.Reckoner;
import org.gridwarden.mdm.proof.TariffForms;
import org.gridwarden.mdm.proof.TariffUse;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench bill-run}: a month's billing run over a full store, from stored day rows to bills
 * that are issued with their evidence, beside the bare reckoning of as many in the same process.
 */
@Command(
    name = "bill-run",
    description =
        "A month's billing run over a full store, from day rows to issued bills with their evidence,"
            + " beside the bare reckoning of as many.")
public final class BillRunBench implements Callable<Integer> {
  private static final LocalDate TO = LocalDate.of(2026, 11, 1);
  private static final int DAYS = 31;
  private static final Instant NOW = Instant.parse("2026-11-03T06:00:00Z");
  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final byte[] TARIFF = BenchTariff.TIME_OF_USE.getBytes(StandardCharsets.UTF_8);

  @Option(names = "--meters", defaultValue = "10000", description = "Meters (${DEFAULT-VALUE}).")
  private int meters = 10_000;

  @Option(names = "--json", description = "One JSON object on a line.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    System.setProperty("logback.configurationFile", "org/gridwarden/bench/logback.xml");
    try (FullStore full = FullStore.fill(meters, DAYS);
        Store store = Store.open(StoreSettings.embedded(full.data()), () -> NOW)) {
      Path keys = full.folder().resolve("keys");
      LogKey key = LogKey.open(keys, OfficeKey.open(keys));
      EvidenceOffice evidence = new EvidenceOffice(store, key, new SecureRandom(), () -> NOW);
      BillingOffice billing =
          new BillingOffice(
              store,
              evidence,
              new StoredSupplies(store.agreements(), store.accounts()),
              new One(),
              new TariffForms(),
              () -> NOW);
      double committed = commit(evidence);
      long begun = System.nanoTime();
      BillBook.Run run =
          billing.run(
              new BillingOffice.Order(new Period(FullStore.FIRST, TO), Set.of(), false),
              Actor.system("bench"));
      double seconds = (System.nanoTime() - begun) / 1e9;
      if (run.billed() != meters || !run.failure().isEmpty()) {
        throw new IllegalStateException(
            run.billed() + " of " + meters + " were billed: " + run.failure());
      }
      double reckoned = reckon();
      long intervals = (long) meters * DAYS * FullStore.SLOTS;
      Report report =
          new Report()
              .add("meters", meters)
              .add("intervals", intervals)
              .add("committed_meter_days_per_s", (double) meters * DAYS / committed)
              .add("run_s", seconds)
              .add("bills_per_s", meters / seconds)
              .add("run_intervals_per_s", intervals / seconds)
              .add("reckoning_alone_s", reckoned)
              .add("reckoning_alone_intervals_per_s", intervals / reckoned);
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? report.json() : report.table());
      out.flush();
      return 0;
    }
  }

  /** As each night does, all at once: what a run finds committed to already. */
  private double commit(EvidenceOffice evidence) {
    long begun = System.nanoTime();
    for (int meter = 1; meter <= meters; meter++) {
      var unused = evidence.commit(new MeterId("B" + meter), UTC, FullStore.FIRST, TO);
    }
    var signed = evidence.sign();
    return (System.nanoTime() - begun) / 1e9;
  }

  private double reckon() throws Exception {
    Tariff tariff = UrdbTariff.parse(TARIFF);
    TariffUse use =
        new TariffUse(
            "tou",
            1,
            CanonicalJson.digest(TARIFF),
            tariff.name(),
            FullStore.FIRST,
            TO,
            FullStore.FIRST,
            FullStore.FIRST,
            false);
    List<Load> homes = new ArrayList<>();
    for (int home = 0; home < 100; home++) {
      long[] values = new long[DAYS * FullStore.SLOTS];
      for (int i = 0; i < values.length; i++) {
        values[i] = 40 + (i * 31L + home) % 60;
      }
      homes.add(
          new Load("m", FullStore.FIRST.atStartOfDay(UTC).toInstant(), 900, values, 3, false));
    }
    Reckoner reckoner = new Reckoner();
    BigDecimal total = BigDecimal.ZERO;
    for (int warm = 0; warm < 20_000; warm++) {
      total = total.add(reckoner.part(tariff, homes.get(warm % 100), UTC, use).total());
    }
    long begun = System.nanoTime();
    for (int meter = 0; meter < meters; meter++) {
      total = total.add(reckoner.part(tariff, homes.get(meter % 100), UTC, use).total());
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    if (total.signum() <= 0) {
      throw new IllegalStateException("nothing was reckoned");
    }
    return seconds;
  }

  /** One tariff for all. */
  private static final class One implements Tariffs {
    @Override
    public List<Version> versions(String id) {
      return List.of(new Version(id, 1, LocalDate.of(2026, 1, 1), CanonicalJson.digest(TARIFF)));
    }

    @Override
    public Optional<Document> document(String id, int version) {
      return Optional.of(new Document(TARIFF, Map.of()));
    }
  }
}

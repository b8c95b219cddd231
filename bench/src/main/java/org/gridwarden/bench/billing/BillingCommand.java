package org.gridwarden.bench.billing;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.gridwarden.bench.Report;
import org.gridwarden.core.Day;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.UrdbTariff;
import org.gridwarden.mdm.proof.BillDocument;
import org.gridwarden.mdm.proof.BillPart;
import org.gridwarden.mdm.proof.CanonicalJson;
import org.gridwarden.mdm.proof.DayRecord;
import org.gridwarden.mdm.proof.MeterTime;
import org.gridwarden.mdm.proof.Reckoner;
import org.gridwarden.mdm.proof.SlotRecord;
import org.gridwarden.mdm.proof.TariffUse;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./gridwarden bench billing}: a month's bills under a time-of-use tariff on one core. First
 * what the published figure is about, from readings to amounts; then, for a part of the meters, the
 * whole bill with its evidence: load put together from records, document, hashes. Reading and
 * writing the store is in neither.
 */
@Command(
    name = "billing",
    description =
        "A month's bills under a time-of-use tariff: intervals a second on one core, beside the"
            + " published figure of a commercial system.")
public final class BillingCommand implements Callable<Integer> {
  /** 10 M meters x 48 intervals in 36 minutes on 16 cores. */
  private static final double COMMERCIAL = 14_000;

  private static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
  private static final LocalDate FROM = LocalDate.of(2026, 10, 1);
  private static final LocalDate TO = LocalDate.of(2026, 11, 1);
  private static final int STEP = 900;
  private static final int HOMES = 500;
  private static final String SALT = "00".repeat(16);

  @Option(names = "--meters", defaultValue = "1000000", description = "Meters (${DEFAULT-VALUE}).")
  private int meters = 1_000_000;

  @Option(
      names = "--proofs",
      defaultValue = "5000",
      description = "For how many of them the evidence is made as well (${DEFAULT-VALUE}).")
  private int proofs = 5_000;

  @Option(names = "--json", description = "One JSON object on a line.")
  private boolean json;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  private BigDecimal total = BigDecimal.ZERO;

  @Override
  public Integer call() throws Exception {
    byte[] document = BenchTariff.TIME_OF_USE.getBytes(StandardCharsets.UTF_8);
    Tariff tariff = UrdbTariff.parse(document);
    TariffUse use =
        new TariffUse(
            "tou", 1, CanonicalJson.digest(document), tariff.name(), FROM, TO, FROM, FROM, false);
    List<Load> homes = homes();
    int slots = homes.getFirst().values().length;
    Reckoner reckoner = new Reckoner();
    bill(reckoner, tariff, use, homes, Math.min(meters, 50_000));
    total = BigDecimal.ZERO;
    long begun = System.nanoTime();
    long nanos = bill(reckoner, tariff, use, homes, meters);
    long passed = System.nanoTime() - begun;
    double perSecond = (double) meters * slots / nanos * 1e9;
    Report report =
        new Report()
            .add("meters", meters)
            .add("intervals", (long) meters * slots)
            .add("threads", 1)
            .add("seconds", passed / 1e9)
            .add("core_seconds", nanos / 1e9)
            .add("bills_per_s_per_core", meters / (nanos / 1e9))
            .add("intervals_per_s_per_core", perSecond)
            .add("commercial_intervals_per_s_per_core", COMMERCIAL)
            .add("times_the_commercial_figure", perSecond / COMMERCIAL)
            .add("billed_chf", total.doubleValue());
    if (proofs > 0) {
      List<List<DayRecord>> days = homes.stream().map(BillingCommand::days).toList();
      prove(reckoner, tariff, use, days, Math.min(proofs, 1_000));
      long whole = prove(reckoner, tariff, use, days, proofs);
      double withProof = (double) proofs * slots / whole * 1e9;
      report
          .add("with_evidence_meters", proofs)
          .add("with_evidence_bills_per_s_per_core", proofs / (whole / 1e9))
          .add("with_evidence_intervals_per_s_per_core", withProof)
          .add("with_evidence_times_the_commercial_figure", withProof / COMMERCIAL);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? report.json() : report.table());
    out.flush();
    return 0;
  }

  private long bill(Reckoner reckoner, Tariff tariff, TariffUse use, List<Load> homes, int count)
      throws Exception {
    long begun = cpu();
    for (int meter = 0; meter < count; meter++) {
      BillPart part = reckoner.part(tariff, homes.get(meter % homes.size()), ZONE, use);
      total = total.add(part.total());
    }
    return cpu() - begun;
  }

  /** What this thread has had of a core, in nanoseconds: others that are busy do not count. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private long prove(
      Reckoner reckoner, Tariff tariff, TariffUse use, List<List<DayRecord>> homes, int count)
      throws Exception {
    List<MeterTime> times = List.of(new MeterTime("m", start(FROM), start(TO)));
    long leaves = 0;
    long begun = cpu();
    for (int meter = 0; meter < count; meter++) {
      List<DayRecord> days = homes.get(meter % homes.size());
      Load load = Reckoner.load("sp", days, times, ZONE, use).load();
      BillPart part = reckoner.part(tariff, load, ZONE, use);
      for (DayRecord day : days) {
        leaves += day.leaf().bytes().length;
      }
      BillDocument bill =
          new BillDocument(
              "2026-000001",
              BillDocument.BILL,
              start(TO),
              "gridwarden evidence",
              new BillDocument.Customer("100001", "00".repeat(32)),
              "sp",
              ZONE,
              FROM,
              TO,
              "",
              "",
              Currency.getInstance("CHF"),
              part.total(),
              List.of(part),
              times,
              days,
              List.of(),
              SALT);
      String digest = CanonicalJson.digest(CanonicalJson.of(bill.json()));
      leaves += CanonicalJson.leaf(BillDocument.leaf(bill.number(), digest)).bytes().length;
    }
    long nanos = cpu() - begun;
    if (leaves == 0) {
      throw new IllegalStateException("nothing was hashed");
    }
    return nanos;
  }

  private static List<Load> homes() {
    SplittableRandom dice = new SplittableRandom(8);
    int slots = (int) ((start(TO).getEpochSecond() - start(FROM).getEpochSecond()) / STEP);
    List<Load> homes = new ArrayList<>();
    for (int home = 0; home < HOMES; home++) {
      long[] values = new long[slots];
      for (int i = 0; i < slots; i++) {
        values[i] = 40 + dice.nextInt(60) + (dice.nextInt(20) == 0 ? dice.nextInt(1_500) : 0);
      }
      homes.add(new Load("m" + home, start(FROM), STEP, values, 3, false));
    }
    return homes;
  }

  private static List<DayRecord> days(Load load) {
    List<DayRecord> days = new ArrayList<>();
    int at = 0;
    for (LocalDate date = FROM; date.isBefore(TO); date = date.plusDays(1)) {
      Day day = Day.of(date, ZONE, java.time.Duration.ofSeconds(STEP));
      List<SlotRecord> slots = new ArrayList<>();
      for (int i = 0; i < day.slots(); i++) {
        slots.add(SlotRecord.good(load.values()[at++]));
      }
      days.add(
          new DayRecord(
              "m",
              "1.0.1.29.0.255",
              date,
              day.start(),
              STEP,
              "Wh",
              0,
              1,
              slots,
              Optional.empty(),
              SALT));
    }
    return days;
  }

  private static Instant start(LocalDate date) {
    return date.atStartOfDay(ZONE).toInstant();
  }
}

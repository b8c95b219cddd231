package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.mdm.billing.Bill;
import org.gridwarden.mdm.billing.BillJson;
import org.gridwarden.mdm.billing.BillLine.Kind;
import org.gridwarden.mdm.billing.BillPage;
import org.gridwarden.mdm.billing.BilledMonth;
import org.gridwarden.mdm.billing.Biller;
import org.gridwarden.mdm.billing.IncompleteLoadException;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Loads;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.gridwarden.mdm.tariff.TariffFile;
import org.jspecify.annotations.Nullable;

/** What {@link BillCommand} does. */
final class BillRun {
  private final PrintWriter out;
  private final PrintWriter err;

  BillRun(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  void run(
      Path tariffFile,
      Path loadFile,
      @Nullable ZoneId zone,
      @Nullable Integer year,
      boolean json,
      @Nullable Path html) {
    Tariff tariff = tariff(tariffFile);
    Loads csv = loads(loadFile);
    ZoneRules rules = zone == null ? csv.civil() : zone.getRules();
    Biller biller = new Biller(tariff, rules);
    List<Bill> bills = new ArrayList<>();
    for (Load load : csv.loads()) {
      try {
        bills.add(biller.bill(load, month -> year == null || month.getYear() == year));
      } catch (IncompleteLoadException e) {
        throw new Failure(loadFile + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
      } catch (IllegalArgumentException e) {
        throw new Failure(
            "%s: meter %s has no readings in %s: they go from %s to %s"
                .formatted(loadFile, load.meter(), year, load.start(), load.end()),
            Gridwarden.WRONG_INPUT);
      }
    }
    parts(bills);
    if (html != null) {
      page(html, bills);
    }
    if (json) {
      out.println(BillJson.of(bills));
    } else {
      bills.forEach(this::print);
    }
    out.flush();
  }

  private static Tariff tariff(Path file) {
    try {
      return TariffFile.read(file).tariff();
    } catch (TariffException e) {
      throw new Failure(file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    } catch (NoSuchFileException e) {
      throw new Failure("there is no file " + file, Gridwarden.WRONG_INPUT);
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private static Loads loads(Path file) {
    try {
      return Loads.read(file);
    } catch (LoadFileException e) {
      throw new Failure(String.valueOf(e.getMessage()), Gridwarden.WRONG_INPUT);
    } catch (NoSuchFileException e) {
      throw new Failure("there is no file " + file, Gridwarden.WRONG_INPUT);
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  /** Says which months were charged in part, since that is easily overlooked. */
  private void parts(List<Bill> bills) {
    for (Bill bill : bills) {
      for (BilledMonth month : bill.months()) {
        YearMonth which = month.determinants().month();
        if (month.determinants().days() < which.lengthOfMonth()) {
          err.printf(
              "meter %s: %s was measured on %d of %d days; what is priced by the month is charged"
                  + " in part%n",
              bill.meter(), which, month.determinants().days(), which.lengthOfMonth());
        }
      }
    }
    err.flush();
  }

  private void print(Bill bill) {
    String currency = bill.tariff().currency().getCurrencyCode();
    out.printf("Meter %s, %s, %s%n", bill.meter(), bill.tariff().name(), currency);
    List<List<String>> rows = new ArrayList<>();
    for (BilledMonth month : bill.months()) {
      rows.add(
          List.of(
              month.determinants().month().toString(),
              BillPage.figure(month.determinants().used(), 1),
              BillPage.figure(month.billedDemand(), 2),
              month.sum(Kind.ENERGY).add(month.sum(Kind.FEED_IN)).toPlainString(),
              month.sum(Kind.DEMAND).toPlainString(),
              month
                  .sum(Kind.FIXED)
                  .add(month.sum(Kind.MINIMUM))
                  .add(month.sum(Kind.TAX))
                  .add(month.sum(Kind.ROUNDING))
                  .toPlainString(),
              month.total().toPlainString()));
    }
    Table.print(
        out, List.of("month", "kWh", "billed kW", "energy", "demand", "other", "total"), rows);
    out.printf("Total: %s %s%n", bill.total().toPlainString(), currency);
  }

  private static void page(Path file, List<Bill> bills) {
    Path half = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.writeString(half, BillPage.of(bills));
      Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new Failure("cannot write " + file + ": " + e.getMessage());
    }
  }
}

package org.gridwarden.mdm.billrun;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.DeskFault;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.proof.DayRecord;
import org.gridwarden.mdm.proof.MeterTime;
import org.gridwarden.mdm.proof.PointLoad;
import org.gridwarden.mdm.virtual.Formula;
import org.gridwarden.mdm.virtual.FormulaException;
import org.gridwarden.store.Store;
import org.gridwarden.store.VirtualMeterBook;

/**
 * Virtual meters: made once they are known to make sense, and read as they are billed. Thread-safe.
 */
public final class VirtualReadings {
  /** So many days at once. */
  public static final int MOST_DAYS = 400;

  private final Store store;
  private final StoredDays days;
  private final VirtualTerms terms;

  /** Over a store. */
  public VirtualReadings(Store store) {
    this.store = store;
    this.days = new StoredDays(store);
    this.terms = new VirtualTerms(store);
  }

  /**
   * Makes one.
   *
   * @param fresh of which the times and the author mean nothing
   * @throws DeskFault where its formula makes no sense, or names a meter that is not known
   */
  public VirtualMeterBook.Virtual make(VirtualMeterBook.Virtual fresh, Actor by) {
    try {
      Formula formula = Formula.parse(fresh.formula());
      var unused = terms.times(fresh, fresh.zone(), Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
      return store
          .virtualMeters()
          .make(fresh.id(), fresh.zone(), fresh.servicePoint(), formula.toString(), by);
    } catch (FormulaException e) {
      throw new DeskFault(Fault.Code.MALFORMED, "formula", String.valueOf(e.getMessage()));
    } catch (Blocked e) {
      throw new DeskFault(Fault.Code.MALFORMED, "formula", e.detail());
    }
  }

  /**
   * Its energy in kWh over days, exact; {@link Load#MISSING} where one of its meters has no value.
   *
   * @param to the day after the last
   * @throws DeskFault where there is no such meter, or its meters' intervals do not fit together
   */
  public Load read(String id, LocalDate from, LocalDate to) {
    VirtualMeterBook.Virtual virtual =
        store
            .virtualMeters()
            .find(id)
            .orElseThrow(() ->
                new DeskFault(Fault.Code.UNKNOWN_METER, "id", "there is no virtual meter " + id));
    if (!from.isBefore(to) || from.plusDays(MOST_DAYS).isBefore(to)) {
      throw new DeskFault(
          Fault.Code.MALFORMED, "to", "is 1 to " + MOST_DAYS + " days after the first");
    }
    Instant begin = from.atStartOfDay(virtual.zone()).toInstant();
    Instant end = to.atStartOfDay(virtual.zone()).toInstant();
    try {
      List<MeterTime> times = terms.times(virtual, virtual.zone(), begin, end);
      List<DayRecord> records = new ArrayList<>();
      for (MeterTime time : times) {
        days.read(new MeterId(time.meter()), virtual.zone(), from, to)
            .forEach(day -> records.add(day.record()));
      }
      return PointLoad.of(id, records, times, begin, end).load();
    } catch (Blocked e) {
      throw new DeskFault(Fault.Code.CONFLICT, "id", e.detail());
    } catch (PointLoad.UnfitException e) {
      throw new DeskFault(Fault.Code.CONFLICT, "id", String.valueOf(e.getMessage()));
    }
  }
}

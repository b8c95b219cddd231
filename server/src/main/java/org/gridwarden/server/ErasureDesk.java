package org.gridwarden.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.SortedSet;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.headend.integrity.DataWatch;
import org.gridwarden.store.Erasure;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is deleted on purpose: a person's data, and readings beyond their retention; with the
 * fingerprints of the days, so that it is not taken for an edit. Thread-safe.
 */
final class ErasureDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ErasureDesk.class);

  private final Store store;
  private final DataWatch watch;
  private final Duration readings;
  private final InstantSource clock;

  /**
   * @param readings how long readings are kept; zero for ever
   */
  ErasureDesk(Store store, DataWatch watch, Duration readings, InstantSource clock) {
    this.store = store;
    this.watch = watch;
    this.readings = readings;
    this.clock = clock;
  }

  Erasure.Result user(String name, Actor by, String reason) {
    Function<Tx, Erasure.Result> work = tx -> store.erasure().user(tx, name, by, reason);
    return told(() -> store.unitOfWork().call(work));
  }

  Erasure.Result account(String account, Actor by, String reason) {
    Function<Tx, Erasure.Result> work = tx -> store.erasure().account(tx, account, by, reason);
    return told(() -> store.unitOfWork().call(work));
  }

  Erasure.Result term(MeterId meter, Instant since, Instant until, Actor by, String reason) {
    return told(() -> {
      store.folding().fold(); // what waits beside the day rows is in them
      Function<Tx, SortedSet<LocalDate>> which =
          tx -> store.erasure().days(tx, meter, since, until);
      SortedSet<LocalDate> days = store.unitOfWork().call(which);
      return watch.erase(
          meter, days, tx -> store.erasure().term(tx, meter, since, until, by, reason));
    });
  }

  /** Deletes readings that are older than they are kept. */
  void retain() {
    if (readings.isZero()) {
      return;
    }
    LocalDate keepFrom = LocalDate.ofInstant(clock.instant().minus(readings), ZoneOffset.UTC);
    long gone = watch.forget(keepFrom, tx -> store.oldReadings().delete(tx, keepFrom));
    if (gone > 0) {
      LOG.info("readings of before {} were deleted: {} rows and months", keepFrom, gone);
    }
  }

  private interface Work {
    Erasure.Result run();
  }

  private static Erasure.Result told(Work work) {
    try {
      return work.run();
    } catch (StoreException e) {
      Fault fault = e.fault();
      if (fault.code() == Fault.Code.INTERNAL) {
        throw e;
      }
      throw new FaultException(fault.code(), fault.where(), fault.remedy());
    }
  }
}

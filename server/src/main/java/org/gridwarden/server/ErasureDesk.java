package org.gridwarden.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.headend.integrity.DataWatch;
import org.gridwarden.store.Erasure;
import org.gridwarden.store.ErasureRequests;
import org.gridwarden.store.ErasureRequests.Kind;
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

  /** Asks for a user's name to be erased; the request's number. */
  long askUser(String name, Actor by, String reason) {
    if (store.users().find(name).isPresent()) {
      throw new FaultException(
          Fault.Code.CONFLICT, "name", name + " still has an account: remove the user first");
    }
    return store
        .erasureRequests()
        .ask(Kind.USER, name, Optional.empty(), Optional.empty(), reason, by);
  }

  /** Asks for an account's holder to be erased; the request's number. */
  long askAccount(String account, Actor by, String reason) {
    return store
        .erasureRequests()
        .ask(Kind.ACCOUNT, account, Optional.empty(), Optional.empty(), reason, by);
  }

  /** Asks for a consumer's time at a meter to be erased; the request's number. */
  long askTerm(MeterId meter, Instant since, Instant until, Actor by, String reason) {
    return store
        .erasureRequests()
        .ask(Kind.TERM, meter.value(), Optional.of(since), Optional.of(until), reason, by);
  }

  /** Does what another person asked for. */
  Erasure.Result approve(long id, Actor by) {
    return told(() -> {
      ErasureRequests.Request request = store.erasureRequests().approve(id, by);
      boolean done = false;
      try {
        Erasure.Result result =
            switch (request.kind()) {
              case USER -> user(request.whom(), by, request.reason());
              case ACCOUNT -> account(request.whom(), by, request.reason());
              case TERM ->
                  term(
                      new MeterId(request.whom()),
                      request.since().orElseThrow(),
                      request.until().orElseThrow(),
                      by,
                      request.reason());
            };
        store.erasureRequests().done(id);
        done = true;
        return result;
      } finally {
        if (!done) {
          store.erasureRequests().reopen(id);
        }
      }
    });
  }

  /** A person decides against it, or who asked takes it back. */
  void refuse(long id, Actor by) {
    told(() -> {
      store.erasureRequests().refuse(id, by);
      return new Erasure.Result(0, Map.of(), 0);
    });
  }

  private Erasure.Result user(String name, Actor by, String reason) {
    Function<Tx, Erasure.Result> work = tx -> store.erasure().user(tx, name, by, reason);
    return store.unitOfWork().call(work);
  }

  private Erasure.Result account(String account, Actor by, String reason) {
    Function<Tx, Erasure.Result> work = tx -> store.erasure().account(tx, account, by, reason);
    return store.unitOfWork().call(work);
  }

  private Erasure.Result term(
      MeterId meter, Instant since, Instant until, Actor by, String reason) {
    store.folding().fold(); // what waits beside the day rows is in them
    Function<Tx, SortedSet<LocalDate>> which = tx -> store.erasure().days(tx, meter, since, until);
    SortedSet<LocalDate> days = store.unitOfWork().call(which);
    return watch.erase(
        meter, days, tx -> store.erasure().term(tx, meter, since, until, by, reason));
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

package org.gridwarden.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.gridwarden.headend.work.WorkDesk;
import org.gridwarden.headend.work.WorkPolicy;
import org.gridwarden.headend.work.WorkWatch;
import org.gridwarden.mdm.vee.ExceptionDesk;
import org.gridwarden.mdm.vee.NightWatch;
import org.gridwarden.mdm.vee.RuleBook;
import org.gridwarden.mdm.vee.VeeRuns;
import org.gridwarden.store.Store;

/**
 * What the office does away from the meters.
 *
 * @param validation runs of validation and estimation
 * @param exceptions what people decide about what these found
 * @param night runs validation once a night
 * @param work what people decide about work in the field
 * @param watch orders work that happenings ask for
 */
record BackOffice(
    VeeRuns validation,
    ExceptionDesk exceptions,
    NightWatch night,
    WorkDesk work,
    WorkWatch watch) {
  /**
   * Opens it and has its chores done.
   *
   * @throws ServerException where the data folder's own file of work orders makes no sense
   */
  static BackOffice open(Stack stack, Chores chores, Store store, Path folder, InstantSource clock)
      throws IOException {
    WorkPolicy policy;
    try {
      policy = WorkPolicy.in(folder);
    } catch (IllegalArgumentException e) {
      throw new ServerException(String.valueOf(e.getMessage()), e);
    }
    VeeRuns validation = stack.push(new VeeRuns(store, RuleBook.shipped(), clock));
    BackOffice office =
        new BackOffice(
            validation,
            new ExceptionDesk(store, clock),
            new NightWatch(store, validation, clock),
            new WorkDesk(store, policy),
            new WorkWatch(store, policy, clock));
    chores.every("validation and estimation", Duration.ofMinutes(10), office.night::look);
    chores.every("work in the field", Duration.ofMinutes(10), office.watch::look);
    return office;
  }
}

package org.gridwarden.headend.work;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.store.Store;
import org.gridwarden.store.WorkBook.Asking;
import org.gridwarden.store.WorkOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders the work that happenings ask for, once each: a case, a silence or a mounting that had its
 * order asks for no second one. Thread-safe.
 */
public final class WorkWatch {
  private static final Logger LOG = LoggerFactory.getLogger(WorkWatch.class);
  private static final Actor AUTHOR = Actor.system("work");

  private final Store store;
  private final WorkPolicy policy;
  private final InstantSource clock;

  public WorkWatch(Store store, WorkPolicy policy, InstantSource clock) {
    this.store = store;
    this.policy = policy;
    this.clock = clock;
  }

  /**
   * Looks at what asks for work.
   *
   * @return how many orders were made
   */
  public int look() {
    int made = 0;
    for (WorkPolicy.Happening happening : WorkPolicy.Happening.values()) {
      Optional<WorkPolicy.Rule> rule = policy.rule(happening);
      if (rule.isPresent()) {
        made += order(happening, rule.get());
      }
    }
    return made;
  }

  private int order(WorkPolicy.Happening happening, WorkPolicy.Rule rule) {
    int most = rule.most() + 1;
    List<Asking> asking =
        switch (happening) {
          case CASE_OPENED -> store.work().cases(most);
          case METER_SILENT -> store.work().silent(rule.after(), most);
          case EXCHANGE_DUE -> store.work().exchangeDue(rule.after(), most);
        };
    if (asking.size() > rule.most()) {
      LOG.warn(
          "{}: more than {} at once, which is no matter of single meters: no work is ordered; look"
              + " for what they have in common, or raise {}.most in {}",
          happening.word(),
          rule.most(),
          happening.word(),
          WorkPolicy.FILE);
      return 0;
    }
    int made = 0;
    for (Asking one : asking) {
      WorkOrder.What what =
          new WorkOrder.What(
              rule.kind(),
              rule.title(),
              rule.severity(),
              Optional.of(one.meter()),
              one.servicePoint(),
              one.cause(),
              Optional.of(clock.instant().plus(rule.due())));
      Optional<Long> id = store.unitOfWork().call(tx -> store.work().create(tx, what, AUTHOR));
      made += id.isPresent() ? 1 : 0;
    }
    return made;
  }
}

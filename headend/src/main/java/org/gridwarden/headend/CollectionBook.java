package org.gridwarden.headend;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.CollectionClock;
import org.gridwarden.store.CollectionGaps;
import org.gridwarden.store.CollectionResult;
import org.gridwarden.store.CollectionStore;
import org.gridwarden.store.CollectionTurn;

/** Where collection writes down what is due and how it went: the store. Thread-safe. */
public interface CollectionBook {
  /** See {@link CollectionStore#enroll}. */
  int enroll(Instant due);

  /** See {@link CollectionStore#due}. */
  CollectionStore.Due due(Instant now, CollectionStore.Position after, int most);

  /** See {@link CollectionStore#turns(MeterId)}. */
  List<CollectionTurn> turns(MeterId meter);

  /** See {@link CollectionStore#gaps}. */
  List<CollectionGaps> gaps(List<CollectionGaps.Question> questions);

  /** See {@link CollectionStore#settle}. */
  void settle(List<CollectionResult> results, List<CollectionClock> clocks);

  /**
   * Audits, durably, that a clock is about to be corrected; where it fails nothing is corrected.
   */
  void auditCorrection(MeterId meter, Duration by);
}

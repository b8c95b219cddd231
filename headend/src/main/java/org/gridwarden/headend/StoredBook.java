package org.gridwarden.headend;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.CollectionClock;
import org.gridwarden.store.CollectionGaps;
import org.gridwarden.store.CollectionResult;
import org.gridwarden.store.CollectionStore;
import org.gridwarden.store.CollectionTurn;
import org.gridwarden.store.Store;

/** The book in the database. Thread-safe. */
public final class StoredBook implements CollectionBook {
  private final Store store;
  private final CollectionStore collection;

  public StoredBook(Store store) {
    this.store = store;
    this.collection = store.collection();
  }

  @Override
  public int enroll(Instant due) {
    return collection.enroll(due);
  }

  @Override
  public CollectionStore.Due due(Instant now, CollectionStore.Position after, int most) {
    return collection.due(now, after, most);
  }

  @Override
  public List<CollectionTurn> turns(MeterId meter) {
    return collection.turns(meter);
  }

  @Override
  public List<CollectionGaps> gaps(List<CollectionGaps.Question> questions) {
    return collection.gaps(questions);
  }

  @Override
  public void settle(List<CollectionResult> results, List<CollectionClock> clocks) {
    collection.settle(results, clocks);
  }

  @Override
  public void auditCorrection(MeterId meter, Duration by) {
    byte[] detail =
        ("meter=" + meter + " seconds=" + by.toSeconds()).getBytes(StandardCharsets.UTF_8);
    store
        .unitOfWork()
        .call(tx ->
            store.auditLog().append(tx, Actor.system("collection"), "clock.corrected", detail));
  }
}

package org.gridwarden.store;

import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Received;

/**
 * Where received messages become durable: a batch is one transaction that moves replay windows and
 * writes evidence, readings and events. Idempotent. Thread-safe; messages of one meter are to come
 * through one thread at a time, else batches are tried again.
 */
public final class IntakeStore {
  private final Rooms rooms;

  IntakeStore(Rooms rooms) {
    this.rooms = rooms;
  }

  /**
   * Commits a batch. When it returns, everything that is {@code Stored} is on disk. A message that
   * the database cannot take (a date beyond its range, say) is refused alone; the others go in.
   *
   * @param batch in the order of arrival; a few thousand messages are a good size
   * @return an outcome a message, in the same order
   * @throws StoreException where the database is unreachable or failing; nothing of the batch is
   *     stored then
   */
  public List<Outcome> commit(List<Received> batch) {
    if (batch.isEmpty()) {
      return List.of();
    }
    try {
      return attempt(batch);
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      return halve(batch, e);
    } catch (SQLException e) {
      if (Retry.dataIsBad(e)) {
        return halve(batch, e);
      }
      throw StoreException.of("storing a batch", e);
    }
  }

  private List<Outcome> attempt(List<Received> batch) throws SQLException {
    IntakeBatch[] last = new IntakeBatch[1];
    List<Outcome> outcomes =
        rooms
            .transactions()
            .inSnapshot(c -> {
              last[0] = new IntakeBatch(rooms, batch);
              return last[0].write(c);
            });
    last[0].committed();
    return outcomes;
  }

  private List<Outcome> halve(List<Received> batch, Exception why) {
    if (batch.size() == 1) {
      return List.of(
          new Outcome.Refused(
              new Fault(
                  Fault.Code.MALFORMED,
                  "meter " + batch.get(0).id().meter(),
                  "its message says what cannot be stored: " + why.getMessage())));
    }
    int middle = batch.size() / 2;
    List<Outcome> outcomes = new ArrayList<>(commit(batch.subList(0, middle)));
    outcomes.addAll(commit(batch.subList(middle, batch.size())));
    return outcomes;
  }
}

package org.gridwarden.headend;

import java.util.List;
import org.gridwarden.core.Intake;
import org.gridwarden.core.Received;

/** Makes a batch durable in one transaction; the store's intake is one. */
@FunctionalInterface
public interface BatchCommit {
  /**
   * Commits all of a batch or nothing of it.
   *
   * @return what became of each message, in the batch's order, after the commit
   * @throws Exception where nothing was committed, or where it cannot be told; an {@link
   *     java.sql.SQLException} may be the exception or any cause of it
   */
  List<Intake.Outcome> commit(List<Received> batch) throws Exception;
}

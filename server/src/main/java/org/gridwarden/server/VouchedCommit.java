package org.gridwarden.server;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Intake;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.headend.BatchCommit;
import org.gridwarden.headend.integrity.DataWatch;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.store.Store;
import org.jspecify.annotations.Nullable;

/**
 * Intake's commit with a note before it of what comes late, so that no late value is taken for an
 * edit. The watch tells through intake, and intake commits through this: so it is given afterwards,
 * before any channel opens.
 */
final class VouchedCommit implements BatchCommit {
  private final BatchCommit commit;
  private volatile @Nullable DataWatch watch;
  private volatile Consumer<MeterId> heard = meter -> {};

  VouchedCommit(BatchCommit commit) {
    this.commit = commit;
  }

  DataWatch vouchWith(Store store, LogKey key, Intake intake, InstantSource clock) {
    DataWatch fresh =
        new DataWatch(
            store.unitOfWork(),
            store.integrity(),
            store.auditLog(),
            key.signer(),
            store.meters(),
            intake,
            () -> store.folding().fold(),
            clock);
    watch = fresh;
    return fresh;
  }

  /**
   * Who is told of each meter that sent something new and authentic, once it is durable. A resend
   * is no sign of life.
   */
  void whenHeard(Consumer<MeterId> told) {
    heard = told;
  }

  @Override
  public List<Intake.Outcome> commit(List<Received> batch) throws Exception {
    DataWatch vouching = watch;
    if (vouching != null) {
      vouching.before(batch);
    }
    List<Intake.Outcome> outcomes = commit.commit(batch);
    for (int i = 0; i < outcomes.size(); i++) {
      Received message = batch.get(i);
      if (outcomes.get(i) instanceof Intake.Outcome.Stored && message.how() != Assurance.NONE) {
        heard.accept(message.id().meter());
      }
    }
    return outcomes;
  }
}

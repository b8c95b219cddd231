package org.gridwarden.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.security.audit.SignedCheckpoint;
import org.gridwarden.security.audit.WitnessFile;
import org.gridwarden.store.AuditTree;
import org.gridwarden.store.Epochs;
import org.gridwarden.store.Store;
import org.gridwarden.store.backup.RestoredMark;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first start of a restored folder, after the store has moved its counters on: the office
 * declares under the audit log's signature from where its log goes another way, so that a verifier
 * tells a restore from a forgery. Only who has the log's key can say so, and only a mark in the
 * folder, which is not in the database, makes the office say it.
 */
final class RestoredOffice {
  private static final Logger LOG = LoggerFactory.getLogger(RestoredOffice.class);

  private RestoredOffice() {}

  /** Does nothing in a folder that was not restored. */
  static void settle(Store store, LogKey key, Path data, WitnessFile witness, InstantSource clock)
      throws IOException {
    RestoredMark mark = RestoredMark.find(data).orElse(null);
    if (mark == null) {
      return;
    }
    for (Epochs.Epoch epoch : store.epochs().all()) {
      if (epoch.epoch().equals(mark.epoch()) && !epoch.stated()) {
        AuditTree tree = store.auditTree();
        SignedCheckpoint statement =
            key.signRestored(epoch.auditSize(), tree.root(epoch.auditSize()), clock.instant());
        witness.add(statement);
        store.epochs().state(epoch.epoch(), statement);
        LOG.warn(
            "this office was restored from {}: what came after {} is lost, its audit log goes on"
                + " after entry {}; look at commands in doubt, and revoke again what was revoked"
                + " since",
            epoch.snapshot(),
            epoch.taken().map(Object::toString).orElse("an unknown time"),
            epoch.auditSize());
      }
    }
    List<MeterId> rotate = store.epochs().toRotate();
    if (!rotate.isEmpty()) {
      LOG.warn(
          "{} meters are not addressed until their keys were rotated, the first of them {}",
          rotate.size(),
          rotate.getFirst());
    }
    RestoredMark.clear(data);
  }
}

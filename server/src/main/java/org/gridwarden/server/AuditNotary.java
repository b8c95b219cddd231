package org.gridwarden.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.security.audit.SignedCheckpoint;
import org.gridwarden.security.audit.TreeHash;
import org.gridwarden.security.audit.WitnessFile;
import org.gridwarden.store.AuditTree;

/**
 * Takes new entries of the audit log into its tree, signs what it has become and tells the
 * witnesses. Commands may go out only while it keeps up. Thread-safe.
 */
final class AuditNotary {
  /** So old may its last success be before commands stop. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AuditTree tree;
  private final LogKey key;
  private final List<WitnessFile> witnesses;
  private final InstantSource clock;
  private long signed = -1;
  private volatile long succeeded = System.nanoTime();

  AuditNotary(AuditTree tree, LogKey key, List<WitnessFile> witnesses, InstantSource clock) {
    this.tree = tree;
    this.key = key;
    this.witnesses = List.copyOf(witnesses);
    this.clock = clock;
  }

  /** Looks for new entries; where there are some, signs. What fails is thrown, and tried again. */
  synchronized void look() {
    long size = tree.grow();
    if (size > signed) {
      TreeHash root = tree.root(size);
      SignedCheckpoint checkpoint = key.sign(size, root, clock.instant());
      tree.keep(checkpoint);
      try {
        for (WitnessFile witness : witnesses) {
          witness.add(checkpoint);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the audit log's witness file cannot be written", e);
      }
      signed = size;
    }
    succeeded = System.nanoTime();
  }

  /** Whether the log is vouched for up to now, so that commands may go out. */
  boolean keepsUp() {
    return System.nanoTime() - succeeded < PATIENCE.toNanos();
  }

  /** The key that auditors check with, as PEM. */
  String publicPem() {
    return key.publicPem();
  }
}

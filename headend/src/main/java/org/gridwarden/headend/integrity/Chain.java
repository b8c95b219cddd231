package org.gridwarden.headend.integrity;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.AuditLog;
import org.gridwarden.core.Tx;
import org.gridwarden.security.audit.TreeHash;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.integrity.Fingerprint;
import org.gridwarden.security.integrity.IntegrityLink;
import org.gridwarden.store.IntegrityBook;

/**
 * The chain of links, written and read under the office's key. Where it ends is told to the audit
 * log, whose witnesses keep it: so its end is not cut off unnoticed either. Thread-safe.
 */
final class Chain {
  private static final Actor WATCH = Actor.system("integrity");

  private final IntegrityBook book;
  private final AuditLog audit;
  private final Signer signer;
  private final InstantSource clock;

  Chain(IntegrityBook book, AuditLog audit, Signer signer, InstantSource clock) {
    this.book = book;
    this.audit = audit;
    this.signer = signer;
    this.clock = clock;
  }

  /** Adds a link. */
  IntegrityLink add(Tx tx, String kind, String subject, TreeHash hash, String reason) {
    Optional<IntegrityBook.Row> last = book.holdLast(tx);
    IntegrityLink link =
        new IntegrityLink(
            last.map(r -> r.n() + 1).orElse(0L),
            last.map(r -> Fingerprint.of(r.signed())).orElse(IntegrityLink.NONE),
            clock.instant(),
            kind,
            subject,
            hash,
            reason);
    byte[] signed;
    try {
      signed = link.sign(signer);
    } catch (CommandException e) {
      throw new IllegalStateException("the office's key does not sign: " + e.getMessage(), e);
    }
    book.add(tx, new IntegrityBook.Row(link.n(), link.at(), kind, subject, signed));
    String detail = link.n() + " " + Fingerprint.of(signed) + " " + kind + " " + subject;
    audit.append(tx, WATCH, "integrity.vouched", detail.getBytes(StandardCharsets.UTF_8));
    return link;
  }

  /** The last link of a kind about a subject, where it is genuine. */
  Optional<IntegrityLink> latest(String kind, String subject) throws CommandException {
    Optional<IntegrityBook.Row> row = book.latest(kind, subject);
    return row.isEmpty() ? Optional.empty() : Optional.of(open(row.get(), signer.publicKey()));
  }

  /**
   * Walks the whole chain.
   *
   * @return what is wrong with it; empty where nothing is
   */
  Optional<String> fault() {
    Walk walk = new Walk(signer.publicKey());
    book.walk(walk::next);
    return walk.fault.or(() -> book.lastVouched().flatMap(walk::endsBefore));
  }

  private static IntegrityLink open(IntegrityBook.Row row, PublicKey key) throws CommandException {
    IntegrityLink link = IntegrityLink.open(row.signed(), key);
    if (link.n() != row.n()
        || !link.kind().equals(row.kind())
        || !link.subject().equals(row.subject())) {
      throw new CommandException("what stands beside link " + row.n() + " is not what was signed");
    }
    return link;
  }

  /** One walk; it stops looking at the first fault. */
  private static final class Walk {
    private final PublicKey key;
    private long next;
    private TreeHash previous = IntegrityLink.NONE;
    Optional<String> fault = Optional.empty();

    Walk(PublicKey key) {
      this.key = key;
    }

    void next(IntegrityBook.Row row) {
      if (fault.isPresent()) {
        return;
      }
      try {
        IntegrityLink link = open(row, key);
        if (link.n() != next) {
          fault = Optional.of("link " + next + " is missing");
        } else if (!link.previous().equals(previous)) {
          fault = Optional.of("link " + next + " does not follow the one before it");
        }
      } catch (CommandException e) {
        fault = Optional.of("link " + row.n() + ": " + e.getMessage());
      }
      previous = Fingerprint.of(row.signed());
      next++;
    }

    Optional<String> endsBefore(String audited) {
      long last = Long.parseLong(audited.substring(0, audited.indexOf(' ')));
      return next <= last
          ? Optional.of("it ends before link " + last + ", which the audit log knows")
          : Optional.empty();
    }
  }
}

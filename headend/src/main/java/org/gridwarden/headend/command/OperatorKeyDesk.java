package org.gridwarden.headend.command;

import java.security.PublicKey;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Signed;
import org.gridwarden.store.OperatorKeys;

/**
 * Where operators' keys come and go: their owner asks, somebody else takes them, either ends them.
 * Thread-safe.
 */
public final class OperatorKeyDesk {
  private static final Set<String> KINDS = Set.of("file", "token", "browser");
  private static final int ASKED_AT_ONCE = 10;

  private final UnitOfWork work;
  private final OperatorKeys keys;
  private final AuditGuard audit;
  private final Watch watch;

  /** Who is told of what the office decided about keys, once it is durable. */
  public interface Watch {
    /** Tells nobody. */
    Watch NOBODY =
        new Watch() {
          @Override
          public void taken(byte[] spki) {}

          @Override
          public void ended(byte[] keyId) {}
        };

    /** A key is in force now. */
    void taken(byte[] spki);

    /** A key is in force no longer. */
    void ended(byte[] keyId);
  }

  /**
   * @param auditKeepsUp whether the audit log is vouched for up to now
   */
  public OperatorKeyDesk(
      UnitOfWork work, OperatorKeys keys, BooleanSupplier auditKeepsUp, Watch watch) {
    this.work = work;
    this.keys = keys;
    this.audit = new AuditGuard(auditKeepsUp);
    this.watch = watch;
  }

  /**
   * Keys, those that are asked for first.
   *
   * @param operator only theirs; empty for everybody's
   */
  public List<OperatorKeys.Listed> list(String operator) {
    return keys.list(operator);
  }

  /**
   * An operator asks for a key of their own to be taken.
   *
   * @param spki its SubjectPublicKeyInfo, DER
   * @param name what they call it, 1 to 64 characters
   * @param kind where it lies: file, token or browser
   * @return the key's id
   * @throws CommandFault where it is no public key on P-256, is known already, or many are asked
   *     for
   */
  public byte[] ask(byte[] spki, String name, String kind, Actor by) {
    audit.need();
    if (name.isBlank() || name.length() > 64) {
      throw new CommandFault(
          Fault.Code.MALFORMED, "name", "a key is called something, in 1 to 64 characters");
    }
    if (!KINDS.contains(kind)) {
      throw new CommandFault(Fault.Code.MALFORMED, "kind", "a key is a file, token or browser one");
    }
    PublicKey key;
    try {
      key = P256.publicKey(spki);
    } catch (CommandException e) {
      throw new CommandFault(Fault.Code.MALFORMED, "spki", String.valueOf(e.getMessage()));
    }
    // as Java writes it, so that one key has one id
    byte[] keyId = Signed.keyId(key);
    OperatorKeys.Key own = new OperatorKeys.Key(by.name(), key.getEncoded());
    boolean asked = work.call(tx -> keys.ask(tx, keyId, own, name, kind, ASKED_AT_ONCE, by));
    if (!asked) {
      throw new CommandFault(
          Fault.Code.CONFLICT,
          "key",
          "it was asked for, taken or revoked before, or "
              + ASKED_AT_ONCE
              + " of yours wait already: list them");
    }
    return keyId;
  }

  /**
   * Takes a key that was asked for.
   *
   * @throws CommandFault where nobody asked for it, or it is one's own
   */
  public void approve(byte[] keyId, Actor by) {
    audit.need();
    OperatorKeys.Listed key = find(keyId);
    if (key.operator().equals(by.name())) {
      throw new CommandFault(
          Fault.Code.FORBIDDEN, "key", "nobody approves a key of their own: ask somebody else");
    }
    boolean done = work.call(tx -> keys.approve(tx, keyId, by));
    if (!done) {
      throw new CommandFault(Fault.Code.CONFLICT, "key", "nobody asks for it any more");
    }
    watch.taken(key.spki());
  }

  /**
   * Revokes a key, or strikes off one that is asked for. What it signed and is not sent yet is not
   * sent.
   *
   * @throws CommandFault where there is none that is asked for or in force
   */
  public void end(byte[] keyId, Actor by) {
    boolean done = work.call(tx -> keys.strike(tx, keyId, by) || keys.revoke(tx, keyId, by));
    if (!done) {
      throw new CommandFault(Fault.Code.CONFLICT, "key", "it is neither asked for nor in force");
    }
    watch.ended(keyId);
  }

  /** Ends all keys of an operator who goes. */
  public void endAll(String operator, Actor by) {
    for (OperatorKeys.Listed key : keys.list(operator)) {
      if (key.revoked().isEmpty()) {
        end(key.keyId(), by);
      }
    }
  }

  /**
   * A key, whatever became of it.
   *
   * @throws CommandFault where there is none
   */
  public OperatorKeys.Listed find(byte[] keyId) {
    return keys.list("").stream()
        .filter(key -> java.util.Arrays.equals(key.keyId(), keyId))
        .findFirst()
        .orElseThrow(
            () -> new CommandFault(Fault.Code.CONFLICT, "key", "there is no such key: list them"));
  }
}

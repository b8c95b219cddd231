package org.gridwarden.security.command;

import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

/**
 * A meter's trust: the root that is in it from its making, and the newest list under the root's
 * signature that it was given. Before its first list it obeys nobody. Thread-safe.
 */
public final class TrustKeeper {
  /** Where the list is kept: durable before it returns. */
  public interface Memory {
    /** The signed list; empty before the first. */
    Optional<byte[]> list();

    /** From now on this one. */
    void keep(byte[] signed);
  }

  private final PublicKey root;
  private final Memory memory;
  private Optional<TrustList> list;

  /**
   * Goes on with the list that is kept. One that the root did not sign is none: who writes the
   * meter's memory names nobody.
   */
  public TrustKeeper(PublicKey root, Memory memory) {
    this.root = root;
    this.memory = memory;
    this.list = memory.list().flatMap(signed -> opened(signed, root));
  }

  private static Optional<TrustList> opened(byte[] signed, PublicKey root) {
    try {
      return Optional.of(TrustList.open(signed, root));
    } catch (CommandException e) {
      return Optional.empty();
    }
  }

  /** The version of its list; 0 before the first. */
  public synchronized long version() {
    return list.map(TrustList::version).orElse(0L);
  }

  /**
   * Takes a list in place of the one that it has. The one that it has is taken again.
   *
   * @throws CommandException where the root did not sign it, or it is older, or another one of the
   *     same version: nothing changes then
   */
  public synchronized void take(byte[] signed) throws CommandException {
    TrustList given = TrustList.open(signed, root);
    if (list.isPresent() && given.equals(list.get())) {
      return;
    }
    if (given.version() <= version()) {
      throw new CommandException(
          "the list has version "
              + given.version()
              + ", and this one has "
              + version()
              + " already");
    }
    memory.keep(signed.clone());
    list = Optional.of(given);
  }

  /** The key of an operator whom it obeys. */
  public synchronized Optional<PublicKey> operator(byte[] keyId) {
    return list.flatMap(l -> l.operator(keyId));
  }

  /** The key of a maker whose firmware it runs. */
  public synchronized Optional<PublicKey> maker(byte[] keyId) {
    return list.flatMap(l -> l.maker(keyId));
  }

  /** The ids of the operators' keys, in their order. */
  public synchronized List<byte[]> operators() {
    return list.stream().flatMap(l -> l.operators().stream()).map(Signed::keyId).toList();
  }
}

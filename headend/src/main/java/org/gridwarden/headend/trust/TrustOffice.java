package org.gridwarden.headend.trust;

import java.security.PublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.TrustList;
import org.gridwarden.store.TrustBook;

/**
 * Where a security administrator hands in trust lists. The office checks them as meters do, and can
 * make none: the root's private half is not here. Thread-safe.
 */
public final class TrustOffice {
  private final UnitOfWork work;
  private final TrustBook book;

  public TrustOffice(UnitOfWork work, TrustBook book) {
    this.work = work;
    this.book = book;
  }

  /**
   * Says, once, which root the meters have from their making.
   *
   * @param spki its public half on P-256 (SubjectPublicKeyInfo, DER)
   * @return its id in hex
   * @throws CommandFault where it is no such key, or another one was named before
   */
  public String root(byte[] spki, Actor by) {
    PublicKey root;
    try {
      root = P256.publicKey(spki);
    } catch (CommandException e) {
      throw new CommandFault(Fault.Code.MALFORMED, "spki", String.valueOf(e.getMessage()));
    }
    String id = HexFormat.of().formatHex(Signed.keyId(root));
    boolean set = work.call(tx -> book.setRoot(tx, spki, id, by));
    if (!set && book.root().filter(before -> java.util.Arrays.equals(before, spki)).isEmpty()) {
      throw new CommandFault(
          Fault.Code.CONFLICT,
          "spki",
          "another root was named before; meters know one, from their making on");
    }
    return id;
  }

  /**
   * Takes a list in: from now on meters are sent it.
   *
   * @param signed a COSE_Sign1 message by the root
   * @throws CommandFault where no root was named, it did not sign, or there is one as new
   */
  public TrustList add(byte[] signed, Actor by) {
    byte[] spki =
        book.root()
            .orElseThrow(() ->
                new CommandFault(
                    Fault.Code.CONFLICT, "list", "name the root first: command trust root"));
    TrustList list;
    try {
      list = TrustList.open(signed, P256.publicKey(spki));
    } catch (CommandException e) {
      throw new CommandFault(Fault.Code.UNAUTHENTICATED, "list", String.valueOf(e.getMessage()));
    }
    String words =
        "version "
            + list.version()
            + ", operators "
            + ids(list.operators())
            + ", makers "
            + ids(list.makers());
    if (!work.call(tx -> book.add(tx, list.version(), signed, words, by))) {
      throw new CommandFault(
          Fault.Code.CONFLICT,
          "list",
          "version " + list.version() + " is not newer than the one that is here");
    }
    return list;
  }

  /** The newest list, as it was handed in; empty before the first. */
  public Optional<TrustBook.Listed> newest() {
    return book.newest();
  }

  /** The root's public half; empty where none was named. */
  public Optional<byte[]> root() {
    return book.root();
  }

  /** How many meters have the newest list. */
  public TrustBook.Meters meters() {
    return book.meters(book.newest().map(TrustBook.Listed::version).orElse(0L));
  }

  private static String ids(List<PublicKey> keys) {
    return keys.stream()
        .map(key -> HexFormat.of().formatHex(Signed.keyId(key)))
        .collect(Collectors.joining(" ", "[", "]"));
  }
}

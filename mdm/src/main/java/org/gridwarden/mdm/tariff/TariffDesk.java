package org.gridwarden.mdm.tariff;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.LocalDate;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.mdm.DeskFault;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.TariffManifest;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.TariffBook;

/**
 * Where versions of tariffs are taken in, under the signature of the person who brings them, and
 * given out. Who may bring one is said by the rules of the API. Thread-safe.
 */
public final class TariffDesk {
  private final UnitOfWork work;
  private final TariffBook book;
  private final OperatorKeys keys;

  public TariffDesk(UnitOfWork work, TariffBook book, OperatorKeys keys) {
    this.work = work;
    this.book = book;
    this.keys = keys;
  }

  /**
   * Takes a version in.
   *
   * @param document the tariff, in any of its forms; the prices it names were brought before
   * @param signed its manifest under a key of whoever brings it, as a COSE_Sign1 message
   * @return what was signed
   * @throws DeskFault where it is no tariff that bills can be made by, is signed by nobody, by
   *     another person or for other bytes, or its version is not the next one
   */
  public TariffManifest add(byte[] document, byte[] signed, Actor by) {
    TariffManifest manifest;
    PublicKey signer;
    try {
      Signed message = Signed.parse(signed);
      signer = key(message.keyId(), by);
      manifest = TariffManifest.parse(message.open(Purpose.TARIFF, signer));
      manifest.check(document);
    } catch (CommandException e) {
      throw new DeskFault(Fault.Code.UNAUTHENTICATED, "signature", String.valueOf(e.getMessage()));
    }
    TariffFile file = parse(document);
    if (!file.form().word().equals(manifest.form())) {
      throw new DeskFault(
          Fault.Code.MALFORMED,
          "form",
          "it is in the form " + file.form().word() + ", and signed as " + manifest.form());
    }
    boolean added =
        work.call(tx ->
            book.add(
                tx,
                new TariffBook.Fresh(
                    manifest.id(),
                    manifest.version(),
                    manifest.validFrom(),
                    manifest.form(),
                    manifest.sha256(),
                    document,
                    signed,
                    signer.getEncoded()),
                by));
    if (!added) {
      throw new DeskFault(
          Fault.Code.CONFLICT,
          "version",
          "the next version of "
              + manifest.id()
              + " is "
              + (1 + book.newest(manifest.id()).map(v -> v.listed().version()).orElse(0))
              + ": sign it as that one");
    }
    return manifest;
  }

  /**
   * Takes a file of prices in, for tariffs to name it. It has no effect before one does.
   *
   * @return its hash
   * @throws DeskFault where it is none
   */
  public byte[] addPrices(byte[] document, Actor by) {
    try {
      var _ = PriceCsv.parse("prices", document);
    } catch (TariffException e) {
      throw new DeskFault(Fault.Code.MALFORMED, "prices", String.valueOf(e.getMessage()));
    }
    byte[] sha256 = hash(document);
    work.call(tx -> {
      book.addPrices(tx, sha256, document, by);
      return sha256;
    });
    return sha256;
  }

  /** What a tariff says on a day, and which version says it; empty where none holds yet. */
  public Optional<InForce> on(String id, LocalDate day) {
    return book.on(id, day).map(this::open);
  }

  /** The same of a version by its number. */
  public Optional<InForce> version(String id, int version) {
    return book.version(id, version).map(this::open);
  }

  /**
   * A version that bills are made by.
   *
   * @param stored as it was brought, with its signature
   * @param tariff what it says
   */
  public record InForce(TariffBook.Stored stored, Tariff tariff) {}

  private InForce open(TariffBook.Stored stored) {
    return new InForce(stored, parse(stored.document()).tariff());
  }

  private TariffFile parse(byte[] document) {
    try {
      return TariffFile.parse(document, (name, sha256) -> book.prices(sha256));
    } catch (TariffException e) {
      throw new DeskFault(Fault.Code.MALFORMED, "document", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // the book throws its own
    }
  }

  private PublicKey key(byte[] keyId, Actor by) throws CommandException {
    OperatorKeys.Key key =
        keys.find(keyId)
            .filter(k -> k.operator().equals(by.name()))
            .orElseThrow(() ->
                new CommandException(
                    "it is by no key of yours that is in force: ask for yours to be taken, with"
                        + " 'gridwarden command key'"));
    return P256.publicKey(key.spki());
  }

  private static byte[] hash(byte[] document) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(document);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}

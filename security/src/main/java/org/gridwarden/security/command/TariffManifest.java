package org.gridwarden.security.command;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What is signed of a tariff's version, under {@link Purpose#TARIFF}: which tariff it is, from when
 * it holds, and exactly which bytes. One that is put in another's place, or under another date, is
 * found by whoever holds the signer's public key. Immutable.
 *
 * @param id the tariff's, 1 to 64 characters: letters, digits, '.', '_' and '-', the first no sign
 * @param version 1 or more
 * @param validFrom the first civil day on which it holds
 * @param form the document's, 1 to 16 lower-case letters
 * @param size the document's, in bytes, 1 to 4 MiB
 * @param sha256 the document's hash, 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record TariffManifest(
    String id, int version, LocalDate validFrom, String form, int size, byte[] sha256) {
  /** The longest document, in bytes. */
  public static final int LARGEST = 4 << 20;

  private static final int FORMAT = 1;

  /**
   * @throws IllegalArgumentException outside the ranges
   */
  public TariffManifest {
    if (!id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException(
          "a tariff's id has 1 to 64 letters, digits, '.', '_' and '-', and begins with no sign");
    }
    if (version < 1) {
      throw new IllegalArgumentException("a tariff's version is 1 or more, not " + version);
    }
    if (validFrom.getYear() < 1900 || validFrom.getYear() > 9999) {
      throw new IllegalArgumentException("a tariff holds from a day after 1900, not " + validFrom);
    }
    if (!form.matches("[a-z]{1,16}")) {
      throw new IllegalArgumentException("a tariff's form is a word in lower case");
    }
    if (size < 1 || size > LARGEST) {
      throw new IllegalArgumentException("a tariff has 1 to " + LARGEST + " bytes, not " + size);
    }
    if (sha256.length != 32) {
      throw new IllegalArgumentException("a tariff's SHA-256 has 32 bytes");
    }
    sha256 = sha256.clone();
  }

  @Override
  public byte[] sha256() {
    return sha256.clone();
  }

  /** The manifest of a document. */
  public static TariffManifest of(
      String id, int version, LocalDate validFrom, String form, byte[] document) {
    return new TariffManifest(id, version, validFrom, form, document.length, hash(document));
  }

  /** Its bytes: a CBOR array of format, id, version, first day, form, size and hash. */
  public byte[] bytes() {
    return Cbor.write(out -> {
      out.writeStartArray(null, 7);
      out.writeNumber(FORMAT);
      out.writeString(id);
      out.writeNumber(version);
      out.writeString(validFrom.toString());
      out.writeString(form);
      out.writeNumber(size);
      out.writeBinary(sha256);
      out.writeEndArray();
    });
  }

  /**
   * The manifest that bytes are.
   *
   * @throws CommandException where they are none, or one that is not written in the one way
   */
  public static TariffManifest parse(byte[] bytes) throws CommandException {
    TariffManifest manifest;
    try {
      manifest =
          Cbor.read(
              bytes,
              in -> {
                in.array();
                if (in.number("the format") != FORMAT) {
                  throw new CommandException("tariffs' manifests have format " + FORMAT);
                }
                TariffManifest read =
                    new TariffManifest(
                        in.text("the id", 64),
                        Math.toIntExact(in.number("the version")),
                        LocalDate.parse(in.text("the first day", 10)),
                        in.text("the form", 16),
                        Math.toIntExact(in.number("the size")),
                        in.bytes("the hash", 32));
                in.end();
                return read;
              });
    } catch (IllegalArgumentException | ArithmeticException | DateTimeParseException e) {
      throw new CommandException("the tariff's manifest is none: " + e.getMessage());
    }
    if (!Arrays.equals(manifest.bytes(), bytes)) {
      throw new CommandException("the tariff's manifest is not written in the one way");
    }
    return manifest;
  }

  /**
   * Signs it, as whoever answers for the prices does.
   *
   * @return a COSE_Sign1 message
   * @throws CommandException where the key cannot be used now
   */
  public byte[] sign(Signer signer) throws CommandException {
    return Signed.sign(Purpose.TARIFF, signer, bytes()).bytes();
  }

  /**
   * Holds a document against this.
   *
   * @throws CommandException where it is another one; the message says in what
   */
  public void check(byte[] document) throws CommandException {
    if (document.length != size) {
      throw new CommandException(
          "the tariff has " + document.length + " bytes; the one that was signed has " + size);
    }
    if (!MessageDigest.isEqual(hash(document), sha256)) {
      throw new CommandException(
          "the tariff's SHA-256 is "
              + HexFormat.of().formatHex(hash(document))
              + "; the one that was signed has "
              + HexFormat.of().formatHex(sha256));
    }
  }

  private static byte[] hash(byte[] document) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(document);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TariffManifest that && Arrays.equals(bytes(), that.bytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sha256);
  }

  @Override
  public String toString() {
    return id + " version " + version + " from " + validFrom;
  }
}

package org.gridwarden.security.command;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a firmware's maker signs of an image (C34), under {@link Purpose#FIRMWARE}: for which meters
 * it is, which version, and exactly which bytes. Immutable.
 *
 * @param model the hardware model it is for, 1 to 32 printable ASCII characters
 * @param version which
 * @param minimum what a meter must run at least for this to be put on it
 * @param size the image's, in bytes, 1 to 64 MiB
 * @param sha256 the image's hash, 32 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record FirmwareManifest(
    String model, FirmwareVersion version, FirmwareVersion minimum, int size, byte[] sha256) {
  /** The greatest image, in bytes. */
  public static final int LARGEST = 64 << 20;

  private static final int FORMAT = 1;

  /**
   * @throws IllegalArgumentException outside the ranges, or where the minimum is above the version
   */
  public FirmwareManifest {
    if (!model.matches("[ -~]{1,32}") || model.isBlank()) {
      throw new IllegalArgumentException("a model has 1 to 32 printable ASCII characters");
    }
    if (minimum.compareTo(version) > 0) {
      throw new IllegalArgumentException(
          "the minimum " + minimum + " is above the version " + version);
    }
    if (size < 1 || size > LARGEST) {
      throw new IllegalArgumentException("an image has 1 to " + LARGEST + " bytes, not " + size);
    }
    if (sha256.length != 32) {
      throw new IllegalArgumentException("an image's SHA-256 has 32 bytes");
    }
    sha256 = sha256.clone();
  }

  @Override
  public byte[] sha256() {
    return sha256.clone();
  }

  /** The manifest of an image. */
  public static FirmwareManifest of(
      String model, FirmwareVersion version, FirmwareVersion minimum, byte[] image) {
    return new FirmwareManifest(model, version, minimum, image.length, hash(image));
  }

  /** Its bytes: a CBOR array of format, model, version, minimum, size and hash. */
  public byte[] bytes() {
    return Cbor.write(out -> {
      out.writeStartArray(null, 6);
      out.writeNumber(FORMAT);
      out.writeString(model);
      out.writeString(version.toString());
      out.writeString(minimum.toString());
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
  public static FirmwareManifest parse(byte[] bytes) throws CommandException {
    FirmwareManifest manifest;
    try {
      manifest =
          Cbor.read(
              bytes,
              in -> {
                in.array();
                if (in.number("the format") != FORMAT) {
                  throw new CommandException("firmware manifests have format " + FORMAT);
                }
                FirmwareManifest read =
                    new FirmwareManifest(
                        in.text("the model", 32),
                        FirmwareVersion.parse(in.text("the version", 17)),
                        FirmwareVersion.parse(in.text("the minimum", 17)),
                        Math.toIntExact(in.number("the size")),
                        in.bytes("the hash", 32));
                in.end();
                return read;
              });
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CommandException("the firmware manifest is none: " + e.getMessage());
    }
    if (!Arrays.equals(manifest.bytes(), bytes)) {
      throw new CommandException("the firmware manifest is not written in the one way");
    }
    return manifest;
  }

  /**
   * Holds an image against this.
   *
   * @throws CommandException where it is another one; the message says in what
   */
  public void check(byte[] image) throws CommandException {
    if (image.length != size) {
      throw new CommandException(
          "the image has " + image.length + " bytes; the one that was signed has " + size);
    }
    if (!MessageDigest.isEqual(hash(image), sha256)) {
      throw new CommandException(
          "the image's SHA-256 is "
              + HexFormat.of().formatHex(hash(image))
              + "; the one that was signed has "
              + HexFormat.of().formatHex(sha256));
    }
  }

  private static byte[] hash(byte[] image) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(image);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FirmwareManifest that && Arrays.equals(bytes(), that.bytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sha256);
  }

  @Override
  public String toString() {
    return model + " " + version;
  }
}

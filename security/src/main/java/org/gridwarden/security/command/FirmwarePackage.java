package org.gridwarden.security.command;

import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;

/**
 * A firmware image as it is carried to a meter: its maker's signed manifest before it, so that the
 * meter itself can tell whose it is (C34).
 *
 * <pre>
 * 47 57 46 50    "GWF2"
 * 2 bytes        length of the signed manifest
 * ...            the manifest under its maker's signature, COSE_Sign1 ({@link FirmwareManifest})
 * ...            the image, at least one byte
 * </pre>
 */
public final class FirmwarePackage {
  private static final byte[] MAGIC = {'G', 'W', 'F', '2'};
  private static final int HEADER = MAGIC.length + 2;

  /** The longest signed manifest, in bytes: less than 300 are needed. */
  private static final int LONGEST_MANIFEST = 1_024;

  /** So many bytes a package has at most. */
  public static final int LARGEST = HEADER + LONGEST_MANIFEST + FirmwareManifest.LARGEST;

  private final FirmwareManifest manifest;
  private final byte[] signed;

  private FirmwarePackage(FirmwareManifest manifest, byte[] signed) {
    this.manifest = manifest;
    this.signed = signed;
  }

  /**
   * Puts the two together.
   *
   * @param signed the manifest under its maker's signature
   * @throws IllegalArgumentException where there is no image, or too long a manifest
   */
  public static byte[] of(byte[] signed, byte[] image) {
    if (signed.length > LONGEST_MANIFEST || image.length == 0) {
      throw new IllegalArgumentException("a package has a manifest and an image");
    }
    return ByteBuffer.allocate(HEADER + signed.length + image.length)
        .put(MAGIC)
        .putShort((short) signed.length)
        .put(signed)
        .put(image)
        .array();
  }

  /**
   * Opens a package: the maker's signature holds, and the image is the one that was signed.
   *
   * @param makers whose signatures are taken, by the id of their key
   * @throws CommandException where one of that is not so; the message says what
   */
  public static FirmwarePackage open(byte[] bytes, Function<byte[], Optional<PublicKey>> makers)
      throws CommandException {
    if (bytes.length <= HEADER || !Arrays.equals(MAGIC, 0, 4, bytes, 0, 4)) {
      throw new CommandException("it is no firmware package");
    }
    int length = (bytes[4] & 0xFF) << 8 | bytes[5] & 0xFF;
    if (length > LONGEST_MANIFEST || length >= bytes.length - HEADER) {
      throw new CommandException("its manifest is cut off");
    }
    byte[] signed = Arrays.copyOfRange(bytes, HEADER, HEADER + length);
    Signed envelope = Signed.parse(signed);
    PublicKey maker =
        makers
            .apply(envelope.keyId())
            .orElseThrow(() ->
                new CommandException(
                    "no maker with the key "
                        + HexFormat.of().formatHex(envelope.keyId())
                        + " is trusted"));
    FirmwareManifest manifest = FirmwareManifest.parse(envelope.open(Purpose.FIRMWARE, maker));
    manifest.check(Arrays.copyOfRange(bytes, HEADER + length, bytes.length));
    return new FirmwarePackage(manifest, signed);
  }

  /** What its maker signed of it. */
  public FirmwareManifest manifest() {
    return manifest;
  }

  /** The manifest under its maker's signature. */
  public byte[] signed() {
    return signed.clone();
  }

  @Override
  public String toString() {
    return "FirmwarePackage[" + manifest + "]";
  }
}

package org.gridwarden.channel.zigbee.upgrade;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.gridwarden.core.Image;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.FirmwareManifest;
import org.gridwarden.security.command.FirmwareVersion;
import org.gridwarden.security.command.Signed;

/**
 * An image as OTA Upgrade carries it (095264, clause 6.3): a header that says what it is, and one
 * element, the image as its maker signed it. The header proves nothing: whoever takes the image
 * checks the signature inside. Immutable.
 *
 * <pre>
 * 4  file identifier 0x0BEEF11E     2  header version 0x0100   2  header length 56
 * 2  field control 0                2  manufacturer            2  image type
 * 4  file version                   2  stack version 2         32 what it is called
 * 4  total length                   2  tag 0: an image         4  its length, and the image
 * </pre>
 */
public final class OtaFile {
  /** No maker's code: meters here are of none that is registered. */
  public static final int MANUFACTURER = 0xFFFE;

  /** Which of a maker's images it is: a meter has one. */
  public static final int IMAGE_TYPE = 0x0000;

  private static final int IDENTIFIER = 0x0BEEF11E;
  private static final int HEADER_VERSION = 0x0100;
  private static final int HEADER = 56;
  private static final int STACK = 2;
  private static final int NAME = 32;
  private static final int ELEMENT = 6;

  /** Where a firmware package's manifest begins, behind its magic and its length. */
  private static final int MANIFEST = 6;

  private final String name;
  private final long version;
  private final byte[] bytes;

  private OtaFile(String name, long version, byte[] bytes) {
    this.name = name;
    this.version = version;
    this.bytes = bytes;
  }

  /**
   * Puts a header before an image.
   *
   * @param image a firmware package: its maker's manifest, and what it is about
   * @throws IllegalArgumentException where it is none, or its version is beyond what four bytes say
   */
  public static OtaFile of(Image image) {
    FirmwareManifest manifest = manifest(image);
    long version = version(manifest.version());
    int total = HEADER + ELEMENT + image.size();
    ByteBuffer out = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(IDENTIFIER).putShort((short) HEADER_VERSION).putShort((short) HEADER);
    out.putShort((short) 0).putShort((short) MANUFACTURER).putShort((short) IMAGE_TYPE);
    out.putInt((int) version).putShort((short) STACK);
    out.put(Arrays.copyOf(manifest.toString().getBytes(StandardCharsets.US_ASCII), NAME));
    out.putInt(total).putShort((short) 0).putInt(image.size());
    out.put(image.part(0, image.size()));
    return new OtaFile(image.name(), version, out.array());
  }

  /** What its maker says of it; whoever takes it verifies that. */
  private static FirmwareManifest manifest(Image image) {
    byte[] head = image.part(0, MANIFEST);
    int length = head.length < MANIFEST ? -1 : (head[4] & 0xFF) << 8 | head[5] & 0xFF;
    byte[] signed = image.part(Math.min(MANIFEST, image.size()), Math.max(0, length));
    if (length < 1 || signed.length < length) {
      throw new IllegalArgumentException("the image has no maker's manifest before it");
    }
    try {
      return FirmwareManifest.parse(Signed.parse(signed).unverified());
    } catch (CommandException e) {
      throw new IllegalArgumentException(
          "the image has no maker's manifest before it: " + e.getMessage(), e);
    }
  }

  /**
   * A version in four bytes, in its order: ten bits, ten bits, twelve bits.
   *
   * @throws IllegalArgumentException beyond them
   */
  public static long version(FirmwareVersion version) {
    if (version.major() > 0x3FF || version.minor() > 0x3FF || version.patch() > 0xFFF) {
      throw new IllegalArgumentException(
          "OTA Upgrade has no room for version " + version + ": 1023.1023.4095 at most");
    }
    return (long) version.major() << 22 | version.minor() << 12 | version.patch();
  }

  /** The image's name. */
  public String name() {
    return name;
  }

  /** Its version in four bytes. */
  public long version() {
    return version;
  }

  /** How long it is with its header, in bytes. */
  public int size() {
    return bytes.length;
  }

  /** A part of it, shorter at its end. */
  byte[] part(int from, int length) {
    return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + length));
  }

  @Override
  public String toString() {
    return "OtaFile[" + name + ", " + bytes.length + " bytes]";
  }
}

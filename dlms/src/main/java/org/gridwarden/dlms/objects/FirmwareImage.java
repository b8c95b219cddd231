package org.gridwarden.dlms.objects;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.util.Arrays;
import org.gridwarden.dlms.DlmsException;

/**
 * A signed firmware image: what it is for, its version and its content, with the maker's ECDSA
 * signature over all of that. IEC 62056-6-2 leaves an image's inside to the manufacturer; this is
 * ours (C34):
 *
 * <pre>
 * 47 57 46 31    "GWF1"
 * 3 x 2 bytes    version: major, minor, patch
 * 1 byte         length of the model, 1 to 32
 * ...            model, US-ASCII: which devices it is for
 * ...            content, at least one byte
 * 64 or 96 bytes signature over everything before it, r and s as they stand (P-256 with SHA-256,
 *                P-384 with SHA-384), as the security suites 1 and 2 have theirs
 * </pre>
 *
 * <p>Immutable.
 */
public final class FirmwareImage {
  private static final byte[] MAGIC = "GWF1".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_MODEL = 32;
  private static final int HEADER = 11;

  private final String model;
  private final FirmwareVersion version;
  private final byte[] content;
  private final byte[] signature;

  private FirmwareImage(String model, FirmwareVersion version, byte[] content, byte[] signature) {
    this.model = model;
    this.version = version;
    this.content = content;
    this.signature = signature;
  }

  /** Which devices it is for. */
  public String model() {
    return model;
  }

  public FirmwareVersion version() {
    return version;
  }

  /** What runs; a copy. */
  public byte[] content() {
    return content.clone();
  }

  /** The maker's signature, r and s; a copy. */
  public byte[] signature() {
    return signature.clone();
  }

  /**
   * Builds and signs an image, as its maker does.
   *
   * @param model 1 to 32 printable ASCII characters
   * @param content at least one byte
   * @param key on P-256 or P-384
   * @throws IllegalArgumentException where model or content are not so
   * @throws GeneralSecurityException where the key cannot sign
   */
  public static byte[] sign(String model, FirmwareVersion version, byte[] content, PrivateKey key)
      throws GeneralSecurityException {
    if (!named(model) || content.length == 0) {
      throw new IllegalArgumentException("an image has a model of 1 to 32 characters, and content");
    }
    byte[] signed =
        ByteBuffer.allocate(HEADER + model.length() + content.length)
            .put(MAGIC)
            .putShort((short) version.major())
            .putShort((short) version.minor())
            .putShort((short) version.patch())
            .put((byte) model.length())
            .put(model.getBytes(StandardCharsets.US_ASCII))
            .put(content)
            .array();
    Signature ecdsa = ecdsa(length(key));
    ecdsa.initSign(key);
    ecdsa.update(signed);
    byte[] signature = ecdsa.sign();
    byte[] image = Arrays.copyOf(signed, signed.length + signature.length);
    System.arraycopy(signature, 0, image, signed.length, signature.length);
    return image;
  }

  /**
   * Reads an image whose signature holds. Nothing of it is looked at before.
   *
   * @throws DlmsException UNAUTHENTICATED where the signature does not hold, MALFORMED where what
   *     was signed is no image
   */
  public static FirmwareImage verify(byte[] image, PublicKey key) throws DlmsException {
    int signed = image.length;
    try {
      int length = length(key);
      signed = image.length - length;
      Signature ecdsa = ecdsa(length);
      ecdsa.initVerify(key);
      ecdsa.update(image, 0, Math.max(0, signed));
      if (signed <= 0 || !ecdsa.verify(image, signed, length)) {
        throw new DlmsException(
            DlmsException.Kind.UNAUTHENTICATED, 0, "the image's signature does not hold");
      }
    } catch (GeneralSecurityException e) {
      throw new DlmsException(
          DlmsException.Kind.UNAUTHENTICATED, 0, "the image's signature does not hold");
    }
    return parse(image, signed);
  }

  private static FirmwareImage parse(byte[] image, int signed) throws DlmsException {
    if (signed < HEADER + 2 || !Arrays.equals(MAGIC, 0, 4, image, 0, 4)) {
      throw new DlmsException(DlmsException.Kind.MALFORMED, 0, "no firmware image");
    }
    ByteBuffer in = ByteBuffer.wrap(image, MAGIC.length, signed - MAGIC.length);
    FirmwareVersion version =
        new FirmwareVersion(in.getShort() & 0xFFFF, in.getShort() & 0xFFFF, in.getShort() & 0xFFFF);
    int length = in.get() & 0xFF;
    if (length >= in.remaining()) {
      throw new DlmsException(DlmsException.Kind.MALFORMED, HEADER - 1, "the model is cut off");
    }
    String model = new String(image, HEADER, length, StandardCharsets.ISO_8859_1);
    if (!named(model)) {
      throw new DlmsException(DlmsException.Kind.MALFORMED, HEADER, "the model is no name");
    }
    return new FirmwareImage(
        model,
        version,
        Arrays.copyOfRange(image, HEADER + length, signed),
        Arrays.copyOfRange(image, signed, image.length));
  }

  private static boolean named(String model) {
    return !model.isEmpty()
        && model.length() <= LONGEST_MODEL
        && model.chars().allMatch(c -> c >= 0x20 && c < 0x7F);
  }

  /** How many bytes a key's signatures have. */
  private static int length(java.security.Key key) throws GeneralSecurityException {
    int bits = key instanceof ECKey ec ? ec.getParams().getOrder().bitLength() : 0;
    return switch (bits) {
      case 256 -> 64;
      case 384 -> 96;
      default -> throw new java.security.InvalidKeyException("no key on P-256 or P-384");
    };
  }

  private static Signature ecdsa(int length) throws GeneralSecurityException {
    return Signature.getInstance(
        length == 64 ? "SHA256withECDSAinP1363Format" : "SHA384withECDSAinP1363Format");
  }
}

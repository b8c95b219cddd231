package org.gridwarden.dlms.objects;

import java.security.PublicKey;
import java.util.BitSet;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.jspecify.annotations.Nullable;

/**
 * Image transfer (class 18, version 0, IEC 62056-6-2 clause 4.4.6): takes a firmware image block by
 * block, verifies and activates it.
 *
 * <p>Blocks may come in any order, more than once, and over many associations: what is there stays
 * until the next initiate, image_transferred_blocks_status and
 * image_first_not_transferred_block_number say what is missing. An image is activated only where
 * its maker's signature holds, it is for this model and not older than what runs (C34). Where any
 * step is refused, nothing changes and the old firmware runs on.
 *
 * <p>Thread-safe: each attribute and method holds the object's monitor. Costs at most the greatest
 * image and 20 bytes a block, three times the image while it is verified.
 */
public final class ImageTransfer extends InterfaceObject {
  /** Where a transfer stands, numbered as image_transfer_status. */
  public enum Status {
    NOT_INITIATED(0),
    INITIATED(1),
    VERIFICATION_INITIATED(2),
    VERIFICATION_SUCCESSFUL(3),
    VERIFICATION_FAILED(4),
    ACTIVATION_INITIATED(5),
    ACTIVATION_SUCCESSFUL(6),
    ACTIVATION_FAILED(7);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  private static final int LONGEST_IDENTIFIER = 64;
  private static final int MOST_BLOCKS = 0x10000;
  private static final AttributeType INITIATE =
      AttributeType.structure(
          AttributeType.octets(0, LONGEST_IDENTIFIER), AttributeType.doubleLongUnsigned());

  private final int blockSize;
  private final int greatest;
  private final PublicKey maker;
  private final Firmware firmware;
  private final TypedAttribute enabled;

  private Status status = Status.NOT_INITIATED;
  private DlmsData.OctetString identifier = DlmsData.OctetString.of();
  private int size;
  private byte[] @Nullable [] blocks = {};
  private final BitSet there = new BitSet();
  private @Nullable FirmwareImage verified;

  /**
   * @param blockSize of all blocks but the last, in bytes, 1 to 65,535
   * @param greatest an image's greatest size, in bytes; at most 65,536 blocks
   * @param maker whose signature an image must bear, on P-256 or P-384
   * @param firmware what runs here
   * @throws IllegalArgumentException outside the ranges
   */
  public ImageTransfer(
      ObisCode logicalName, int blockSize, int greatest, PublicKey maker, Firmware firmware) {
    super(18, 0, logicalName, 7, 4);
    if (blockSize < 1
        || blockSize > 0xFFFF
        || greatest < 1
        || count(greatest, blockSize) > MOST_BLOCKS) {
      throw new IllegalArgumentException(
          "blocks of " + blockSize + " bytes for images of " + greatest);
    }
    this.blockSize = blockSize;
    this.greatest = greatest;
    this.maker = maker;
    this.firmware = firmware;
    attribute(2, () -> new DlmsData.DoubleLongUnsigned(blockSize));
    attribute(3, this::transferred);
    attribute(4, () -> new DlmsData.DoubleLongUnsigned(firstMissing()));
    this.enabled = stored(5, AttributeType.bool(), new DlmsData.Bool(true));
    attribute(6, () -> new DlmsData.Enumerated(status().code()));
    attribute(7, this::toActivate);
    method(1, INITIATE, this::initiate);
    method(
        2,
        AttributeType.structure(
            AttributeType.doubleLongUnsigned(), AttributeType.octets(1, blockSize)),
        this::block);
    method(3, this::verify);
    method(4, this::activate);
  }

  /** Where the transfer stands. */
  public synchronized Status status() {
    return status;
  }

  private static int count(int size, int blockSize) {
    return Math.ceilDiv(size, blockSize);
  }

  private synchronized DlmsData transferred() {
    byte[] bits = new byte[(blocks.length + 7) / 8];
    there.stream().forEach(i -> bits[i / 8] |= (byte) (0x80 >> i % 8));
    return DlmsData.BitString.of(bits, blocks.length);
  }

  private synchronized int firstMissing() {
    return there.nextClearBit(0);
  }

  private synchronized DlmsData toActivate() {
    FirmwareImage image = verified;
    return image == null
        ? DlmsData.Array.of()
        : DlmsData.Array.of(
            DlmsData.Structure.of(
                new DlmsData.DoubleLongUnsigned(size),
                identifier,
                DlmsData.OctetString.of(image.signature())));
  }

  private boolean disabled() {
    return enabled.value() instanceof DlmsData.Bool(boolean on) && !on;
  }

  /** 1, image_transfer_initiate: begins anew, whatever stood there. */
  private synchronized AccessResult initiate(DlmsData data) {
    if (disabled()) {
      return AccessResult.OBJECT_UNAVAILABLE;
    }
    DlmsData.Structure given = (DlmsData.Structure) data;
    long wanted = ((DlmsData.DoubleLongUnsigned) given.get(1)).value();
    if (wanted < 1 || wanted > greatest) {
      return AttributeType.OUT_OF_RANGE;
    }
    identifier = (DlmsData.OctetString) TypedAttribute.owned(given.get(0));
    size = (int) wanted;
    blocks = new byte[count(size, blockSize)][];
    there.clear();
    verified = null;
    status = Status.INITIATED;
    return AccessResult.SUCCESS;
  }

  /** 2, image_block_transfer: a block that is there already is taken again. */
  private synchronized AccessResult block(DlmsData data) {
    if (disabled()) {
      return AccessResult.OBJECT_UNAVAILABLE;
    }
    if (status != Status.INITIATED) {
      return AccessResult.READ_WRITE_DENIED;
    }
    DlmsData.Structure given = (DlmsData.Structure) data;
    long number = ((DlmsData.DoubleLongUnsigned) given.get(0)).value();
    if (number >= blocks.length) {
      return AccessResult.DATA_BLOCK_NUMBER_INVALID;
    }
    int at = (int) number;
    byte[] value = ((DlmsData.OctetString) given.get(1)).bytes();
    int whole = at == blocks.length - 1 ? size - at * blockSize : blockSize;
    if (value.length != whole) {
      return AttributeType.OUT_OF_RANGE;
    }
    blocks[at] = value;
    there.set(at);
    return AccessResult.SUCCESS;
  }

  /** 3, image_verify: again where it was verified before; a gap leaves the transfer open. */
  private synchronized AccessResult verify() {
    if (disabled()) {
      return AccessResult.OBJECT_UNAVAILABLE;
    }
    return switch (status) {
      case VERIFICATION_SUCCESSFUL -> AccessResult.SUCCESS;
      case VERIFICATION_FAILED -> AccessResult.OTHER_REASON;
      case INITIATED -> check();
      default -> AccessResult.READ_WRITE_DENIED;
    };
  }

  private AccessResult check() {
    if (there.cardinality() < blocks.length) {
      return AccessResult.TEMPORARY_FAILURE;
    }
    status = Status.VERIFICATION_INITIATED;
    Optional<FirmwareImage> image = accepted();
    verified = image.orElse(null);
    status = image.isPresent() ? Status.VERIFICATION_SUCCESSFUL : Status.VERIFICATION_FAILED;
    blocks = new byte[blocks.length][]; // what is accepted has its own copy, the rest is refused
    return image.isPresent() ? AccessResult.SUCCESS : AccessResult.OTHER_REASON;
  }

  private Optional<FirmwareImage> accepted() {
    byte[] image = new byte[size];
    for (int i = 0; i < blocks.length; i++) {
      byte[] block = blocks[i];
      if (block == null) {
        return Optional.empty();
      }
      System.arraycopy(block, 0, image, i * blockSize, block.length);
    }
    try {
      return Optional.of(FirmwareImage.verify(image, maker)).filter(this::mayRun);
    } catch (DlmsException e) {
      return Optional.empty();
    }
  }

  private boolean mayRun(FirmwareImage image) {
    return image.model().equals(firmware.model())
        && image.version().compareTo(firmware.running()) >= 0;
  }

  /**
   * 4, image_activate: what was not verified is verified first, as the standard says; what failed
   * to start may be tried again.
   */
  private synchronized AccessResult activate() {
    if (disabled()) {
      return AccessResult.OBJECT_UNAVAILABLE;
    }
    if (status == Status.INITIATED) {
      AccessResult result = check();
      if (!result.isSuccess()) {
        return result;
      }
    }
    FirmwareImage image = verified;
    if (image == null || status == Status.ACTIVATION_SUCCESSFUL) {
      return AccessResult.READ_WRITE_DENIED;
    }
    status = Status.ACTIVATION_INITIATED;
    // what runs may have changed since the image was verified
    boolean runs = mayRun(image) && firmware.activate(image);
    status = runs ? Status.ACTIVATION_SUCCESSFUL : Status.ACTIVATION_FAILED;
    return runs ? AccessResult.SUCCESS : AccessResult.OTHER_REASON;
  }

  @Override
  public String toString() {
    return "ImageTransfer[" + identity().logicalName() + ", " + status() + "]";
  }
}

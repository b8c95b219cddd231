package org.gridwarden.dlms.objects;

import java.security.PublicKey;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.jspecify.annotations.Nullable;

/**
 * Image transfer (class 18, version 0, IEC 62056-6-2 clause 4.4.6): takes a firmware image block by
 * block, verifies and activates it.
 *
 * <p>Blocks may come in any order, more than once, and over many associations: what is there stays
 * until the next initiate, image_transferred_blocks_status and
 * image_first_not_transferred_block_number say what is missing. An image is activated only where
 * its maker's signature holds, it is for this model and not older than what runs (C34): the judge
 * says so. Where any step is refused, nothing changes and the old firmware runs on.
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
  private final ImageJudge judge;
  private final ImageStore store;
  private final TypedAttribute enabled;

  private Status status;
  private int size;
  private DlmsData.OctetString identifier = DlmsData.OctetString.of();
  private ImageJudge.@Nullable Ready verified;

  /**
   * One of images as {@link FirmwareImage} has them, whose open transfer a power cut ends.
   *
   * @param blockSize of all blocks but the last, in bytes, 1 to 65,535
   * @param greatest an image's greatest size, in bytes; at most 65,536 blocks
   * @param maker whose signature an image must bear, on P-256 or P-384
   * @param firmware what runs here
   * @throws IllegalArgumentException outside the ranges
   */
  public ImageTransfer(
      ObisCode logicalName, int blockSize, int greatest, PublicKey maker, Firmware firmware) {
    this(logicalName, blockSize, greatest, ImageJudge.of(maker, firmware), ImageStore.passing());
  }

  /**
   * One that goes on with what its store says was begun.
   *
   * @param blockSize of all blocks but the last, in bytes, 1 to 65,535
   * @param greatest an image's greatest size, in bytes; at most 65,536 blocks
   * @param judge of what may run here
   * @param store where blocks are kept; one of another block size is begun anew
   * @throws IllegalArgumentException outside the ranges
   */
  public ImageTransfer(
      ObisCode logicalName, int blockSize, int greatest, ImageJudge judge, ImageStore store) {
    super(18, 0, logicalName, 7, 4);
    if (blockSize < 1
        || blockSize > 0xFFFF
        || greatest < 1
        || Math.ceilDiv(greatest, blockSize) > MOST_BLOCKS) {
      throw new IllegalArgumentException(
          "blocks of " + blockSize + " bytes for images of " + greatest);
    }
    this.blockSize = blockSize;
    this.greatest = greatest;
    this.judge = judge;
    this.store = store;
    if (store.begun().filter(b -> b.blockSize() != blockSize || b.size() > greatest).isPresent()) {
      store.end();
    }
    store
        .begun()
        .ifPresent(open -> {
          size = open.size();
          identifier = DlmsData.OctetString.of(open.identifier());
        });
    this.status = store.begun().isPresent() ? Status.INITIATED : Status.NOT_INITIATED;
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

  /** How many blocks the image has that was announced last; 0 before. */
  public synchronized int blocks() {
    return Math.ceilDiv(size, blockSize);
  }

  /** How many of them are there. */
  public synchronized int there() {
    return status == Status.INITIATED ? store.there().cardinality() : blocks();
  }

  private synchronized DlmsData transferred() {
    int blocks = blocks();
    byte[] bits = new byte[(blocks + 7) / 8];
    if (status == Status.INITIATED) {
      store.there().stream().forEach(i -> bits[i / 8] |= (byte) (0x80 >> i % 8));
    } else {
      for (int i = 0; i < blocks; i++) {
        bits[i / 8] |= (byte) (0x80 >> i % 8);
      }
    }
    return DlmsData.BitString.of(bits, blocks);
  }

  private synchronized int firstMissing() {
    return status == Status.INITIATED ? store.there().nextClearBit(0) : blocks();
  }

  private synchronized DlmsData toActivate() {
    ImageJudge.Ready image = verified;
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
    store.begin(new ImageStore.Begun(identifier.bytes(), size, blockSize));
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
    int blocks = blocks();
    if (number >= blocks) {
      return AccessResult.DATA_BLOCK_NUMBER_INVALID;
    }
    int at = (int) number;
    byte[] value = ((DlmsData.OctetString) given.get(1)).bytes();
    int whole = at == blocks - 1 ? size - at * blockSize : blockSize;
    if (value.length != whole) {
      return AttributeType.OUT_OF_RANGE;
    }
    store.block(at, value);
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
    if (store.there().cardinality() < blocks()) {
      return AccessResult.TEMPORARY_FAILURE;
    }
    status = Status.VERIFICATION_INITIATED;
    Optional<ImageJudge.Ready> image = judge.judge(store.whole());
    verified = image.orElse(null);
    status = image.isPresent() ? Status.VERIFICATION_SUCCESSFUL : Status.VERIFICATION_FAILED;
    store.end(); // what is accepted has its own copy, the rest is refused
    return image.isPresent() ? AccessResult.SUCCESS : AccessResult.OTHER_REASON;
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
    ImageJudge.Ready image = verified;
    if (image == null || status == Status.ACTIVATION_SUCCESSFUL) {
      return AccessResult.READ_WRITE_DENIED;
    }
    status = Status.ACTIVATION_INITIATED;
    boolean runs = image.activate();
    status = runs ? Status.ACTIVATION_SUCCESSFUL : Status.ACTIVATION_FAILED;
    return runs ? AccessResult.SUCCESS : AccessResult.OTHER_REASON;
  }

  @Override
  public String toString() {
    return "ImageTransfer[" + identity().logicalName() + ", " + status() + "]";
  }
}

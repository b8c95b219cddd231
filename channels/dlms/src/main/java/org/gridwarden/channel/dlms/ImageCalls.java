package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Image;
import org.gridwarden.core.ImageProgress;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;

/**
 * Carries an image to a meter by its Image transfer object (class 18, IEC 62056-6-2 clause 4.4.6):
 * only the blocks that are missing, and not faster than is allowed. It is neither verified nor
 * activated here: that is for who orders it. One thread at a time.
 */
final class ImageCalls {
  private static final int IMAGE_TRANSFER = 18;
  private static final ObisCode NAME = ObisCode.parse("0.0.44.0.0.255");
  private static final int BLOCK_SIZE = 2;
  private static final int TRANSFERRED = 3;
  private static final int STATUS = 6;
  private static final int INITIATED = 1;
  private static final MethodRef INITIATE = new MethodRef(IMAGE_TRANSFER, NAME, 1);
  private static final MethodRef BLOCK = new MethodRef(IMAGE_TRANSFER, NAME, 2);
  private static final int MOST_BLOCKS = 1 << 20;
  private static final long TELLING = 1_000_000_000;

  private final Association association;
  private final MeterId meter;
  private final int bytesPerSecond;
  private final Runnable forget;

  /**
   * @param bytesPerSecond so fast at most
   * @param forget run at each block: what went over the link before is no evidence of anything
   */
  ImageCalls(Association association, MeterId meter, int bytesPerSecond, Runnable forget) {
    this.association = association;
    this.meter = meter;
    this.bytesPerSecond = bytesPerSecond;
    this.forget = forget;
  }

  /** As {@link org.gridwarden.core.MeterSession#carry}. */
  ImageProgress carry(
      Image image, Optional<ImageProgress> before, Duration stint, Consumer<ImageProgress> told)
      throws IOException,
          DlmsException,
          AssociationRefused,
          ChannelException,
          InterruptedException {
    int blockSize = Math.toIntExact(number(BLOCK_SIZE));
    if (blockSize < 1 || Math.ceilDiv(image.size(), blockSize) > MOST_BLOCKS) {
      throw fault(Fault.Code.MALFORMED, "it wants blocks of " + blockSize + " bytes");
    }
    int blocks = Math.ceilDiv(image.size(), blockSize);
    BitSet there = new BitSet();
    Optional<BitSet> stood = standing(image, before, blocks);
    if (stood.isPresent()) {
      there = stood.get();
    } else if (!begin(image)) {
      return new ImageProgress(image.name(), 0, blocks); // it makes room, and says so next time
    }
    told.accept(new ImageProgress(image.name(), there.cardinality(), blocks));
    long begun = System.nanoTime();
    long lastTold = begun;
    long sent = 0;
    for (int i = there.nextClearBit(0);
        i < blocks && System.nanoTime() - begun < stint.toNanos();
        i = there.nextClearBit(i + 1)) {
      forget.run();
      byte[] block = image.part(i * blockSize, blockSize);
      if (!put(i, block)) {
        break;
      }
      there.set(i);
      sent += block.length;
      if (System.nanoTime() - lastTold > TELLING) {
        lastTold = System.nanoTime();
        told.accept(new ImageProgress(image.name(), there.cardinality(), blocks));
      }
      rest(begun, sent);
    }
    ImageProgress now = new ImageProgress(image.name(), there.cardinality(), blocks);
    told.accept(now);
    return now;
  }

  /** Which blocks of this very image it has; empty where it has none of it. */
  private Optional<BitSet> standing(Image image, Optional<ImageProgress> before, int blocks)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    // the standard's objects name an image only once it is verified: which one it is under way with
    // is what the office remembers, and a wrong memory costs a refusal
    if (before.filter(p -> p.image().equals(image.name()) && p.blocks() == blocks).isEmpty()
        || number(STATUS) != INITIATED
        || !(value(TRANSFERRED) instanceof DlmsData.BitString bits)
        || bits.length() != blocks) {
      return Optional.empty();
    }
    BitSet there = new BitSet(blocks);
    for (int i = 0; i < blocks; i++) {
      there.set(i, bits.bit(i));
    }
    return Optional.of(there);
  }

  /** Whether it has begun; false where it is not ready yet. */
  private boolean begin(Image image)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    AccessResult result =
        association
            .action(
                INITIATE,
                Optional.of(
                    DlmsData.Structure.of(
                        DlmsData.OctetString.of(image.name().getBytes(StandardCharsets.US_ASCII)),
                        new DlmsData.DoubleLongUnsigned(image.size()))))
            .result();
    if (result == AccessResult.TEMPORARY_FAILURE) {
      return false;
    }
    if (!result.isSuccess()) {
      throw fault(
          Fault.Code.FORBIDDEN,
          "it takes no image of " + image.size() + " bytes (" + result + "); nothing was done");
    }
    return true;
  }

  /** Whether it has taken a block; false where it is not ready for it yet. */
  private boolean put(int number, byte[] block)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    AccessResult result =
        association
            .action(
                BLOCK,
                Optional.of(
                    DlmsData.Structure.of(
                        new DlmsData.DoubleLongUnsigned(number), DlmsData.OctetString.of(block))))
            .result();
    if (!result.isSuccess() && result != AccessResult.TEMPORARY_FAILURE) {
      throw fault(Fault.Code.CONFLICT, "it refused block " + number + ": " + result);
    }
    return result.isSuccess();
  }

  /** Others share the way to the meter. */
  private void rest(long begun, long sent) throws InterruptedException {
    long due = begun + sent * 1_000_000_000L / bytesPerSecond;
    long left = due - System.nanoTime();
    if (left > 0) {
      Thread.sleep(Duration.ofNanos(left));
    }
  }

  private long number(int attribute)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    if (value(attribute) instanceof DlmsData.Whole whole) {
      return whole.asLong();
    }
    throw fault(Fault.Code.MALFORMED, NAME + " attribute " + attribute + " is no number");
  }

  private DlmsData value(int attribute)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    Outcome outcome = association.get(new AttributeRef(IMAGE_TRANSFER, NAME, attribute));
    if (outcome instanceof Outcome.Value(DlmsData data)) {
      return data;
    }
    throw fault(Fault.Code.FORBIDDEN, "it has no Image transfer that the office may use");
  }

  private ChannelException fault(Fault.Code code, String remedy) {
    return Reader.fault(code, meter, remedy);
  }
}

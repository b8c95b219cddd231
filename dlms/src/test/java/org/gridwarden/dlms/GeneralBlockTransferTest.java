package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridwarden.dlms.LinkVectors.hex;

import java.util.List;
import org.gridwarden.dlms.GeneralBlockTransfer.Result;
import org.junit.jupiter.api.Test;

class GeneralBlockTransferTest {
  private static final byte[] APDU = hex("0f000000010009060102030405060708");
  private final List<byte[]> blocks = GeneralBlockTransfer.split(APDU, 6);
  private final GeneralBlockTransfer transfer = new GeneralBlockTransfer(1024);

  @Test
  void blocksAreNumberedFromOneAndTheLastIsMarked() {
    // E0, streaming, block 1, none acknowledged, 6 bytes
    assertThat(hex(blocks.get(0))).isEqualTo("e04000010000060f0000000100");
    assertThat(hex(blocks.get(2))).startsWith("e0c00003000004");
  }

  @Test
  void aLostBlockBreaksTheTransferOff() {
    assertThat(transfer.accept(blocks.get(0))).isInstanceOf(Result.Pending.class);
    assertThat(transfer.accept(blocks.get(2)))
        .isEqualTo(new Result.Broken("a transfer block was lost"));
    assertThat(transfer.pending()).isZero();
    assertThat(transfer.accept(blocks.get(1)))
        .isEqualTo(new Result.Broken("a transfer block comes without its beginning"));
  }

  @Test
  void doubledBlocksAreIgnoredEvenAfterTheEnd() {
    transfer.accept(blocks.get(0));
    assertThat(transfer.accept(blocks.get(0))).isInstanceOf(Result.Pending.class);
    transfer.accept(blocks.get(1));
    assertThat(transfer.accept(blocks.get(0))).isInstanceOf(Result.Pending.class);
    assertThat(transfer.accept(blocks.get(2))).isInstanceOf(Result.Complete.class);
    assertThat(transfer.accept(blocks.get(2))).isInstanceOf(Result.Pending.class);
  }

  @Test
  void theSameNumberWithOtherDataIsRefused() {
    transfer.accept(blocks.get(0));
    transfer.accept(blocks.get(1));
    byte[] forged = blocks.get(1).clone();
    forged[10] ^= 1;
    assertThat(transfer.accept(forged)).isInstanceOf(Result.Broken.class);
  }

  @Test
  void aSenderMayBeginSomethingElse() {
    transfer.accept(blocks.get(0));
    byte[] other = hex("0f0000000200");
    assertThat(transfer.accept(GeneralBlockTransfer.split(other, 100).get(0)))
        .isInstanceOfSatisfying(
            Result.Complete.class, done -> assertThat(done.apdu()).isEqualTo(other));
  }

  @Test
  void anAcknowledgementWithoutDataIsNoBlock() {
    assertThat(transfer.accept(hex("e0400001000300"))).isInstanceOf(Result.Pending.class);
    assertThat(transfer.pending()).isZero();
  }

  @Test
  void theGreatestApduBounds() {
    var small = new GeneralBlockTransfer(8);
    small.accept(blocks.get(0));
    assertThat(small.accept(blocks.get(1))).isInstanceOf(Result.Broken.class);
  }

  @Test
  void aLengthThatIsNotThatOfTheDataIsRefused() {
    assertThat(transfer.accept(hex("e040000100000500"))).isInstanceOf(Result.Broken.class);
    assertThat(transfer.accept(hex("e0400001000084ffffffff00"))).isInstanceOf(Result.Broken.class);
    assertThat(transfer.accept(hex("e04000"))).isInstanceOf(Result.Broken.class);
  }

  @Test
  void splitRefusesWhatCannotBeNumbered() {
    assertThatThrownBy(() -> GeneralBlockTransfer.split(new byte[70_000], 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> GeneralBlockTransfer.split(APDU, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

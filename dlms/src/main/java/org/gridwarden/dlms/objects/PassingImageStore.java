package org.gridwarden.dlms.objects;

import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Blocks in memory, each as it came: who announces much and sends nothing takes little room. */
final class PassingImageStore implements ImageStore {
  private Optional<Begun> begun = Optional.empty();
  private byte[] @Nullable [] blocks = {};
  private final BitSet there = new BitSet();

  @Override
  public Optional<Begun> begun() {
    return begun;
  }

  @Override
  public void begin(Begun transfer) {
    begun = Optional.of(transfer);
    blocks = new byte[transfer.blocks()][];
    there.clear();
  }

  @Override
  public void block(int number, byte[] bytes) {
    blocks[number] = bytes.clone();
    there.set(number);
  }

  @Override
  public BitSet there() {
    return (BitSet) there.clone();
  }

  @Override
  public byte[] whole() {
    Begun transfer = begun.orElseThrow();
    byte[] image = new byte[transfer.size()];
    for (int i = 0; i < blocks.length; i++) {
      byte[] block = blocks[i];
      if (block == null) {
        throw new IllegalStateException("block " + i + " is missing");
      }
      System.arraycopy(block, 0, image, i * transfer.blockSize(), block.length);
    }
    return image;
  }

  @Override
  public void end() {
    begun = Optional.empty();
    blocks = new byte[0][];
    there.clear();
  }
}

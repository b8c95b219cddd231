package org.gridwarden.dlms.objects;

import java.util.BitSet;
import java.util.Optional;

/**
 * Where the blocks of an image stay until all are there: a port that a device implements whose
 * transfers outlive a power cut. Called by one thread at a time, with the image transfer's lock
 * held.
 */
public interface ImageStore {
  /**
   * What is being transferred.
   *
   * @param identifier as the client named it, at most 64 bytes
   * @param size the image's, in bytes, at least 1
   * @param blockSize of all blocks but the last, in bytes, at least 1
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  record Begun(byte[] identifier, int size, int blockSize) {
    public Begun {
      identifier = identifier.clone();
    }

    @Override
    public byte[] identifier() {
      return identifier.clone();
    }

    /** How many blocks it has. */
    public int blocks() {
      return Math.ceilDiv(size, blockSize);
    }
  }

  /** The transfer that was begun, also before a power cut; empty where none is open. */
  Optional<Begun> begun();

  /** Opens a transfer; what stood here is gone. */
  void begin(Begun transfer);

  /**
   * Keeps a block of the open transfer, in place of what stood there.
   *
   * @param number from 0
   */
  void block(int number, byte[] bytes);

  /** Which blocks are there. */
  BitSet there();

  /** The open transfer's bytes; asked for only when all blocks are there. */
  byte[] whole();

  /** Ends the transfer: its blocks are needed no more. */
  void end();

  /** One that a power cut empties. Costs what is there, and 20 bytes a block. */
  static ImageStore passing() {
    return new PassingImageStore();
  }
}

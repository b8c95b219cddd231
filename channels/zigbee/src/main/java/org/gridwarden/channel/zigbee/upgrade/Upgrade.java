package org.gridwarden.channel.zigbee.upgrade;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * One image on its way to one meter, which asks for it block by block, and not faster than it may:
 * a meter that asks too soon is told to wait, and how long between blocks. Thread-safe.
 */
public final class Upgrade {
  /** OTA Upgrade's commands. */
  public static final int NOTIFY = 0x00;

  public static final int QUERY = 0x01;
  public static final int QUERY_RESPONSE = 0x02;
  public static final int BLOCK = 0x03;
  public static final int BLOCK_RESPONSE = 0x05;
  public static final int END = 0x06;
  public static final int END_RESPONSE = 0x07;

  private static final int SUCCESS = 0x00;
  private static final int MALFORMED = 0x80;
  private static final int ABORT = 0x95;
  private static final int WAIT = 0x97;
  private static final int NONE = 0x98;

  /** What fits into a frame under both keys beside a block's header of 14 and the library's 3. */
  static final int LARGEST_BLOCK = 48;

  private static final int QUERY_LENGTH = 9;
  private static final int BLOCK_LENGTH = 14;
  private static final int END_LENGTH = 9;
  private static final int NODE_ADDRESS = 0x01;
  private static final int DELAY = 0x02;

  /** A notification that all may follow at once, with nothing about the image. */
  private static final byte[] AT_ONCE = {0, 100};

  /** The meter waits for an order before it runs what it has. */
  private static final long UNTIL_TOLD = 0xFFFF_FFFFL;

  private final OtaFile file;
  private final IntSupplier bytesPerSecond;
  private long nextBlock;
  private boolean begun;
  private int reached;
  private State state = State.OFFERED;

  /** How far it is. */
  public enum State {
    /** The meter was told, and has not asked. */
    OFFERED,
    /** The meter asks for blocks. */
    GOING,
    /** The meter has all of it, and its maker's signature holds. */
    WHOLE,
    /** The meter has refused it. */
    REFUSED
  }

  /** What is answered. */
  @SuppressWarnings("ArrayRecordComponent") // its maker gives it up
  public record Answer(int command, byte[] payload) {}

  /**
   * @param bytesPerSecond so fast at most, from 1; asked for each block
   */
  public Upgrade(OtaFile file, IntSupplier bytesPerSecond) {
    this.file = file;
    this.bytesPerSecond = bytesPerSecond;
  }

  private long period() {
    return LARGEST_BLOCK * 1_000_000_000L / Math.max(1, bytesPerSecond.getAsInt());
  }

  /** Which image it is. */
  public OtaFile file() {
    return file;
  }

  /** What tells the meter that there is an image: it asks then. */
  public byte[] notification() {
    return AT_ONCE.clone();
  }

  /** How far it is. */
  public synchronized State state() {
    return state;
  }

  /** How many bytes the meter has asked for, of all with the header. */
  public synchronized int reached() {
    return reached;
  }

  /**
   * Takes a command of the meter's.
   *
   * @param now of a clock that only goes forward, in nanoseconds
   * @return empty where nothing is answered
   */
  public synchronized Optional<Answer> take(int command, byte[] payload, long now) {
    ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    return switch (command) {
      case QUERY -> Optional.of(query(in));
      case BLOCK -> Optional.of(block(in, now));
      case END -> end(in);
      default -> Optional.empty();
    };
  }

  private Answer query(ByteBuffer in) {
    if (in.limit() < QUERY_LENGTH) {
      return answer(QUERY_RESPONSE, MALFORMED);
    }
    long runs = in.getInt(5) & 0xFFFF_FFFFL;
    if (!isOurs(in, 1) || runs >= file.version()) {
      // it never goes back; where it runs that version already there is nothing to carry
      state = runs == file.version() ? State.WHOLE : State.REFUSED;
      return answer(QUERY_RESPONSE, NONE);
    }
    state = State.GOING;
    ByteBuffer out = out(13).put((byte) SUCCESS);
    return new Answer(QUERY_RESPONSE, named(out).putInt(file.size()).array());
  }

  private Answer block(ByteBuffer in, long now) {
    if (in.limit() < BLOCK_LENGTH) {
      return answer(BLOCK_RESPONSE, MALFORMED);
    }
    long offset = in.getInt(9) & 0xFFFF_FFFFL;
    int length = Math.min(LARGEST_BLOCK, in.get(13) & 0xFF);
    if (!isOurs(in, 1)
        || (in.getInt(5) & 0xFFFF_FFFFL) != file.version()
        || offset >= file.size()
        || length == 0) {
      return answer(BLOCK_RESPONSE, ABORT);
    }
    if (begun && now - nextBlock < 0) {
      return waits(in);
    }
    begun = true;
    // what was saved up is not spent at once
    nextBlock = now + period();
    byte[] data = file.part((int) offset, length);
    reached = Math.max(reached, (int) offset + data.length);
    ByteBuffer out = out(14 + data.length).put((byte) SUCCESS);
    named(out).putInt((int) offset).put((byte) data.length).put(data);
    return new Answer(BLOCK_RESPONSE, out.array());
  }

  /** Where the meter can wait for parts of a second it is told how long; else for a second. */
  private Answer waits(ByteBuffer in) {
    int control = in.get(0);
    int at = BLOCK_LENGTH + ((control & NODE_ADDRESS) != 0 ? 8 : 0);
    boolean fine = (control & DELAY) != 0 && in.limit() >= at + 2;
    long millis = Math.min(0xFFFE, period() / 1_000_000 + 1);
    boolean paced = fine && (in.getShort(at) & 0xFFFF) < millis;
    return new Answer(
        BLOCK_RESPONSE,
        out(11)
            .put((byte) WAIT)
            .putInt(0)
            .putInt(paced ? 0 : 1)
            .putShort((short) (fine ? millis : 0))
            .array());
  }

  private Optional<Answer> end(ByteBuffer in) {
    if (in.limit() < END_LENGTH
        || !isOurs(in, 1)
        || (in.getInt(5) & 0xFFFF_FFFFL) != file.version()) {
      return Optional.empty();
    }
    if (in.get(0) != SUCCESS) {
      state = State.REFUSED;
      return Optional.empty();
    }
    reached = file.size(); // it may have had all of it before the office was restarted
    state = State.WHOLE;
    ByteBuffer out = named(out(16)).putInt(0).putInt((int) UNTIL_TOLD);
    return Optional.of(new Answer(END_RESPONSE, out.array()));
  }

  private static boolean isOurs(ByteBuffer in, int at) {
    return (in.getShort(at) & 0xFFFF) == OtaFile.MANUFACTURER
        && (in.getShort(at + 2) & 0xFFFF) == OtaFile.IMAGE_TYPE;
  }

  private static ByteBuffer out(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer named(ByteBuffer out) {
    return out.putShort((short) OtaFile.MANUFACTURER)
        .putShort((short) OtaFile.IMAGE_TYPE)
        .putInt((int) file.version());
  }

  private static Answer answer(int command, int status) {
    return new Answer(command, new byte[] {(byte) status});
  }
}

package org.gridwarden.simulator.zigbee.radio;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One radio's MAC layer: unslotted CSMA-CA, acknowledgements and retries (IEEE 802.15.4-2006,
 * clauses 7.5.1.4 and 7.5.6.4), one frame at a time. On the model's thread only.
 */
public final class Mac {
  /** aUnitBackoffPeriod, 20 symbols. */
  public static final long BACKOFF = 320;

  /** aTurnaroundTime, 12 symbols. */
  public static final long TURNAROUND = 192;

  /** How long the channel is listened to: 8 symbols. */
  public static final long CCA = 128;

  /** macAckWaitDuration, 54 symbols. */
  public static final long ACK_WAIT = 864;

  private static final int MIN_BE = 3;
  private static final int MAX_BE = 5;
  private static final int MAX_BACKOFFS = 4;
  private static final int MAX_RETRIES = 3;
  private static final int MOST_WAITING = 64;

  private final Air air;
  private final Air.Station station;
  private final Consumer<MacFrame> received;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Map<MacAddress, Integer> lastSequence = new HashMap<>();
  private final long eui64;
  private MacAddress own;
  private int pan = 0xFFFF;
  private int sequence;
  private @Nullable Waiting current;
  private Timeline.@Nullable Due ackTimer;
  private Predicate<MacFrame> pending = frame -> false;
  private boolean more;
  private Duty duty =
      new Duty() {
        @Override
        public void sending(boolean on) {
          // its radio is never off
        }

        @Override
        public void received() {
          // likewise
        }
      };

  /** What became of a frame. */
  public enum Outcome {
    /** Acknowledged, or sent to all. */
    SENT,
    NO_ACK,
    /** The channel was never free. */
    NO_ACCESS,
    /** Too many waited. */
    FULL,
    /** It was held for a child that did not ask in time. */
    EXPIRED
  }

  private static final class Waiting {
    private final MacFrame frame;
    private final Consumer<Outcome> done;
    private int retries;
    private int backoffs;
    private int exponent = MIN_BE;

    private Waiting(MacFrame frame, Consumer<Outcome> done) {
      this.frame = frame;
      this.done = done;
    }
  }

  public Mac(Air air, long eui64, Consumer<MacFrame> received) {
    this.air = air;
    this.eui64 = eui64;
    this.own = MacAddress.extended(eui64);
    this.received = received;
    this.station = air.station(this::heard);
    this.sequence = air.random().nextInt(256);
  }

  /** Whose work follows what the radio has to do: a device that sleeps meanwhile. */
  public interface Duty {
    /** It begins to send, or has nothing more to send. */
    void sending(boolean on);

    /** A frame for it has come, and is being acknowledged. */
    void received();
  }

  /** Who is told what the radio has to do. */
  public void duty(Duty follower) {
    duty = follower;
  }

  /**
   * Who says whether something waits for the sender of a frame, to be told in its acknowledgement.
   */
  void pending(Predicate<MacFrame> held) {
    pending = held;
  }

  /** Whether the last acknowledgement said that something waits. */
  public boolean more() {
    return more;
  }

  /** Its radio. */
  public Air.Station station() {
    return station;
  }

  /** Has it belong to a network. */
  public void address(int newPan, MacAddress address) {
    this.pan = newPan;
    this.own = address;
  }

  /** Its address. */
  public MacAddress address() {
    return own;
  }

  /** Sends a frame. */
  public void send(
      MacFrame.Type type, int toPan, MacAddress to, byte[] payload, Consumer<Outcome> done) {
    if (waiting.size() >= MOST_WAITING) {
      air.time().after(0, () -> done.accept(Outcome.FULL));
      return;
    }
    sequence = sequence + 1 & 0xFF;
    boolean all = to.equals(MacAddress.ALL);
    waiting.add(new Waiting(new MacFrame(type, !all, sequence, toPan, to, own, payload), done));
    next();
  }

  private void next() {
    if (current == null && !waiting.isEmpty()) {
      current = waiting.poll();
      duty.sending(true);
      backOff();
    }
  }

  private void backOff() {
    Waiting mine = current;
    if (mine == null) {
      return;
    }
    long slots = air.random().nextInt(1 << mine.exponent);
    air.time().after(slots * BACKOFF + CCA, this::assess);
  }

  private void assess() {
    Waiting mine = current;
    if (mine == null) {
      return;
    }
    if (!air.busy(station)) {
      air.time().after(TURNAROUND, this::transmit);
      return;
    }
    mine.backoffs++;
    mine.exponent = Math.min(mine.exponent + 1, MAX_BE);
    if (mine.backoffs > MAX_BACKOFFS) {
      finish(Outcome.NO_ACCESS);
    } else {
      backOff();
    }
  }

  private void transmit() {
    Waiting mine = current;
    if (mine == null) {
      return;
    }
    air.send(
        station,
        mine.frame.bytes(),
        () -> {
          if (mine.frame.acknowledged()) {
            ackTimer = air.time().after(ACK_WAIT, this::unacknowledged);
          } else {
            finish(Outcome.SENT);
          }
        });
  }

  private void unacknowledged() {
    ackTimer = null;
    Waiting mine = current;
    if (mine == null) {
      return;
    }
    if (mine.retries++ >= MAX_RETRIES) {
      finish(Outcome.NO_ACK);
      return;
    }
    mine.backoffs = 0;
    mine.exponent = MIN_BE;
    backOff();
  }

  private void finish(Outcome outcome) {
    Waiting mine = current;
    current = null;
    if (mine != null) {
      mine.done.accept(outcome);
    }
    next();
    if (current == null) {
      duty.sending(false);
    }
  }

  private void heard(byte[] bytes) {
    MacFrame frame = MacFrame.parse(bytes).orElse(null);
    if (frame == null) {
      return;
    }
    if (frame.type() == MacFrame.Type.ACK) {
      Waiting mine = current;
      if (ackTimer != null && mine != null && mine.frame.sequence() == frame.sequence()) {
        ackTimer.cancel();
        ackTimer = null;
        more = (bytes[0] & MacFrame.PENDING) != 0;
        finish(Outcome.SENT);
      }
      return;
    }
    boolean mine = frame.to().equals(own) || frame.to().equals(MacAddress.extended(eui64));
    if (!mine && !frame.to().equals(MacAddress.ALL)
        || frame.pan() != pan && pan != 0xFFFF && frame.pan() != 0xFFFF) {
      return;
    }
    if (frame.acknowledged() && mine) {
      byte[] ack = MacFrame.acknowledgement(frame.sequence(), pending.test(frame));
      air.time().after(TURNAROUND, () -> air.send(station, ack, () -> {}));
    }
    Integer last = lastSequence.put(frame.from(), frame.sequence());
    if (last != null && last == frame.sequence() && frame.acknowledged()) {
      return; // its acknowledgement was lost
    }
    received.accept(frame);
    duty.received();
  }
}

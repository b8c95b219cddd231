package org.gridwarden.simulator.zigbee.radio;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A device in a network with beacons: sends by slotted CSMA-CA in the time that is for all (IEEE
 * 802.15.4-2006, clause 7.5.1.4), or in slots of its own, where nobody else does (7.5.7.3). A
 * beacon that it did not hear costs it a superframe. On the model's thread only.
 */
public final class BeaconDevice {
  private static final int MIN_BE = 3;
  private static final int MAX_BE = 5;
  private static final int MAX_BACKOFFS = 4;
  private static final int MAX_RETRIES = 3;

  /** CW0: so often in a row the channel must be found free. */
  private static final int FREE = 2;

  private final Air air;
  private final Air.Station station;
  private final int pan;
  private final int address;
  private final Lane forAll = new Lane();
  private final Lane own = new Lane();
  private int sequence;

  /** What waits for one of the two ways to send, and until when it may now. */
  private static final class Lane {
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long until = -1;
    private boolean busy;
  }

  private static final class Waiting {
    private final byte[] frame;
    private final int sequence;
    private final Consumer<Boolean> done;
    private int retries;
    private int backoffs;
    private int exponent = MIN_BE;
    private Timeline.@Nullable Due ackTimer;

    private Waiting(byte[] frame, int sequence, Consumer<Boolean> done) {
      this.frame = frame;
      this.sequence = sequence;
      this.done = done;
    }
  }

  private long began;
  private @Nullable Waiting onAir;

  public BeaconDevice(Air air, int pan, int address) {
    this.air = air;
    this.pan = pan;
    this.address = address;
    this.station = air.station(this::heard);
  }

  /** Its radio. */
  public Air.Station station() {
    return station;
  }

  /**
   * Sends to the coordinator.
   *
   * @param reserved in slots of its own; otherwise in the time that is for all
   * @param done told whether it was acknowledged
   */
  public void send(byte[] payload, boolean reserved, Consumer<Boolean> done) {
    sequence = sequence + 1 & 0xFF;
    byte[] frame =
        new MacFrame(
                MacFrame.Type.DATA,
                true,
                sequence,
                pan,
                BeaconCentre.CENTRE,
                MacAddress.shortly(address),
                payload)
            .bytes();
    Lane lane = reserved ? own : forAll;
    lane.waiting.addLast(new Waiting(frame, sequence, done));
    next(lane);
  }

  private void heard(byte[] bytes) {
    MacFrame frame = MacFrame.parse(bytes).orElse(null);
    if (frame == null) {
      return;
    }
    if (frame.type() == MacFrame.Type.BEACON) {
      BeaconCentre.read(frame.payload(), address).ifPresent(told -> begin(told, bytes.length));
    } else if (frame.type() == MacFrame.Type.ACK) {
      Waiting mine = onAir;
      if (mine != null && mine.ackTimer != null && mine.sequence == frame.sequence()) {
        mine.ackTimer.cancel();
        mine.ackTimer = null;
        finish(mine, true);
      }
    }
  }

  private void begin(BeaconCentre.Told told, int beacon) {
    long slot = told.superframe().slot();
    began = air.time().now() - Air.airtime(beacon);
    forAll.until = began + (told.lastForAll() + 1) * slot;
    next(forAll);
    Optional<BeaconCentre.Reserved> slots = told.own();
    slots.ifPresent(mine ->
        air.time()
            .after(
                began + mine.first() * slot - air.time().now(),
                () -> {
                  own.until = began + (mine.first() + mine.count()) * slot;
                  next(own);
                }));
  }

  private void next(Lane lane) {
    Waiting first = lane.waiting.peekFirst();
    if (first == null || lane.busy || onAir != null) {
      return;
    }
    if (lane == own) {
      if (air.time().now() + Superframe.exchange(first.frame.length) <= own.until) {
        transmit(lane, first);
      }
    } else if (air.time().now() < forAll.until) {
      lane.busy = true;
      backOff(first);
    }
  }

  /** The next backoff period's beginning: they are counted from the beacon's. */
  private long boundary() {
    long into = (air.time().now() - began) % Mac.BACKOFF;
    return into == 0 ? 0 : Mac.BACKOFF - into;
  }

  private void backOff(Waiting one) {
    long wait = boundary() + air.random().nextInt(1 << one.exponent) * Mac.BACKOFF;
    long end = air.time().now() + wait + FREE * Mac.BACKOFF + Superframe.exchange(one.frame.length);
    if (end > forAll.until) {
      forAll.busy = false; // it does not fit any more: in the next superframe
      return;
    }
    air.time().after(wait, () -> assess(one, FREE));
  }

  private void assess(Waiting one, int still) {
    air.time()
        .after(
            Mac.CCA,
            () -> {
              if (air.busy(station)) {
                one.backoffs++;
                one.exponent = Math.min(one.exponent + 1, MAX_BE);
                if (one.backoffs > MAX_BACKOFFS) {
                  finish(one, false);
                } else {
                  backOff(one);
                }
              } else if (still > 1) {
                air.time().after(boundary(), () -> assess(one, still - 1));
              } else {
                air.time().after(boundary(), () -> transmit(forAll, one));
              }
            });
  }

  private void transmit(Lane lane, Waiting one) {
    lane.busy = true;
    onAir = one;
    air.send(
        station,
        one.frame,
        () -> one.ackTimer = air.time().after(Mac.ACK_WAIT, () -> unacknowledged(one)));
  }

  private void unacknowledged(Waiting one) {
    one.ackTimer = null;
    onAir = null;
    one.backoffs = 0;
    one.exponent = MIN_BE;
    if (one.retries++ >= MAX_RETRIES) {
      finish(one, false);
    } else {
      again();
    }
  }

  private void finish(Waiting one, boolean acknowledged) {
    onAir = null;
    if (!forAll.waiting.removeFirstOccurrence(one)) {
      own.waiting.removeFirstOccurrence(one);
    }
    one.done.accept(acknowledged);
    again();
  }

  private void again() {
    forAll.busy = false;
    own.busy = false;
    next(own);
    next(forAll);
  }
}

package org.gridwarden.simulator.zigbee.radio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A coordinator that sends beacons and reserves slots for some devices, for what they send to it. A
 * model of 802.15.4 alone, no Zigbee on top; devices ask it by a call, not by the command of clause
 * 7.3.9. On the model's thread only.
 */
public final class BeaconCentre {
  static final MacAddress CENTRE = MacAddress.shortly(0);

  private final Air air;
  private final int pan;
  private final Superframe superframe;
  private final Mac mac;
  private final List<Reserved> reserved = new ArrayList<>();
  private int sequence;

  /** Slots of one device, numbered from 0. */
  record Reserved(int address, int first, int count) {}

  /**
   * @param received takes each frame that came
   */
  public BeaconCentre(Air air, int pan, Superframe superframe, Consumer<MacFrame> received) {
    this.air = air;
    this.pan = pan;
    this.superframe = superframe;
    this.mac = new Mac(air, 0, received);
    mac.address(pan, CENTRE);
  }

  /** Its radio. */
  public Air.Station station() {
    return mac.station();
  }

  /**
   * Reserves slots at the end of what is not reserved yet.
   *
   * @return whether there was room: for seven devices at most, and some time stays for all
   */
  public boolean reserve(int address, int slots) {
    int first = firstReserved() - slots;
    if (slots < 1
        || reserved.size() >= Superframe.MOST_RESERVED
        || first < Superframe.SLOTS - superframe.reservable()) {
      return false;
    }
    reserved.add(new Reserved(address, first, slots));
    return true;
  }

  private int firstReserved() {
    return reserved.isEmpty() ? Superframe.SLOTS : reserved.getLast().first;
  }

  /** Sends the first beacon, and all that follow. */
  public void start() {
    air.time().after(superframe.interval(), this::start);
    sequence = sequence + 1 & 0xFF;
    air.send(
        mac.station(),
        new MacFrame(
                MacFrame.Type.BEACON, false, sequence, pan, MacAddress.ALL, CENTRE, description())
            .bytes(),
        () -> {});
  }

  /** The superframe's specification, then each device's slots (clause 7.2.2.1). */
  private byte[] description() {
    ByteBuffer out = ByteBuffer.allocate(4 + 3 * reserved.size()).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort(
            (short)
                (superframe.beaconOrder()
                    | superframe.superframeOrder() << 4
                    | firstReserved() - 1 << 8))
        .put((byte) reserved.size())
        .put((byte) 0); // all of them send
    for (Reserved one : reserved) {
      out.putShort((short) one.address).put((byte) (one.first | one.count << 4));
    }
    return out.array();
  }

  /**
   * What a beacon says.
   *
   * @param lastForAll the last slot that is nobody's own
   * @param own slots of the one who reads it; empty where it has none
   */
  record Told(Superframe superframe, int lastForAll, Optional<Reserved> own) {}

  /** Reads a beacon for one device; empty where it is none of these. */
  static Optional<Told> read(byte[] payload, int address) {
    ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    if (payload.length < 4 || payload.length != 4 + 3 * payload[2]) {
      return Optional.empty();
    }
    int specification = in.getShort() & 0xFFFF;
    int beaconOrder = specification & 15;
    int superframeOrder = specification >> 4 & 15;
    if (superframeOrder > beaconOrder || beaconOrder > 14) {
      return Optional.empty();
    }
    int count = in.get();
    in.get();
    Optional<Reserved> own = Optional.empty();
    for (int i = 0; i < count; i++) {
      int whose = in.getShort() & 0xFFFF;
      int slots = in.get() & 0xFF;
      if (whose == address) {
        own = Optional.of(new Reserved(whose, slots & 15, slots >> 4));
      }
    }
    return Optional.of(
        new Told(new Superframe(beaconOrder, superframeOrder), specification >> 8 & 15, own));
  }
}

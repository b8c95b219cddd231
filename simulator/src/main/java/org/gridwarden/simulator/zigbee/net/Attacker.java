package org.gridwarden.simulator.zigbee.net;

import java.util.ArrayDeque;
import java.util.Optional;
import org.gridwarden.simulator.zigbee.radio.Air;
import org.gridwarden.simulator.zigbee.radio.MacAddress;
import org.gridwarden.simulator.zigbee.radio.MacFrame;

/**
 * A hostile radio near the coordinator, in five moods that can be switched. It waits for nobody:
 * channel sensing is for the honest. On the model's thread only.
 */
public final class Attacker {
  /** What it does. */
  public enum Mood {
    QUIET,
    /** Sends noise without a pause. */
    JAMMER,
    /** Sends again what it overheard, all but the newest. */
    REPLAYER,
    /** Sends frames under a key that it made up. */
    FORGER,
    /** A member of the network that sends to the coordinator without a pause. */
    FLOODER,
    /** Has left the network and kept its key: sends as another, without that one's link key. */
    LEAVER
  }

  private static final int KEPT = 256;
  private static final long PAUSE = 20_000;
  private static final byte[] NOISE = new byte[120];

  private final Net net;
  private final Air.Station station;
  private final ArrayDeque<byte[]> overheard = new ArrayDeque<>();
  private Mood mood = Mood.QUIET;
  private Optional<NetworkKey> stolen = Optional.empty();
  private long counter = 1L << 30;
  private long sent;
  private int sequence;
  private int pan;
  private int as;
  private long asName;
  private ApsFrame says = ApsFrame.command(0, false, new byte[0]);

  public Attacker(Net net) {
    this.net = net;
    this.station = net.air().station(frame -> {});
    net.air().listen(this::overhear);
  }

  /** Its radio, which is to be put next to its victims. */
  public Air.Station station() {
    return station;
  }

  /** How many frames it has sent. */
  public long sent() {
    return sent;
  }

  /** Gives it the network's key. */
  public void steal(NetworkKey key) {
    stolen = Optional.of(key);
  }

  /**
   * What it says, and as whom.
   *
   * @param victim whose address and name it uses
   */
  public void says(int network, NetNode victim, ApsFrame frame) {
    pan = network;
    as = victim.address();
    asName = victim.eui64();
    says = frame;
  }

  /** Has it do something else. */
  public void mood(Mood other) {
    Mood before = mood;
    mood = other;
    if (before == Mood.QUIET && other != Mood.QUIET) {
      act();
    }
  }

  private void overhear(byte[] frame) {
    if (mood == Mood.QUIET || mood == Mood.REPLAYER) {
      MacFrame.parse(frame)
          .filter(f -> f.type() == MacFrame.Type.DATA && f.to().value() == 0)
          .ifPresent(f -> {
            overheard.add(frame);
            if (overheard.size() > KEPT) {
              overheard.remove();
            }
          });
    }
  }

  private void act() {
    if (mood == Mood.QUIET) {
      return;
    }
    byte[] frame =
        switch (mood) {
          case QUIET, JAMMER -> NOISE;
          case REPLAYER -> replayed();
          case FORGER ->
              forged(
                  new NetworkKey(
                      new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, 0));
          case FLOODER, LEAVER -> stolen.map(this::forged).orElse(NOISE);
        };
    sent++;
    long pause = mood == Mood.JAMMER || mood == Mood.FLOODER ? 0 : PAUSE;
    net.air().send(station, frame, () -> net.air().time().after(pause, this::act));
  }

  /** The oldest that it knows, as it was. */
  private byte[] replayed() {
    if (overheard.size() < 2) {
      return NOISE;
    }
    byte[] oldest = overheard.remove();
    overheard.add(oldest);
    return oldest;
  }

  private byte[] forged(NetworkKey key) {
    sequence = sequence + 1 & 0xFF;
    NwkFrame frame = new NwkFrame(0, as, 30, sequence, true, says.bytes());
    byte[] sealed = frame.sealed(key, counter++, asName);
    return new MacFrame(
            MacFrame.Type.DATA,
            false,
            sequence,
            pan,
            MacAddress.shortly(0),
            MacAddress.shortly(as),
            sealed)
        .bytes();
  }
}

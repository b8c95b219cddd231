package org.gridwarden.simulator.zigbee.radio;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One channel of 2.4 GHz at 250 kbit/s: who hears whom, what collides, what is lost. A frame is
 * received where nothing else was heard while it was sent, and the receiver did not send itself; no
 * capture, no fading. On the model's thread only.
 */
public final class Air {
  /** One byte's time: 2 symbols of 16 microseconds (IEEE 802.15.4-2006, clause 6.5). */
  public static final long BYTE = 32;

  /** Preamble, start of frame and length come before the frame. */
  public static final int BEFORE = 6;

  private final Timeline time;
  private final Random random;
  private final List<Sending> active = new ArrayList<>();
  private final List<Consumer<byte[]>> ears = new ArrayList<>();
  private long sent;
  private long collided;
  private long lost;
  private long busyMicros;

  /** A radio, and which others it hears. */
  public static final class Station {
    private final Map<Station, Double> hears = new HashMap<>();
    private final Consumer<byte[]> received;
    private boolean off;
    private long sentMicros;

    private Station(Consumer<byte[]> received) {
      this.received = received;
    }

    /** Takes it off the air, or back. */
    public void off(boolean value) {
      off = value;
    }

    /** For how long in all it has sent, in microseconds. */
    public long sentMicros() {
      return sentMicros;
    }

    /** Whom it hears. */
    public Set<Station> neighbours() {
      return Set.copyOf(hears.keySet());
    }
  }

  private static final class Sending {
    private final Station from;
    private final Set<Station> spoiled = new HashSet<>();

    private Sending(Station from) {
      this.from = from;
    }
  }

  /**
   * @param random from which all of the model's chances come
   */
  public Air(Timeline time, Random random) {
    this.time = time;
    this.random = random;
  }

  /** The model's time. */
  public Timeline time() {
    return time;
  }

  /** The model's chances. */
  public Random random() {
    return random;
  }

  /**
   * Puts up a radio that hears nobody yet.
   *
   * @param received takes each frame that reaches it whole
   */
  public Station station(Consumer<byte[]> received) {
    return new Station(received);
  }

  /**
   * Two radios hear one another.
   *
   * @param loss which part of the frames is lost without a collision, 0 to 1
   */
  public void link(Station one, Station other, double loss) {
    one.hears.put(other, loss);
    other.hears.put(one, loss);
  }

  /** Two radios hear one another no longer. */
  public void cut(Station one, Station other) {
    one.hears.remove(other);
    other.hears.remove(one);
  }

  /** An eavesdropper's ear: all that is sent by anybody, whole or not. */
  public void listen(Consumer<byte[]> ear) {
    ears.add(ear);
  }

  /** Whether a radio senses that somebody sends. */
  public boolean busy(Station at) {
    for (Sending one : active) {
      if (one.from == at || at.hears.containsKey(one.from)) {
        return true;
      }
    }
    return false;
  }

  /** How long a frame takes, in microseconds. */
  public static long airtime(int bytes) {
    return (BEFORE + bytes) * BYTE;
  }

  /**
   * Sends a frame, whether the channel is free or not.
   *
   * @param done runs once it is sent
   */
  public void send(Station from, byte[] frame, Runnable done) {
    if (from.off) {
      time.after(airtime(frame.length), done);
      return;
    }
    sent++;
    Sending mine = new Sending(from);
    for (Sending other : active) {
      spoil(mine, other);
      spoil(other, mine);
    }
    active.add(mine);
    long length = airtime(frame.length);
    busyMicros += length;
    from.sentMicros += length;
    ears.forEach(ear -> ear.accept(frame.clone()));
    time.after(
        length,
        () -> {
          active.remove(mine);
          deliver(mine, frame);
          done.run();
        });
  }

  /** What one sending means to the receivers of another. */
  private static void spoil(Sending of, Sending by) {
    of.spoiled.add(by.from);
    for (Station station : by.from.hears.keySet()) {
      of.spoiled.add(station);
    }
  }

  private void deliver(Sending sending, byte[] frame) {
    for (Map.Entry<Station, Double> link : List.copyOf(sending.from.hears.entrySet())) {
      Station to = link.getKey();
      if (to.off) {
        continue;
      }
      if (sending.spoiled.contains(to)) {
        collided++;
      } else if (random.nextDouble() < link.getValue()) {
        lost++;
      } else {
        to.received.accept(frame.clone());
      }
    }
  }

  /** Frames sent, acknowledgements with them. */
  public long sent() {
    return sent;
  }

  /** Receptions that a collision spoiled. */
  public long collided() {
    return collided;
  }

  /** Receptions that were lost otherwise. */
  public long lost() {
    return lost;
  }

  /** For how long in all somebody sent, in microseconds; at once counts twice. */
  public long busyMicros() {
    return busyMicros;
  }
}

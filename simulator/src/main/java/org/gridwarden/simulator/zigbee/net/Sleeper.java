package org.gridwarden.simulator.zigbee.net;

import java.util.function.Consumer;
import org.gridwarden.simulator.zigbee.radio.Air;
import org.gridwarden.simulator.zigbee.radio.Indirect;
import org.gridwarden.simulator.zigbee.radio.Mac;
import org.gridwarden.simulator.zigbee.radio.MacAddress;
import org.gridwarden.simulator.zigbee.radio.MacFrame;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * An end device that sleeps: its radio is on while it sends, asks its parent what waits, and
 * receives that. It joins awake. Broadcasts pass it by. On the model's thread only.
 */
public final class Sleeper {
  /**
   * How long a frame is waited for that was announced (macMaxFrameTotalWaitTime, 1,220 symbols).
   */
  private static final long FRAME_WAIT = 19_520;

  /** How often it asks while an answer is due. */
  private static final long SOON = 100_000;

  private static final long ACKNOWLEDGING = Mac.TURNAROUND + Air.airtime(5);

  private final ApsLayer aps;
  private final Mac mac;
  private final Timeline time;
  private final long interval;
  private int parent = NetNode.NONE;
  private boolean sending;
  private boolean asking;
  private boolean answerDue;
  private Timeline.@Nullable Due listening;
  private long onSince = -1;
  private long onMicros;
  private long sentBefore;
  private long wakes;
  private long polls;

  /**
   * @param interval how often it asks, in microseconds
   */
  public Sleeper(ApsLayer aps, long interval) {
    this.aps = aps;
    this.mac = aps.node().mac();
    this.time = aps.node().net().air().time();
    this.interval = interval;
  }

  /** Falls asleep, once it is inside. */
  public void begin(NetNode itsParent) {
    parent = itsParent.address();
    itsParent.indirect().serve(MacAddress.shortly(aps.node().address()));
    aps.node().sleeps(parent);
    sentBefore = mac.station().sentMicros();
    mac.duty(
        new Mac.Duty() {
          @Override
          public void sending(boolean on) {
            sending = on;
            settle();
          }

          @Override
          public void received() {
            // on until it is acknowledged; then asks whether there is more
            listen(ACKNOWLEDGING, true);
          }
        });
    mac.station().off(true);
    time.after(interval, this::regularly);
  }

  /** Sends to the coordinator what is to be acknowledged end to end, and asks often until it is. */
  public boolean report(ApsFrame frame, Consumer<Boolean> done) {
    answerDue = true;
    time.after(SOON, this::often);
    return aps.send(
        0,
        frame,
        told -> {
          answerDue = false;
          done.accept(told);
        });
  }

  private void regularly() {
    time.after(interval, this::regularly);
    ask();
  }

  private void often() {
    if (answerDue) {
      time.after(SOON, this::often);
      ask();
    }
  }

  private void ask() {
    if (asking) {
      return;
    }
    asking = true;
    polls++;
    mac.send(
        MacFrame.Type.COMMAND,
        aps.node().pan(),
        MacAddress.shortly(parent),
        new byte[] {Indirect.DATA_REQUEST},
        outcome -> {
          asking = false;
          if (outcome == Mac.Outcome.SENT && mac.more()) {
            listen(FRAME_WAIT, false);
          }
        });
  }

  private void listen(long micros, boolean askThen) {
    if (listening != null) {
      listening.cancel();
    }
    listening =
        time.after(
            micros,
            () -> {
              listening = null;
              if (askThen) {
                ask();
              }
              settle();
            });
    settle();
  }

  /** The radio is on while there is something to do with it. */
  private void settle() {
    boolean on = sending || listening != null;
    if (on == awake()) {
      return;
    }
    if (on) {
      wakes++;
      onSince = time.now();
    } else {
      onMicros += time.now() - onSince;
      onSince = -1;
    }
    mac.station().off(!on);
  }

  /** Whether its radio is on. */
  public boolean awake() {
    return onSince >= 0;
  }

  /** How often its radio was switched on since it sleeps. */
  public long wakes() {
    return wakes;
  }

  /** How often it asked. */
  public long polls() {
    return polls;
  }

  /** For how long in all its radio was on since it sleeps, in microseconds. */
  public long onMicros() {
    return onMicros + (awake() ? time.now() - onSince : 0);
  }

  /** For how long of that it sent. */
  public long sentMicros() {
    return mac.station().sentMicros() - sentBefore;
  }
}

package org.gridwarden.simulator.zigbee.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.gridwarden.simulator.zigbee.radio.MacAddress;
import org.gridwarden.simulator.zigbee.radio.MacFrame;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * How a device gets in: it asks who is there, associates with the nearest to the coordinator, and
 * waits for the network's key under the key of its install code. Where it fails it tries again,
 * later each time. On the model's thread only.
 */
final class Newcomer {
  private static final long SCAN = 200_000;
  private static final long PATIENCE = 5_000_000;
  private static final long FIRST_PAUSE = 1_000_000;
  private static final long LONGEST_PAUSE = 16_000_000;

  private final NetNode node;
  private final Consumer<Boolean> done;
  private @Nullable MacFrame best;
  private Timeline.@Nullable Due timer;
  private long pause = FIRST_PAUSE;
  private long attempts;
  private boolean stopped;

  /**
   * @param done told false where an attempt failed, true once the device is inside
   */
  Newcomer(NetNode node, Consumer<Boolean> done) {
    this.node = node;
    this.done = done;
  }

  /** How often it tried. */
  long attempts() {
    return attempts;
  }

  /** Tries to get in, until it is or is told to stop. */
  void start() {
    stopped = false;
    scan();
  }

  void stop() {
    stopped = true;
    cancel();
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void scan() {
    if (stopped) {
      return;
    }
    attempts++;
    best = null;
    node.forget();
    node.mac()
        .send(
            MacFrame.Type.COMMAND,
            0xFFFF,
            MacAddress.ALL,
            new byte[] {Parent.BEACON_REQUEST},
            sent -> {});
    cancel();
    timer = node.net().air().time().after(SCAN, this::choose);
  }

  private void choose() {
    MacFrame chosen = best;
    if (chosen == null) {
      later();
      return;
    }
    node.mac().address(chosen.pan(), MacAddress.extended(node.eui64()));
    node.mac()
        .send(
            MacFrame.Type.COMMAND,
            chosen.pan(),
            chosen.from(),
            new byte[] {Parent.ASSOCIATION_REQUEST, (byte) 0x8E},
            sent -> {});
    cancel();
    timer = node.net().air().time().after(PATIENCE, this::later);
  }

  private void later() {
    done.accept(false);
    cancel();
    long wait = pause / 2 + node.net().air().random().nextLong(pause);
    timer = node.net().air().time().after(wait, this::scan);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  /** Takes a beacon or the answer to an association. */
  void take(MacFrame frame) {
    if (node.inside() || stopped) {
      return;
    }
    if (frame.type() == MacFrame.Type.BEACON && frame.payload().length == 2) {
      MacFrame before = best;
      if (before == null || frame.payload()[0] < before.payload()[0]) {
        best = frame;
      }
    } else if (frame.type() == MacFrame.Type.COMMAND
        && frame.payload().length == 4
        && frame.payload()[0] == Parent.ASSOCIATION_RESPONSE
        && frame.payload()[3] == 0) {
      int address =
          ByteBuffer.wrap(frame.payload()).order(ByteOrder.LITTLE_ENDIAN).getShort(1) & 0xFFFF;
      node.address(frame.pan(), address);
    }
  }

  /** The network's key came. */
  void keyed(NetworkKey key) {
    cancel();
    node.key(key);
    pause = FIRST_PAUSE;
    done.accept(true);
  }
}

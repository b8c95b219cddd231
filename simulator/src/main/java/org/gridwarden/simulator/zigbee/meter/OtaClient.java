package org.gridwarden.simulator.zigbee.meter;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * The meter's side of OTA Upgrade (cluster 0x0019): told that there is an image it asks for it,
 * block by block, no faster than it is told, and goes on where it stood after a break. What is
 * whole is judged by its own signature, and does nothing before it is ordered to. On the model's
 * thread only.
 */
public final class OtaClient {
  static final int CLUSTER = 0x0019;

  private static final int NOTIFY = 0x00;
  private static final int QUERY = 0x01;
  private static final int QUERY_RESPONSE = 0x02;
  private static final int BLOCK = 0x03;
  private static final int BLOCK_RESPONSE = 0x05;
  private static final int END = 0x06;
  private static final int END_RESPONSE = 0x07;

  private static final int SUCCESS = 0x00;
  private static final int INVALID_IMAGE = 0x96;
  private static final int WAIT = 0x97;

  private static final int MANUFACTURER = 0xFFFE;
  private static final int IMAGE_TYPE = 0x0000;
  private static final int TELLS_DELAY = 0x02;

  private static final int IDENTIFIER = 0x0BEEF11E;
  private static final int HEADER = 56;
  private static final int ELEMENT = 6;

  /** No meter here has room for more. */
  private static final int GREATEST = 8 << 20;

  private static final int WANTED = 48;
  private static final long PATIENCE = 8_000_000;
  private static final int ATTEMPTS = 10;

  private final Timeline time;
  private final Store store;
  private final EnergyServices.Line line;
  private ByteArrayOutputStream loaded = new ByteArrayOutputStream();
  private long version = -1;
  private int size;
  private int delay;
  private int attempts;
  private int blocks;
  private Phase phase = Phase.IDLE;
  private Timeline.@Nullable Due timer;

  private enum Phase {
    IDLE,
    ASKED,
    LOADING,
    ENDING
  }

  /** Where images go. */
  public interface Store {
    /** Which version runs: ten bits, ten bits, twelve bits. */
    long running();

    /**
     * Takes an image that is whole.
     *
     * @return false where its maker's signature does not hold, or it may not run here
     */
    boolean take(byte[] image);
  }

  OtaClient(Timeline time, Store store, EnergyServices.Line line) {
    this.time = time;
    this.store = store;
    this.line = line;
  }

  /** How many bytes of the image it has. */
  public int loaded() {
    return loaded.size();
  }

  /** How many blocks it was given in all. */
  public int blocks() {
    return blocks;
  }

  private static Zcl.Out named(int first, long which) {
    return new Zcl.Out()
        .number(1, first)
        .number(2, MANUFACTURER)
        .number(2, IMAGE_TYPE)
        .number(4, which);
  }

  private void ask(int command, byte[] payload) {
    line.ask(CLUSTER, true, command, payload);
    wait(PATIENCE, this::again);
  }

  private void wait(long micros, Runnable then) {
    stop();
    timer = time.after(micros, then);
  }

  private void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** No answer came. */
  private void again() {
    attempts++;
    if (attempts > ATTEMPTS) {
      phase = Phase.IDLE; // until the office tells it again; what it has it keeps
      attempts = 0;
      return;
    }
    switch (phase) {
      case ASKED -> query();
      case LOADING -> block();
      case ENDING -> end(SUCCESS);
      case IDLE -> {
        // nothing is waited for
      }
    }
  }

  private void query() {
    phase = Phase.ASKED;
    ask(QUERY, named(0, store.running()).done());
  }

  private void block() {
    phase = Phase.LOADING;
    ask(
        BLOCK,
        named(TELLS_DELAY, version)
            .number(4, loaded.size())
            .number(1, WANTED)
            .number(2, delay)
            .done());
  }

  private void end(int status) {
    phase = Phase.ENDING;
    ask(END, named(status, version).done());
  }

  /** Takes what came from the office. */
  void take(Zcl zcl) {
    byte[] payload = zcl.payload();
    switch (zcl.command()) {
      case NOTIFY -> {
        if (phase == Phase.IDLE) {
          attempts = 0;
          query();
        }
      }
      case QUERY_RESPONSE -> {
        if (phase == Phase.ASKED) {
          answered(payload);
        }
      }
      case BLOCK_RESPONSE -> {
        if (phase == Phase.LOADING) {
          given(payload);
        }
      }
      case END_RESPONSE -> {
        if (phase == Phase.ENDING) {
          stop();
          phase = Phase.IDLE;
        }
      }
      default -> {
        // none of a client's
      }
    }
  }

  private void answered(byte[] payload) {
    stop();
    phase = Phase.IDLE;
    if (payload.length != 13 || payload[0] != SUCCESS) {
      return;
    }
    long offered = Zcl.number(payload, 5, 4);
    long length = Zcl.number(payload, 9, 4);
    if (offered <= store.running() || length < HEADER + ELEMENT || length > GREATEST) {
      return; // never back, and never more than there is room for
    }
    if (offered != version || length != size) {
      loaded = new ByteArrayOutputStream();
      version = offered;
      size = (int) length;
    }
    attempts = 0;
    if (loaded.size() < size) {
      block();
    } else {
      judge();
    }
  }

  private void given(byte[] payload) {
    int status = payload.length == 0 ? -1 : payload[0] & 0xFF;
    if (status == WAIT && payload.length >= 11) {
      long pause = Math.max(0, Zcl.number(payload, 5, 4) - Zcl.number(payload, 1, 4));
      delay = (int) Zcl.number(payload, 9, 2);
      attempts = 0;
      wait(Math.max(pause * 1_000_000, delay * 1_000L), this::block);
      return;
    }
    if (status != SUCCESS || payload.length < 14) {
      stop();
      phase = Phase.IDLE;
      return;
    }
    int length = payload[13] & 0xFF;
    if (Zcl.number(payload, 5, 4) != version
        || Zcl.number(payload, 9, 4) != loaded.size()
        || length == 0
        || payload.length != 14 + length
        || loaded.size() + length > size) {
      return; // one of before, that came late
    }
    loaded.write(payload, 14, length);
    blocks++;
    attempts = 0;
    if (loaded.size() < size) {
      wait(delay * 1_000L, this::block);
    } else {
      stop();
      judge();
    }
  }

  private void judge() {
    boolean good = image(loaded.toByteArray()).filter(store::take).isPresent();
    if (good) {
      end(SUCCESS);
      return;
    }
    line.ask(CLUSTER, true, END, named(INVALID_IMAGE, version).done());
    loaded = new ByteArrayOutputStream();
    version = -1;
    phase = Phase.IDLE;
    stop();
  }

  /** What stands behind the header; empty where that is none of this cluster's. */
  static Optional<byte[]> image(byte[] file) {
    if (file.length < HEADER + ELEMENT
        || Zcl.number(file, 0, 4) != IDENTIFIER
        || Zcl.number(file, 6, 2) != HEADER
        || Zcl.number(file, 10, 2) != MANUFACTURER
        || Zcl.number(file, 12, 2) != IMAGE_TYPE
        || Zcl.number(file, 52, 4) != file.length
        || Zcl.number(file, HEADER, 2) != 0
        || Zcl.number(file, HEADER + 2, 4) != file.length - HEADER - ELEMENT) {
      return Optional.empty();
    }
    return Optional.of(Arrays.copyOfRange(file, HEADER + ELEMENT, file.length));
  }
}

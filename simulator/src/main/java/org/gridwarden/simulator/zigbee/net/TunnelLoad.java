package org.gridwarden.simulator.zigbee.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.gridwarden.simulator.zigbee.radio.Air;

/**
 * What secured messages cost on the air of one network: meters around a coordinator that each send
 * one every so often through their tunnels (cluster 0x0704), segment by segment, until the office
 * answers. The office itself takes no time. A model; time goes as fast as it can.
 */
public final class TunnelLoad {
  /** What fits into a segment, the message's class included. */
  private static final int SEGMENT = 64;

  /** ZCL's header (3), the tunnel (2), what it is (1), the message's number, index and count. */
  private static final int BEFORE_SEGMENT = 9;

  /** ZCL's header, the tunnel, what it is, the message's number, and what became of it. */
  private static final int ANSWER = 8;

  private static final int ANSWERS = 1;
  private static final int WHAT = 5;
  private static final int NUMBER = 6;
  private static final int INDEX = 7;
  private static final int COUNT = 8;
  private static final int TUNNELING = 0x0704;
  private static final int PROFILE = 0x0109;
  private static final int ATTEMPTS = 3;
  private static final long SECOND = 1_000_000;
  private static final long SETTLES = 120 * SECOND;

  /** How long a byte is on the air, in microseconds: 250 kbit/s. */
  private static final int BYTE = 32;

  private final Star star;
  private final int sealed;
  private final long interval;
  private final long end;
  private final List<Long> up = new ArrayList<>();
  private final List<Long> acknowledged = new ArrayList<>();
  private final List<Meter> meters = new ArrayList<>();
  private long frames;
  private long bytes;
  private int sent;

  /**
   * What was measured.
   *
   * @param sent how many messages
   * @param up from each one's sending until all of it is at the coordinator, those that came, in
   *     nanoseconds
   * @param acknowledged until its meter had the office's answer, those that were answered
   * @param framesEach frames on the air a message, acknowledgements of every layer included
   * @param bytesEach bytes on the air a message, from preamble to checksum
   */
  public record Measured(
      int sent, List<Long> up, List<Long> acknowledged, double framesEach, double bytesEach) {}

  private TunnelLoad(
      int count, int intervalSeconds, int sealed, double loss, int seconds, long seed) {
    this.sealed = sealed;
    this.interval = intervalSeconds * SECOND;
    this.end = seconds * SECOND;
    this.star = new Star(count, loss, seed, this::heard);
    star.air()
        .listen(frame -> {
          frames++;
          bytes += Air.airtime(frame.length) / BYTE;
        });
  }

  /**
   * Measures.
   *
   * @param meters how many, 1 to 1,000; all hear each other and the coordinator
   * @param intervalSeconds between two messages of one
   * @param sealed how long a message is under COSE, in bytes, 1 to 16,000
   * @param loss which part of the frames is lost without a collision, 0 to 1
   * @param seconds for how long messages begin
   */
  public static Measured measure(
      int meters, int intervalSeconds, int sealed, double loss, int seconds, long seed) {
    if (meters < 1 || meters > 1_000 || sealed < 1 || sealed > 16_000 || intervalSeconds < 1) {
      throw new IllegalArgumentException("1 to 1,000 meters, 1 to 16,000 bytes, 1 s and more");
    }
    TunnelLoad load = new TunnelLoad(meters, intervalSeconds, sealed, loss, seconds, seed);
    load.run();
    double each = Math.max(1, load.sent);
    return new Measured(
        load.sent,
        List.copyOf(load.up),
        List.copyOf(load.acknowledged),
        load.frames / each,
        load.bytes / each);
  }

  private void run() {
    for (int i = 1; i <= star.meters().size(); i++) {
      Meter meter = new Meter(star.meters().get(i - 1));
      meters.add(meter);
      tick(meter, star.air().random().nextLong(interval));
    }
    star.time().advance(end + SETTLES);
  }

  private void tick(Meter meter, long in) {
    star.time()
        .after(
            in,
            () -> {
              if (star.time().now() < end) {
                sent++;
                meter.waiting.add(star.time().now());
                meter.proceed();
                tick(meter, interval);
              }
            });
  }

  private void heard(int from, int at, ApsFrame frame) {
    byte[] said = frame.payload();
    if (at == 0 && said[WHAT] != ANSWERS && said[INDEX] + 1 == said[COUNT]) {
      // segments come in order: each is sent once the one before is acknowledged
      meters.get(from - 1).arrived(said[NUMBER]);
      byte[] answer = new byte[ANSWER];
      answer[WHAT] = ANSWERS;
      answer[NUMBER] = said[NUMBER];
      send(star.centre(), from, answer, 1);
    } else if (at != 0 && said[WHAT] == ANSWERS) {
      meters.get(at - 1).answered(said[NUMBER]);
    }
  }

  private void send(ApsLayer by, int to, byte[] payload, int attempt) {
    send(by, to, payload, attempt, () -> {}, () -> {});
  }

  private static void send(
      ApsLayer by, int to, byte[] payload, int attempt, Runnable done, Runnable failed) {
    var known =
        by.send(
            to,
            new ApsFrame(
                ApsFrame.Type.DATA,
                false,
                true,
                true,
                1,
                TUNNELING,
                PROFILE,
                1,
                by.nextCounter(to),
                payload),
            told -> {
              if (told) {
                done.run();
              } else if (attempt < ATTEMPTS) {
                send(by, to, payload, attempt + 1, done, failed);
              } else {
                failed.run();
              }
            });
    if (!known) {
      failed.run();
    }
  }

  /** A meter with its messages, one of them on its way. */
  private final class Meter {
    private final ApsLayer layer;
    private final Deque<Long> waiting = new ArrayDeque<>();
    private boolean sending;
    private boolean came;
    private long begun;
    private byte number;

    Meter(ApsLayer layer) {
      this.layer = layer;
    }

    void proceed() {
      if (!sending && !waiting.isEmpty()) {
        begun = waiting.remove();
        sending = true;
        came = false;
        number++;
        segment(0);
      }
    }

    private void segment(int index) {
      int all = sealed + 1;
      int count = (all + SEGMENT - 1) / SEGMENT;
      byte[] said = new byte[BEFORE_SEGMENT + Math.min(SEGMENT, all - index * SEGMENT)];
      said[NUMBER] = number;
      said[INDEX] = (byte) index;
      said[COUNT] = (byte) count;
      byte its = number;
      send(
          layer,
          0,
          said,
          1,
          () -> {
            if (sending && number == its && index + 1 < count) {
              segment(index + 1);
            }
          },
          () -> end(its));
    }

    void arrived(byte which) {
      if (which == number && !came) {
        came = true;
        up.add((star.time().now() - begun) * 1_000);
      }
    }

    void answered(byte which) {
      if (sending && which == number) {
        acknowledged.add((star.time().now() - begun) * 1_000);
        end(which);
      }
    }

    private void end(byte which) {
      if (sending && which == number) {
        sending = false;
        proceed();
      }
    }
  }
}

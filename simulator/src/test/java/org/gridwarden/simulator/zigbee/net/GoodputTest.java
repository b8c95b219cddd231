package org.gridwarden.simulator.zigbee.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.gridwarden.simulator.zigbee.radio.Air;
import org.gridwarden.simulator.zigbee.radio.Mac;
import org.gridwarden.simulator.zigbee.radio.MacAddress;
import org.gridwarden.simulator.zigbee.radio.MacFrame;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model against what can be reckoned by hand (IEEE 802.15.4-2006, clauses 6.4 and 7.5). */
class GoodputTest {
  private static final int PAN = 1;
  private static final int HEADER = 11; // addresses, numbers and checksum
  private static final int ACK = 5;
  private static final int FRAMES = 4_000;

  private final Timeline time = new Timeline();
  private final Air air = new Air(time, new Random(5));
  private long end;
  private int left;

  private Mac mac(int address) {
    Mac mac = new Mac(air, address, frame -> {});
    mac.address(PAN, MacAddress.shortly(address));
    return mac;
  }

  /** Sends one after the other; gives the microseconds for each. */
  private double micros(Mac from, int payload, AtomicInteger failed) {
    left = FRAMES;
    long begun = time.now();
    next(from, payload, failed);
    time.advance(begun + 3_600_000_000L);
    return (double) (end - begun) / FRAMES;
  }

  private void next(Mac from, int payload, AtomicInteger failed) {
    from.send(
        MacFrame.Type.DATA,
        PAN,
        MacAddress.shortly(2),
        new byte[payload],
        outcome -> {
          if (outcome != Mac.Outcome.SENT) {
            failed.incrementAndGet();
          }
          end = time.now();
          if (--left > 0) {
            time.after(0, () -> next(from, payload, failed));
          }
        });
  }

  /**
   * One sender, no loss: 3.5 backoffs on the average, listening, turning round twice, two frames.
   */
  @ParameterizedTest
  @ValueSource(ints = {10, 50, 100, 116})
  void oneSenderIsAsFastAsTheFormula(int payload) {
    Mac sender = mac(1);
    air.link(sender.station(), mac(2).station(), 0);
    double expected = 3.5 * 320 + 128 + 192 + (6 + HEADER + payload) * 32 + 192 + (6 + ACK) * 32;
    AtomicInteger failed = new AtomicInteger();
    assertThat(micros(sender, payload, failed)).isCloseTo(expected, within(0.02 * expected));
    assertThat(failed).hasValue(0);
  }

  /**
   * A frame is acknowledged where it and its acknowledgement get through, at one of four attempts.
   */
  @Test
  void lossGivesTheReckonedFailures() {
    double loss = 0.3;
    Mac sender = mac(1);
    air.link(sender.station(), mac(2).station(), loss);
    AtomicInteger failed = new AtomicInteger();
    assertThat(micros(sender, 50, failed)).isPositive();
    double once = (1 - loss) * (1 - loss);
    double expected = Math.pow(1 - once, 4);
    assertThat((double) failed.get() / FRAMES).isCloseTo(expected, within(0.25 * expected));
  }
}

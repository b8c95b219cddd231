package org.gridwarden.simulator.zigbee.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.junit.jupiter.api.Test;

/** What a household's loads make of load-control events, on the model's own time line. */
class LoadControlTest {
  private static final Instant BEGIN = Instant.parse("2026-11-26T00:00:00Z");
  private static final long MINUTE = 60_000_000;

  private final Timeline time = new Timeline();
  private final List<String> told = new ArrayList<>();
  private final List<Boolean> shed = new ArrayList<>();
  private final LoadControl loads =
      new LoadControl(
          time,
          () -> BEGIN.plusNanos(time.now() * 1_000),
          new Random(7),
          (cluster, own, command, payload) -> {
            assertThat(cluster).isEqualTo(LoadControl.LOAD_CONTROL);
            told.add(
                command == LoadControl.GET_SCHEDULED
                    ? "asks"
                    : Zcl.number(payload, 0, 4)
                        + " "
                        + HexFormat.of().toHexDigits(payload[4])
                        + (payload.length == 60 ? "" : " torn"));
          },
          shed::add);

  /** An event that begins in so many minutes. */
  private void event(long id, long in, int minutes, int criticality, int control) {
    byte[] payload =
        new Zcl.Out()
            .number(4, id)
            .number(2, 0x07FF)
            .number(1, 0)
            .number(4, BEGIN.getEpochSecond() - 946_684_800L + time.now() / 1_000_000 + in * 60)
            .number(2, minutes)
            .number(1, criticality)
            .bytes(HexFormat.of().parseHex("ffff0080008080ff"))
            .number(1, control)
            .done();
    assertThat(loads.take(LoadControl.LOAD_CONTROL, new Zcl(true, true, 1, 0, payload))).isTrue();
  }

  private void cancel(long id) {
    byte[] payload =
        new Zcl.Out().number(4, id).number(2, 0x07FF).number(1, 0).number(1, 0).number(4, 0).done();
    assertThat(loads.take(LoadControl.LOAD_CONTROL, new Zcl(true, true, 1, 1, payload))).isTrue();
  }

  @Test
  void itShedsForAsLongAsItIsTold() {
    assertThat(shed).as("all is on at the beginning").containsExactly(false);
    event(1, 10, 30, 2, 0);
    time.advance(9 * MINUTE);
    assertThat(loads.shedding()).isFalse();
    time.advance(11 * MINUTE);
    assertThat(loads.shedding()).isTrue();
    time.advance(39 * MINUTE);
    assertThat(loads.shedding()).isTrue();
    time.advance(41 * MINUTE);
    assertThat(told).containsExactly("1 01", "1 02", "1 03");
    assertThat(shed).containsExactly(false, true, false);
  }

  @Test
  void bothEndsAreByChanceWithinFiveMinutes() {
    event(1, 0, 30, 2, 0b11);
    time.advance(0);
    assertThat(loads.shedding()).as("not at once").isFalse();
    time.advance(5 * MINUTE);
    assertThat(loads.shedding()).isTrue();
    time.advance(30 * MINUTE);
    assertThat(told).as("not over at once").containsExactly("1 01", "1 02");
    time.advance(35 * MINUTE);
    assertThat(told).containsExactly("1 01", "1 02", "1 03");
  }

  @Test
  void aConsumerOptsOutAndIn() {
    event(1, 0, 60, 2, 0);
    time.advance(MINUTE);
    assertThat(loads.optOut()).isTrue();
    assertThat(loads.shedding()).isFalse();
    time.advance(2 * MINUTE);
    loads.optIn();
    assertThat(loads.shedding()).isTrue();
    time.advance(61 * MINUTE);
    assertThat(told).containsExactly("1 01", "1 02", "1 04", "1 05", "1 09");
    told.clear();
    event(2, 0, 60, 2, 0);
    loads.optOut();
    time.advance(200 * MINUTE);
    assertThat(told).as("never took part").containsExactly("2 01", "2 04", "2 0a");
    told.clear();
    event(3, 0, 60, 7, 0);
    time.advance(201 * MINUTE);
    assertThat(loads.optOut()).as("an emergency").isFalse();
    assertThat(loads.shedding()).isTrue();
    assertThat(told).containsExactly("3 01", "3 02");
  }

  @Test
  void aLaterEventTakesThePlaceOfOneAndAnotherIsCancelled() {
    event(1, 0, 60, 2, 0);
    time.advance(MINUTE);
    event(2, 0, 60, 2, 0);
    event(2, 0, 60, 2, 0); // the air brought it twice
    time.advance(2 * MINUTE);
    assertThat(told).containsExactly("1 01", "1 02", "1 07", "2 01", "2 02");
    told.clear();
    cancel(1);
    cancel(2);
    time.advance(3 * MINUTE);
    assertThat(told).containsExactly("1 fd", "2 06");
    assertThat(loads.shedding()).isFalse();
    told.clear();
    event(3, 0, 60, 2, 0);
    time.advance(4 * MINUTE);
    loads.take(LoadControl.LOAD_CONTROL, new Zcl(true, true, 1, 2, new byte[] {0}));
    time.advance(5 * MINUTE);
    assertThat(told).as("all of them").containsExactly("3 01", "3 02", "3 06");
  }

  @Test
  void whatIsOverOrNoneIsRefused() {
    time.advance(100 * MINUTE);
    event(1, -61, 60, 2, 0);
    event(2, 0, 1_441, 2, 0);
    assertThat(told).containsExactly("1 fb", "2 fe");
    loads.take(LoadControl.LOAD_CONTROL, new Zcl(true, true, 1, 0, new byte[22]));
    assertThat(loads.event()).isEmpty();
    loads.begin();
    assertThat(told.getLast()).isEqualTo("asks");
  }
}

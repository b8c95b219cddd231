package org.gridwarden.simulator.zigbee.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.junit.jupiter.api.Test;

/** What a meter asks of the office, and makes of the answers. */
class EnergyServicesTest {
  private static final Instant OWN = Instant.parse("2026-11-26T00:00:00Z");
  private static final long MINUTE = 60_000_000;
  private static final long DAY = 1_440 * MINUTE;

  private final Timeline time = new Timeline();
  private final List<Integer> asked = new ArrayList<>();
  private final EnergyServices services =
      new EnergyServices(time, () -> OWN, (cluster, own, command, payload) -> asked.add(cluster));

  private static Zcl answer(boolean cluster, int command, String payload) {
    return new Zcl(cluster, true, 1, command, HexFormat.of().parseHex(payload));
  }

  @Test
  void theOfficesTimeSetsTheClockAndIsAskedForOnceADay() {
    services.begin();
    assertThat(asked).containsExactly(EnergyServices.PRICE, EnergyServices.TIME);
    time.advance(MINUTE); // no answer
    time.advance(3 * MINUTE);
    assertThat(asked).as("after one minute, and two more").hasSize(4);
    // attribute 0, success, UTC time, ten minutes after the meter's own
    long office = OWN.plusSeconds(600).getEpochSecond() - 946_684_800L;
    String little = HexFormat.of().toHexDigits(Integer.reverseBytes((int) office));
    assertThat(
            services.take(
                EnergyServices.TIME,
                answer(false, Zcl.READ_RESPONSE, "0000" + "00" + "e2" + little)))
        .isTrue();
    assertThat(services.told()).isTrue();
    assertThat(services.clock()).isEqualTo(OWN.plusSeconds(600));
    time.advance(3 * MINUTE + DAY - 1);
    assertThat(asked).hasSize(4);
    time.advance(3 * MINUTE + DAY);
    assertThat(asked).hasSize(5);
  }

  @Test
  void aPriceIsShownAndATornOneIsNot() {
    String provider = "00000000";
    String label = "03" + "444159"; // DAY
    String event = "01000000";
    String now = "00e1f505"; // 100,000,000
    String rest = "00" + "f402" + "30" + "00" + "00000000" + "ffff" + "13010000";
    String whole = provider + label + event + now + rest + "ff" + "ffffffff" + "ff";
    for (int length = 0; length < 62; length += 2) {
      assertThat(services.take(EnergyServices.PRICE, answer(true, 0, whole.substring(0, length))))
          .isTrue();
    }
    assertThat(services.price()).isEmpty();
    services.take(EnergyServices.PRICE, answer(true, 0, whole));
    assertThat(services.price())
        .hasValue(
            new EnergyServices.Price(
                275, 3, 756, Instant.ofEpochSecond(946_684_800L + 100_000_000L)));
    services.begin();
    assertThat(services.price()).as("the office comes again").isPresent();
    services.restart();
    assertThat(services.price()).isEmpty();
  }
}

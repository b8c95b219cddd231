package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.objects.Bench.accepts;
import static org.gridwarden.dlms.objects.Bench.get;
import static org.gridwarden.dlms.objects.Bench.hex;
import static org.gridwarden.dlms.objects.Bench.invokes;
import static org.gridwarden.dlms.objects.Bench.number;
import static org.gridwarden.dlms.objects.Bench.octets;
import static org.gridwarden.dlms.objects.Bench.refuses;
import static org.gridwarden.dlms.objects.Bench.time;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Class 8. */
class ClockTest {
  private static final DlmsData ZERO = new DlmsData.Integer8(0);

  private final Bench bench = new Bench("2026-07-01T10:07:31Z");
  private final Clock clock = bench.clock;

  @Test
  void attributesOfCentralEurope() {
    assertThat(clock.identity()).isEqualTo(new CosemObject.Identity(8, 0, Bench.CLOCK, 9, 6));
    // 2026-07-01, Wednesday, 12:07:31.00, deviation -120, status: daylight saving
    assertThat(hex(clock, 2)).isEqualTo("090C07EA0701030C071F00FF8880");
    assertThat(hex(clock, 3)).isEqualTo("10FFC4"); // long -60
    assertThat(hex(clock, 4)).isEqualTo("1180");
    // last Sunday of March, 02:00 local normal time; of October, 03:00 daylight saving time
    assertThat(hex(clock, 5)).isEqualTo("090CFFFF03FE0702000000800000");
    assertThat(hex(clock, 6)).isEqualTo("090CFFFF0AFE0703000000800000");
    assertThat(hex(clock, 7)).isEqualTo("0F3C"); // integer 60
    assertThat(hex(clock, 8)).isEqualTo("0301");
    assertThat(hex(clock, 9)).isEqualTo("1601"); // enum internal crystal
  }

  @Test
  void zonesWithoutDaylightSaving() {
    Clock utc = new Clock(Bench.CLOCK, bench, ZoneId.of("UTC"));
    assertThat(hex(utc, 3)).isEqualTo("100000");
    assertThat(hex(utc, 8)).isEqualTo("0300");
    assertThat(hex(utc, 5)).isEqualTo("090CFFFFFFFFFFFFFFFFFF8000FF");
    Clock india = new Clock(Bench.CLOCK, bench, ZoneId.of("Asia/Kolkata"));
    assertThat(number(india, 3)).isEqualTo(-330);
  }

  @Test
  void timeIsSet() {
    clock.doubt();
    clock.invalidate();
    assertThat(number(clock, 4)).isEqualTo(0x83);
    // 2026-01-02, any weekday, 03:04:05, no hundredths, no deviation
    assertThat(clock.set(2, octets("07EA0102 FF 030405FF 8000 FF")))
        .isEqualTo(AccessResult.SUCCESS);
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-02T02:04:05Z"));
    assertThat(number(clock, 4)).as("good again, and winter").isZero();
    // with a deviation it is that one's local time: 03:04:05 at UTC-5
    assertThat(clock.set(2, octets("07EA0102 05 030405FF 012C FF")))
        .isEqualTo(AccessResult.SUCCESS);
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-02T08:04:05Z"));
    // it goes on from there
    bench.at("2026-07-01T10:07:41Z");
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-02T08:04:15Z"));
    assertThat(clock.trueTime()).isEqualTo(bench.instant());
  }

  @Test
  void hourThatComesTwiceIsToldByTheStatus() {
    // 2026-10-25 02:30 with daylight saving, and without
    assertThat(clock.set(2, octets("07EA0A19 07 021E0000 8000 80")))
        .isEqualTo(AccessResult.SUCCESS);
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
    assertThat(clock.set(2, octets("07EA0A19 07 021E0000 8000 00")))
        .isEqualTo(AccessResult.SUCCESS);
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-10-25T01:30:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "07EA0D02FF030405FF8000FF, other reason", // month 13
    "07EA0220FF030405FF8000FF, other reason", // day 32
    "07EA021EFF030405FF8000FF, other reason", // 30 February
    "07EA010201030405FF8000FF, other reason", // a Monday that was a Friday
    "07EA0102FF180405FF8000FF, other reason", // hour 24
    "07EA0102FF033C05FF8000FF, other reason", // minute 60
    "07EA0102FFFF0405FF8000FF, other reason", // no hour
    "FFFF0102FF030405FF8000FF, other reason", // no year
    "00000102FF030405FF8000FF, other reason", // years that no meter sees
    "27100102FF030405FF8000FF, other reason",
    "07EA0102FF030405FF7FFFFF, other reason", // deviation 32767
    "07EA0102FF030405FF8000, type unmatched", // eleven bytes
  })
  void badTimes(String hex, String why) {
    Instant before = clock.instant();
    assertThat(clock.set(2, octets(hex))).hasToString(why);
    assertThat(clock.instant()).isEqualTo(before);
    assertThat(clock.set(2, new DlmsData.VisibleString("now")))
        .isEqualTo(AccessResult.TYPE_UNMATCHED);
  }

  @ParameterizedTest
  @CsvSource({
    // adjust_to_quarter, half way is up
    "1, 2026-07-01T10:07:29Z, 2026-07-01T10:00:00Z",
    "1, 2026-07-01T10:07:30Z, 2026-07-01T10:15:00Z",
    // adjust_to_measuring_period: a quarter here
    "2, 2026-07-01T10:52:30Z, 2026-07-01T11:00:00Z",
    // adjust_to_minute
    "3, 2026-07-01T10:07:29.9Z, 2026-07-01T10:07:00Z",
    "3, 2026-07-01T10:07:30Z, 2026-07-01T10:08:00Z",
  })
  void adjust(int method, String from, String to) {
    bench.at(from);
    invokes(clock, method, ZERO);
    assertThat(clock.instant()).isEqualTo(Instant.parse(to));
  }

  @Test
  void adjustToAMeasuringPeriodThatThereIsNot() {
    Clock none = new Clock(Bench.CLOCK, bench, Bench.BERLIN, () -> 0);
    assertThat(none.invoke(2, Optional.of(ZERO)).result()).isEqualTo(AccessResult.OTHER_REASON);
  }

  @Test
  void presetTime() {
    assertThat(clock.invoke(4, Optional.of(ZERO)).result())
        .as("nothing preset")
        .isEqualTo(AccessResult.OTHER_REASON);
    DlmsData preset =
        DlmsData.Structure.of(
            time("2026-07-01T10:30:00Z"),
            time("2026-07-01T10:10:00Z"),
            time("2026-07-01T10:20:00Z"));
    invokes(clock, 5, preset);
    assertThat(clock.invoke(4, Optional.of(ZERO)).result())
        .as("too early")
        .isEqualTo(AccessResult.OTHER_REASON);
    bench.at("2026-07-01T10:20:00Z");
    invokes(clock, 4, ZERO);
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-07-01T10:30:00Z"));
    assertThat(clock.invoke(4, Optional.of(ZERO)).result())
        .as("once")
        .isEqualTo(AccessResult.OTHER_REASON);
    assertThat(
            clock
                .invoke(5, Optional.of(DlmsData.Structure.of(time("2026-07-01T10:30:00Z"))))
                .result())
        .isEqualTo(AccessResult.TYPE_UNMATCHED);
    assertThat(clock.invoke(5, Optional.empty()).result()).isEqualTo(AccessResult.TYPE_UNMATCHED);
  }

  @Test
  void shiftTime() {
    invokes(clock, 6, new DlmsData.Long16(-900));
    invokes(clock, 6, new DlmsData.Long16(29));
    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-07-01T09:53:00Z"));
    assertThat(clock.invoke(6, Optional.of(new DlmsData.Long16(901))).result())
        .isEqualTo(AccessResult.OTHER_REASON);
    assertThat(clock.invoke(6, Optional.of(ZERO)).result()).isEqualTo(AccessResult.TYPE_UNMATCHED);
  }

  @Test
  void zoneAndDaylightSavingAreSet() {
    accepts(clock, 3, new DlmsData.Long16(-120));
    assertThat(hex(clock, 2)).as("UTC+2 and daylight saving").startsWith("090C07EA0701030D07");
    refuses(clock, 3, new DlmsData.Long16(841), AccessResult.OTHER_REASON);
    refuses(clock, 3, new DlmsData.Long16(-721), AccessResult.OTHER_REASON);
    refuses(clock, 3, new DlmsData.Integer8(0), AccessResult.TYPE_UNMATCHED);
    accepts(clock, 7, new DlmsData.Integer8(30));
    assertThat(hex(clock, 2)).as("half an hour of it").startsWith("090C07EA0701030C25");
    refuses(clock, 7, new DlmsData.Integer8(121), AccessResult.OTHER_REASON);
    accepts(clock, 8, new DlmsData.Bool(false));
    assertThat(hex(clock, 2)).isEqualTo("090C07EA0701030C071F00FF8800");
    refuses(clock, 8, new DlmsData.Unsigned8(1), AccessResult.TYPE_UNMATCHED);
  }

  @Test
  void ruleThatIsWrittenIsTheSameAsTheZones() {
    // written as they stand, so that the rules come from the attributes
    for (int attribute : new int[] {3, 5, 6, 7, 8}) {
      accepts(clock, attribute, get(clock, attribute));
    }
    for (int year = 2020; year < 2040; year++) {
      for (Instant at = Instant.parse(year + "-01-01T00:30:00Z");
          at.isBefore(Instant.parse(year + "-12-31T00:00:00Z"));
          at = at.plusSeconds(3 * 3_600)) {
        assertThat(clock.rules().getOffset(at)).isEqualTo(Bench.BERLIN.getRules().getOffset(at));
      }
    }
  }

  @Test
  void southernAndOneTimeRules() {
    // from the first Sunday in October, 02:00, to the first Sunday in April, 03:00
    accepts(clock, 5, octets("FFFF0A0107 02000000 8000 00"));
    accepts(clock, 6, octets("FFFF040107 03000000 8000 00"));
    assertThat(clock.rules().isDaylightSavings(Instant.parse("2026-01-01T00:00:00Z"))).isTrue();
    assertThat(clock.rules().isDaylightSavings(Instant.parse("2026-04-05T00:59:59Z"))).isTrue();
    assertThat(clock.rules().isDaylightSavings(Instant.parse("2026-04-05T01:00:00Z"))).isFalse();
    assertThat(clock.rules().isDaylightSavings(Instant.parse("2026-10-04T01:00:00Z"))).isTrue();
    // once: 10 to 20 July 2026
    accepts(clock, 5, octets("07EA070AFF 02000000 8000 00"));
    accepts(clock, 6, octets("07EA0714FF 03000000 8000 00"));
    assertThat(clock.rules().isDaylightSavings(Instant.parse("2026-07-15T00:00:00Z"))).isTrue();
    assertThat(clock.rules().isDaylightSavings(Instant.parse("2027-07-15T00:00:00Z"))).isFalse();
    refuses(clock, 5, octets("FFFFFF0107 02000000 8000 00"), AccessResult.OTHER_REASON);
    refuses(clock, 5, octets("FFFF021DFF 02000000 8000 00"), AccessResult.OTHER_REASON);
    refuses(clock, 5, octets("FFFF03FE07 FF000000 8000 00"), AccessResult.OTHER_REASON);
  }
}

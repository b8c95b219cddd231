package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.HexFormat;
import org.gridwarden.dlms.CosemDateTime.DeviationSign;
import org.junit.jupiter.api.Test;

class CosemDateTimeTest {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  /** pwitab/dlms-cosem @ dc41293 tests/test_time.py (MIT): deviations -120, -60 and none. */
  @Test
  void otherStacksTimes() {
    assertThat(of("07e40101ff00030000ff8800")).hasToString("2020-01-01T00:03:00+02:00");
    assertThat(of("07e40106ff00030000ffc400")).hasToString("2020-01-06T00:03:00+01:00");
    assertThat(of("07e2020cff00000000800000")).hasToString("2018-02-12T00:00:00");
    assertThat(HexFormat.of().formatHex(of("07e40101ff00030000ff8800").bytes()))
        .isEqualTo("07e40101ff00030000ff8800");
  }

  @Test
  void deviationLeadsFromLocalTimeToUtcUnlessAMeterHasItReversed() {
    CosemDateTime winter = of("07e40106ff0c000000ffc400");
    assertThat(winter.instant(ZURICH, DeviationSign.STANDARD))
        .contains(Instant.parse("2020-01-06T11:00:00Z"));
    assertThat(winter.instant(ZURICH, DeviationSign.REVERSED))
        .contains(Instant.parse("2020-01-06T13:00:00Z"));
    assertThat(winter.text(DeviationSign.REVERSED)).isEqualTo("2020-01-06T12:00:00-01:00");
  }

  @Test
  void withoutDeviationTheZoneDecidesAndTheStatusWhereTheHourComesTwice() {
    // 2026-10-25 02:30, once with daylight saving active, once without
    assertThat(of("07ea0a19ff021e00ff800080").instant(ZURICH, DeviationSign.STANDARD))
        .contains(Instant.parse("2026-10-25T00:30:00Z"));
    assertThat(of("07ea0a19ff021e00ff800000").instant(ZURICH, DeviationSign.STANDARD))
        .contains(Instant.parse("2026-10-25T01:30:00Z"));
  }

  @Test
  void unspecifiedFieldsNameNoInstant() {
    assertThat(CosemDateTime.UNSPECIFIED.instant(ZURICH, DeviationSign.STANDARD)).isEmpty();
    assertThat(of("07eaFF19ff021e00ff800080").instant(ZURICH, DeviationSign.STANDARD)).isEmpty();
    assertThat(of("07eaFF19ff021e00ff800080")).hasToString("2026-*-25T02:30:00");
    // 31 February
    assertThat(of("07ea021fff021e00ff800080").instant(ZURICH, DeviationSign.STANDARD)).isEmpty();
  }

  @Test
  void anInstantComesBack() {
    Instant at = Instant.parse("2026-07-01T10:15:30Z");
    CosemDateTime summer = CosemDateTime.of(at, ZURICH);
    assertThat(summer.deviation()).isEqualTo(-120);
    assertThat(summer.daylightSaving()).isTrue();
    assertThat(summer.instant(ZURICH, DeviationSign.STANDARD)).contains(at);
    assertThat(CosemDateTime.of(summer.bytes(), 0)).isEqualTo(summer);
  }

  private static CosemDateTime of(String hex) {
    return CosemDateTime.of(HexFormat.of().parseHex(hex), 0);
  }
}

package org.gridwarden.exchange.greenbutton;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneOffsetTransitionRule;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of summer time as 32 bits. */
class DstRuleTest {
  @ParameterizedTest
  @CsvSource({
    "360E2000, second Sunday in March at 02:00, 2012-03-11T02:00",
    "B40E2000, first Sunday in November at 02:00, 2012-11-04T02:00",
    // the example of the schema: the third Friday in March at 1:45
    "380A1A8C, third Friday in March at 01:45, 2026-03-20T01:45",
    "3E0E2000, last Sunday in March at 02:00, 2026-03-29T02:00",
    "42F20000, Monday on or after 15 April at 00:00, 2026-04-20T00:00",
    "40F01000, 15 April at 01:00, 2026-04-15T01:00",
  })
  void words(String hex, String words, LocalDateTime at) {
    DstRule rule = DstRule.parse(hex);
    assertThat(rule.fault()).isEmpty();
    assertThat(rule.words()).isEqualTo(words);
    assertThat(rule.in(at.getYear())).isEqualTo(at);
    assertThat(rule.hex()).isEqualTo(hex);
  }

  @Test
  @DisplayName("the rule of each zone that can be said so gives the zone's own changes")
  void zones() {
    int said = 0;
    for (String id : ZoneId.getAvailableZoneIds()) {
      for (ZoneOffsetTransitionRule rule : ZoneId.of(id).getRules().getTransitionRules()) {
        Optional<DstRule> its = DstRule.of(rule);
        if (its.isPresent()) {
          said++;
          for (int year = 2024; year < 2034; year++) {
            ZoneOffsetTransition change = rule.createTransition(year);
            assertThat(its.get().in(year))
                .as(id + " " + rule)
                .isEqualTo(change.getDateTimeBefore());
          }
        }
      }
    }
    assertThat(said).isGreaterThan(200);
    assertThat(DstRule.NONE.hex()).isEqualTo("FFFFFFFF");
    assertThat(DstRule.parse("FFFFFFFF").none()).isTrue();
  }
}

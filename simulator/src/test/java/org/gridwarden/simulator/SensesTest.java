package org.gridwarden.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SensesTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:20:00Z");

  @Test
  void whatLastsIsToldOnceAndLoggedAndSetsTheRegisterUntilItIsUndone() {
    Senses senses = new Senses();
    Sense magnet = Sense.of("magnet");
    senses.begin(magnet, NOW);
    senses.begin(magnet, NOW);
    assertThat(senses.register()).isEqualTo(1 << 13);
    assertThat(senses.next()).contains(new Senses.Happening(magnet, true));
    assertThat(senses.next()).isEmpty();
    senses.end(magnet, NOW.plusSeconds(5));
    assertThat(senses.register()).isZero();
    assertThat(senses.log()).extracting(Senses.Logged::code).containsExactly(42, 43);
  }

  @Test
  @DisplayName("C19: keys go with a probe in an open meter, and with nothing less")
  void keysGoWithAProbeInAnOpenMeter() {
    Senses senses = new Senses();
    for (Sense sense : Sense.ALL) {
      if (!sense.word().equals("meter-cover")) {
        senses.begin(sense, NOW);
      }
    }
    assertThat(senses.intruded()).as("all but an open cover").isFalse();
    senses.begin(Sense.of("meter-cover"), NOW);
    assertThat(senses.intruded()).isTrue();
    senses.erase(NOW);
    senses.begin(Sense.of("tilt"), NOW);
    assertThat(senses.next()).as("it tells nothing more").isEmpty();
    assertThat(senses.log().getLast().sense()).isEqualTo(Sense.KEYS_ERASED);
  }

  @Test
  void whatHappensIsNewsOnceEach() {
    Senses senses = new Senses();
    AtomicInteger news = new AtomicInteger();
    senses.onNews(news::incrementAndGet);
    senses.begin(Sense.of("tilt"), NOW);
    senses.begin(Sense.of("magnet"), NOW);
    senses.begin(Sense.of("magnet"), NOW);
    assertThat(news).hasValue(2);
  }

  @ParameterizedTest
  @DisplayName("S4: the larger of phase and neutral current is billed, a reversed one as forward")
  @CsvSource({
    "bypass, 200, 1000",
    "neutral, 1000, 0",
    "reversed, -1000, -1000",
    "magnet, 1000, 1000"
  })
  void billsWhatFlows(String word, long phase, long neutral) {
    Senses senses = new Senses();
    senses.begin(Sense.of(word), NOW);
    TamperRule.Seen seen = TamperRule.seen(1_000, senses);
    assertThat(seen).isEqualTo(new TamperRule.Seen(phase, neutral));
    assertThat(seen.billed()).isEqualTo(1_000);
    assertThat(seen.unequal()).isEqualTo(Math.abs(phase) != Math.abs(neutral));
  }

  @Test
  @DisplayName("S4: registers and slots are the same with and without tamper")
  void energyIsTheSame() throws IOException {
    StreetSettings settings = StreetSettings.of(1).withSeed(5);
    StreetSecret secret = StreetSecret.of(OptionalLong.of(5));
    VirtualMeter meter =
        VirtualMeter.of(
            1, settings, Households.load(), secret, secret.dice(), InstantSource.fixed(NOW));
    Senses senses = new Senses();
    ZoneId zone = ZoneId.of("Europe/Zurich");
    Push honest = new PushBodies(meter, zone).slot(NOW);
    for (String word : new String[] {"bypass", "neutral", "reversed", "magnet", "meter-cover"}) {
      senses.begin(Sense.of(word), NOW);
    }
    assertThat(new PushBodies(meter, zone, senses).slot(NOW).facts()).isEqualTo(honest.facts());
  }
}

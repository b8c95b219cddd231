package org.gridwarden.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import org.gridwarden.cosem.ObisCode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MeterPartsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:20:00Z");
  private static VirtualMeter meter;
  private static PushBodies bodies;

  @BeforeAll
  static void build() throws IOException {
    StreetSettings settings = StreetSettings.of(3).withSeed(5);
    StreetSecret secret = StreetSecret.of(OptionalLong.of(5));
    meter =
        VirtualMeter.of(
            1, settings, Households.load(), secret, secret.dice(), InstantSource.fixed(NOW));
    bodies = new PushBodies(meter, ZoneId.of("Europe/Zurich"));
  }

  @Test
  void aMeterHasItsNames() {
    assertThat(meter.serial()).isEqualTo("GW-0000001");
    // GWS, then the number in five bytes
    assertThat(meter.systemTitle()).containsExactly(0x47, 0x57, 0x53, 0, 0, 0, 0, 1);
  }

  @Test
  void aDayOfTwentyFiveHoursIsOneProfileOfAHundredRows() {
    Instant end = Instant.parse("2026-10-25T23:00:00Z");
    Instant begin = bodies.profileStart(end, Instant.EPOCH);
    assertThat(begin).isEqualTo("2026-10-24T22:00:00Z");
    assertThat(Confirmed.readings(bodies.profile(begin, end).facts())).isEqualTo(100);
  }

  @Test
  void voltageCurrentPowerAndFactorBelongTogether() {
    for (int i = 0; i < 500; i++) {
      List<Confirmed.Fact> facts = bodies.momentary(NOW.plusSeconds(60L * i)).facts();
      double watts = value(facts, "1.0.1.7.0.255");
      double volts = value(facts, "1.0.32.7.0.255") / 10;
      double amperes = value(facts, "1.0.31.7.0.255") / 100;
      double factor = value(facts, "1.0.13.7.0.255") / 1_000;
      assertThat(volts).isBetween(207.0, 253.0); // 230 V +- 10 %
      assertThat(volts * amperes * factor).isBetween(watts - 3, watts + 0.5);
    }
  }

  @Test
  void whatIsFedBackAndReactiveEnergyNeverFallAndSomeRoofsFeedBack() {
    int roofs = 0;
    for (int i = 0; i < 60; i++) {
      Roof roof = new Roof(new Dice(i));
      long before = 0;
      Instant begin = NOW.minusSeconds(40 * 86_400L);
      for (int quarter = 0; quarter < 40 * 96; quarter++) {
        long shown = roof.register(begin.plusSeconds(900L * quarter));
        assertThat(shown).isGreaterThanOrEqualTo(before);
        before = shown;
      }
      assertThat(before).isLessThan(1L << 32);
      roofs += before > roof.register(begin) ? 1 : 0;
    }
    assertThat(roofs).isBetween(10, 30);
    List<Confirmed.Fact> early = bodies.momentary(NOW.plusSeconds(50_000)).facts();
    List<Confirmed.Fact> late = bodies.momentary(NOW.plusSeconds(90_000)).facts();
    assertThat(value(late, "1.0.3.8.0.255")).isGreaterThan(value(early, "1.0.3.8.0.255"));
    assertThat(value(late, "1.0.1.5.0.255")).isPositive();
  }

  @Test
  void noTwoMomentsHaveTheSameStampAlsoWhereTheClockIsSetBack() {
    Instant first = at(bodies.momentary(NOW.plusSeconds(40_000)));
    Instant second = at(bodies.momentary(NOW.plusSeconds(39_998)));
    assertThat(second).isAfter(first);
  }

  @Test
  void aClockIsAtMostSomeSecondsOffUnlessItIsASkewedOne() {
    for (int i = 0; i < 100; i++) {
      InstantSource real = InstantSource.fixed(NOW);
      MeterClock good = MeterClock.of(real, new Dice(i), false);
      MeterClock skewed = MeterClock.of(real, new Dice(i), true);
      assertThat(Duration.between(NOW, good.instant()).abs()).isLessThan(Duration.ofSeconds(4));
      assertThat(Duration.between(NOW, skewed.instant()).abs())
          .isBetween(Duration.ofSeconds(590), Duration.ofSeconds(610));
    }
  }

  @Test
  void aShipmentHoldsNoKeyInTheClear() throws IOException, NoSuchAlgorithmException {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(3_072);
    KeyPair office = rsa.generateKeyPair();
    StringWriter text = new StringWriter();
    try (BufferedWriter out = new BufferedWriter(text)) {
      Shipment.write(out, List.of(meter), ZoneId.of("Europe/Zurich"), office.getPublic());
    }
    List<String> lines = text.toString().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).split(",", -1)).hasSameSizeAs(lines.get(1).split(",", -1));
    assertThat(lines.get(1)).startsWith("GW-0000001,4757530000000001,street,");
    // base64 of the 384 bytes that a 3,072-bit key makes of every secret
    assertThat(lines.get(1).split(",", -1)[7]).hasSize(512);
  }

  private static double value(List<Confirmed.Fact> facts, String obis) {
    ObisCode wanted = ObisCode.parse(obis);
    for (Confirmed.Fact fact : facts) {
      if (fact instanceof Confirmed.Value value && value.channel().equals(wanted)) {
        return value.raw();
      }
    }
    throw new AssertionError("no " + obis);
  }

  private static Instant at(Push push) {
    return push.facts().getFirst() instanceof Confirmed.Value value ? value.at() : Instant.MIN;
  }
}

package org.gridwarden.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.UUID;
import org.gridwarden.core.CommandId;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupplyTest {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static final Instant NOON = Instant.parse("2026-10-24T12:00:00Z");

  private final Supply supply = Supply.uninterrupted();

  private LoadCurve curve() throws IOException {
    return new LoadCurve(Households.load(), ZURICH, new Dice(7), () -> supply);
  }

  @Test
  @DisplayName("register and slots agree over openings, limits and the hour that comes twice")
  void agree() throws IOException {
    LoadCurve curve = curve();
    LoadCurve never = new LoadCurve(Households.load(), ZURICH, new Dice(7));
    supply.breaker(NOON.plusSeconds(1_000), false);
    supply.breaker(NOON.plusSeconds(7_333), true);
    supply.limit(NOON.plusSeconds(10_100), NOON.plusSeconds(60_000), 300);
    supply.breaker(NOON.plusSeconds(20_000), false);
    supply.breaker(NOON.plusSeconds(40_000), true);
    long sum = 0;
    for (int slot = 0; slot < 100; slot++) { // through the end of summer time
      Instant begin = NOON.plusSeconds(900L * slot);
      int wattHours = curve.wattHours(begin);
      sum += wattHours;
      assertThat(wattHours).isBetween(0, never.wattHours(begin));
      assertThat(curve.register(begin.plusSeconds(900)) - curve.register(NOON))
          .as("at the end of slot %s", slot)
          .isEqualTo(sum);
    }
    Instant open = NOON.plusSeconds(21_600);
    assertThat(curve.wattHours(open)).isZero();
    assertThat(curve.watts(open, 100)).isZero();
    assertThat(curve.register(open)).isEqualTo(curve.register(open.plusSeconds(9_000)));
    Instant limited = NOON.plusSeconds(45_000);
    assertThat(curve.wattHours(limited)).isLessThanOrEqualTo(75);
    assertThat(curve.watts(limited, 106)).isLessThanOrEqualTo(300);
    assertThat(curve.wattHours(NOON.plusSeconds(900L * 99)))
        .isEqualTo(never.wattHours(NOON.plusSeconds(900L * 99)));
  }

  @Test
  void theRegisterNeverFalls() throws IOException {
    LoadCurve curve = curve();
    supply.breaker(NOON.plusSeconds(333), false);
    supply.limit(NOON.plusSeconds(500), NOON.plusSeconds(4_000), 100);
    supply.breaker(NOON.plusSeconds(1_234), true);
    long before = curve.register(NOON);
    for (int second = 0; second < 5_000; second++) {
      long now = curve.register(NOON.plusSeconds(second));
      assertThat(now).isGreaterThanOrEqualTo(before);
      before = now;
    }
  }

  @Test
  void whatAHouseholdShedsIsNeverCounted() throws IOException {
    LoadCurve curve = curve();
    LoadCurve never = new LoadCurve(Households.load(), ZURICH, new Dice(7));
    assertThat(supply.shed(NOON, 100)).isTrue();
    assertThat(supply.shed(NOON.plusSeconds(60), 100)).as("as it was").isFalse();
    supply.limit(NOON, NOON.plusSeconds(1_800), 50);
    assertThat(supply.wattsAt(NOON)).as("the lesser of both").isEqualTo(50);
    assertThat(supply.wattsAt(NOON.plusSeconds(1_800))).isEqualTo(100);
    supply.shed(NOON.plusSeconds(3_600), Supply.ALL);
    assertThat(curve.register(NOON.plusSeconds(3_600)) - curve.register(NOON))
        .isLessThanOrEqualTo(25 + 50);
    assertThat(curve.wattHours(NOON.plusSeconds(3_600)))
        .isEqualTo(never.wattHours(NOON.plusSeconds(3_600)));
  }

  @Test
  void anOpeningOfAClockThatWasSetBackBeginsWhereTheLastOneDid() {
    supply.breaker(NOON, false);
    supply.breaker(NOON.minusSeconds(60), true);
    assertThat(supply.wattsAt(NOON.plusSeconds(1))).isEqualTo(Supply.ALL);
  }

  @Test
  @DisplayName("C1: what commands made of a meter outlives a power cut")
  void remembered(@TempDir Path folder) throws IOException {
    CommandId id = new CommandId(new UUID(1, 2));
    MeterMemory memory = MeterMemory.of(folder.resolve("1"));
    memory.seen(17);
    memory.word("state", "DISCONNECTED");
    memory.supply().breaker(NOON, false);
    memory.supply().limit(NOON, NOON.plus(Duration.ofHours(1)), 500);
    memory.supply().shed(NOON, 700);
    memory.keep(id, new byte[] {1, 2, 3});
    MeterMemory again = MeterMemory.of(folder.resolve("1"));
    assertThat(again.seen()).isEqualTo(17);
    assertThat(again.word("state")).contains("DISCONNECTED");
    assertThat(again.receipt(id)).hasValue(new byte[] {1, 2, 3});
    assertThat(again.supply().breaker()).isEqualTo(memory.supply().breaker());
    assertThat(again.supply().limits()).isEqualTo(memory.supply().limits());
    assertThat(again.supply().shed()).isEqualTo(memory.supply().shed());
  }

  @Test
  void aSigningKeyIsMadeOfItsScalarAlone() throws Exception {
    for (int i = 1; i <= 20; i++) {
      byte[] scalar = new byte[32];
      scalar[31] = (byte) i;
      Signer one = MeterKeyPair.of(scalar);
      assertThat(MeterKeyPair.of(scalar).publicKey()).isEqualTo(one.publicKey());
      assertThat(
              Signed.sign(org.gridwarden.security.command.Purpose.RECEIPT, one, scalar)
                  .open(org.gridwarden.security.command.Purpose.RECEIPT, one.publicKey()))
          .isEqualTo(scalar);
    }
  }
}

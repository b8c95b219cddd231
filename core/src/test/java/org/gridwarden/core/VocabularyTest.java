package org.gridwarden.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "meter/1", "x\n", "Zähler"})
  void aMeterIdIsPlain(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new MeterId(text));
  }

  @Test
  void aMessageIdKeepsNobodysArray() {
    byte[] key = {1, 2};
    byte[] digest = {3, 4};
    MessageId id = new MessageId(new MeterId("m"), key, 7, digest);
    key[0] = 9;
    id.digest()[0] = 9;
    assertThat(id)
        .isEqualTo(new MessageId(new MeterId("m"), new byte[] {1, 2}, 7, new byte[] {3, 4}));
  }

  @Test
  @DisplayName("C4 a counter above 2^31 prints unsigned")
  void countersAreUnsigned() {
    assertThat(new MessageId(new MeterId("m"), new byte[0], 0xFFFF_FFF0L, new byte[0]))
        .hasToString("m//4294967280");
  }

  @Test
  @DisplayName("C30 a secret does not print")
  void aSecretDoesNotPrint() {
    String canary = "canary-5f1d";
    Secret secret = new Secret(canary.getBytes(StandardCharsets.US_ASCII));
    KeyAccess.KeySet keys = new KeyAccess.KeySet(new byte[] {1}, secret, secret);
    assertThat(secret.toString() + keys + List.of(secret))
        .doesNotContain(canary)
        .doesNotContain("63616e617279");
    secret.close();
    assertThat(secret.copy()).containsOnly(0);
  }

  @Test
  void aBlockHasItsDaysLength() {
    Day day = Day.of(LocalDate.of(2026, 3, 29), ZoneId.of("Europe/Zurich"), Duration.ofMinutes(15));
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new IntervalBlock(
                new MeterId("m"),
                ObisCode.parse("1.0.1.29.0.255"),
                Layer.RAW,
                day,
                0,
                Unit.WATT_HOUR,
                new long[96],
                new byte[0]));
  }

  @Test
  void theFiveClassesFallInThreeCategories() {
    MeterId m = new MeterId("m");
    Instant now = Instant.EPOCH;
    CommandId command = new CommandId(new java.util.UUID(0, 1));
    assertThat(new Control(m, command, "disconnect", new byte[0]).category())
        .isEqualTo(Category.OPERATION);
    assertThat(new Request(m, new ReadPlan(List.of(), now, now)).category())
        .isEqualTo(Category.OPERATION);
    assertThat(new Billing(m, List.of()).category()).isEqualTo(Category.NON_OPERATION);
    assertThat(new Usage(m, List.of(), List.of(), List.of(), List.of()).category())
        .isEqualTo(Category.NON_OPERATION);
    assertThat(
            new Warning(
                    m,
                    new EventId(new java.util.UUID(0, 2)),
                    now,
                    "tamper.magnet",
                    Severity.FAULT,
                    "A magnet.")
                .category())
        .isEqualTo(Category.ASYNCHRONOUS_EVENT);
  }
}

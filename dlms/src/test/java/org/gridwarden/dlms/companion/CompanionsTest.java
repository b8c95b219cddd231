package org.gridwarden.dlms.companion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.PushLayouts;
import org.gridwarden.dlms.Role;
import org.gridwarden.dlms.Scaling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** S19: what companion profiles say, and that a wrong file says what is wrong with it. */
class CompanionsTest {
  private static final ObisCode LOAD_PROFILE = ObisCode.parse("1.0.99.1.0.255");
  private static final String MINIMAL =
      """
      companion: own
      about: A utility's own
      source: its handbook
      profile: captures
      clients: [{name: management, number: 1, level: gmac}]
      reader: management
      clock: {object: 0.0.1.0.0.255, correction: shift}
      name: 0.0.42.0.0.255
      firmware: 1.0.0.2.0.255
      profiles:
        - {object: 1.0.99.1.0.255, period: 1800, kept: 30, columns: [{class: 8, object: 0.0.1.0.0.255}]}
      """;

  @TempDir Path folder;

  @Test
  void theBuiltInOnesAreThere() {
    assertThat(Companions.builtIn().names())
        .containsExactly("generic", "dsmr5", "idis2", "is15959-2", "street", "suite1");
    assertThat(Companions.builtIn().generic().name()).isEqualTo("generic");
  }

  @ParameterizedTest
  @CsvSource({
    "dsmr5, 1, 0.0.43.1.0.255, 0.0.43.0.0.255, 900, 10, SET",
    "idis2, 1, 0.0.43.1.0.255, 0.0.43.0.0.255, 900, 10, SET",
    "is15959-2, 48, 0.0.43.1.3.255, 0.0.43.0.3.255, 1800, 35, SET",
    "generic, 1, 0.0.43.1.0.255, 0.0.43.0.0.255, 900, 10, SHIFT"
  })
  void eachSaysWhoReadsAndWhat(
      String name,
      int client,
      String counter,
      String security,
      int period,
      int kept,
      ClockObject.Correction correction) {
    Companion companion = Companions.builtIn().find(name).orElseThrow();
    assertThat(companion.reading().number()).isEqualTo(client);
    assertThat(companion.reading().level()).isEqualTo(Client.Level.GMAC);
    assertThat(companion.client("16").orElseThrow().level()).isEqualTo(Client.Level.NONE);
    assertThat(companion.counter()).contains(ObisCode.parse(counter));
    assertThat(companion.security()).contains(ObisCode.parse(security));
    assertThat(companion.disconnect()).contains(ObisCode.parse("0.0.96.3.10.255"));
    assertThat(companion.clock().correction()).isEqualTo(correction);
    assertThat(companion.source()).isNotBlank();
    LoadProfile profile = companion.profile(LOAD_PROFILE).orElseThrow();
    assertThat(profile.period()).isEqualTo(Duration.ofSeconds(period));
    assertThat(profile.kept()).isEqualTo(Duration.ofDays(kept));
    assertThat(profile.isInterval()).isTrue();
    assertThat(profile.columns().getFirst().isClock()).isTrue();
  }

  @Test
  void aDutchMetersQuartersAreDifferencesOfItsRegisters() {
    Companion dsmr = Companions.builtIn().find("dsmr5").orElseThrow();
    ObisCode taken = ObisCode.parse("1.0.1.8.0.255");
    assertThat(dsmr.meanings().role(taken)).isEqualTo(Role.CUMULATIVE);
    assertThat(dsmr.meanings().slotChannel(taken)).contains(ObisCode.parse("1.0.1.29.0.255"));
    assertThat(dsmr.meanings().role(ObisCode.parse("0.0.96.10.2.255"))).isEqualTo(Role.STATUS);
    LoadProfile days = dsmr.profile(ObisCode.parse("1.0.99.2.0.255")).orElseThrow();
    assertThat(days.isInterval()).isFalse();
    assertThat(dsmr.log(ObisCode.parse("0.0.99.98.1.255")).orElseThrow().code())
        .isEqualTo(ObisCode.parse("0.0.96.11.1.255"));
  }

  @Test
  void anIndianMetersBlocksAreIntervalsInTheirOwnRight() {
    Companion indian = Companions.builtIn().find("is15959-2").orElseThrow();
    assertThat(indian.meanings().role(ObisCode.parse("1.0.1.29.0.255"))).isEqualTo(Role.INTERVAL);
    assertThat(indian.meanings().role(ObisCode.parse("1.0.12.27.0.255"))).isEqualTo(Role.MOMENTARY);
    assertThat(indian.vocabulary()).isEqualTo("is15959");
    assertThat(indian.events()).hasSize(7);
  }

  @Test
  void aStatedScalerIsKnown() {
    LoadProfile profile =
        Companions.builtIn().find("street").orElseThrow().profile(LOAD_PROFILE).orElseThrow();
    assertThat(profile.asks()).isFalse();
    assertThat(profile.columns().getLast().scaling()).isEqualTo(Scaling.of(0, Unit.WATT_HOUR));
  }

  @Test
  void aFolderAddsAndReplaces() throws IOException {
    Files.writeString(folder.resolve("own.yaml"), MINIMAL);
    Files.writeString(
        folder.resolve("street.yaml"), MINIMAL.replace("companion: own", "companion: street"));
    Companions all = Companions.builtIn().with(folder, PushLayouts.builtIn());
    assertThat(all.find("own").orElseThrow().profiles().getFirst().asks()).isTrue();
    assertThat(all.find("street").orElseThrow().about()).isEqualTo("A utility's own");
    assertThat(all.names()).hasSize(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "reader: management | reader: nobody | none of the clients",
        "period: 1800 | period: 0 | 'period' is 1 to 2678400",
        "class: 8 | class: 3 | begins with the clock",
        "level: gmac | level: strong | 'level' is one of [none, lls, gmac], not 'strong'",
        "profile: captures | profile: unheard | there is no profile 'unheard'",
        "firmware: 1.0.0.2.0.255 | firmware: 1.0.0.2.0.255.1 | not an OBIS code",
        "kept: 30 | keeps: 30 | 'keeps' is not known here",
        "companion: own | companion: [own] | 'companion' is a single value"
      })
  void aWrongFileSaysWhatIsWrong(String right, String wrong, String message) throws IOException {
    Files.writeString(folder.resolve("own.yaml"), MINIMAL.replace(right, wrong));
    assertThatThrownBy(() -> Companions.builtIn().with(folder, PushLayouts.builtIn()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("own.yaml")
        .hasMessageContaining(message);
  }
}

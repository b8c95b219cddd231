package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushLayoutsTest {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static final PushLayouts LAYOUTS = PushLayouts.builtIn();
  @TempDir private Path folder = Path.of("");

  @Test
  void aProfileRowsClockIsTheIntervalsEnd() throws DlmsException {
    Instant midnight = Instant.parse("2026-11-23T23:00:00Z");
    MeterProfile street = LAYOUTS.profile("street").orElseThrow();
    Push push =
        read(
            street,
            DlmsData.Structure.of(
                DlmsData.OctetString.of(ObisCode.parse("1.0.99.1.0.255")),
                DlmsData.Array.of(
                    row(DlmsData.OctetString.of(CosemDateTime.of(midnight, ZURICH)), 0, 120),
                    // null: one interval after the row before
                    row(DlmsData.NullData.of(), 1, 130))));
    assertThat(push.layout()).isEqualTo("street-daily");
    assertThat(push.values()).hasSize(2);
    PushValue first = push.values().getFirst();
    assertThat(first.obis()).hasToString("1.0.1.29.0.255");
    assertThat(first.role()).isEqualTo(Role.INTERVAL);
    assertThat(first.scaling()).isEqualTo(Scaling.of(0, Unit.WATT_HOUR));
    assertThat(street.intervalStart(first.at(), ZURICH)).contains(midnight.minusSeconds(900));
    PushValue second = push.values().getLast();
    assertThat(street.instant(second.at(), ZURICH)).contains(midnight.plusSeconds(900));
    assertThat(street.flags(second.status())).containsExactly(StatusFlag.POWER_DOWN);
  }

  @Test
  void theStreetsLivePushHasClockStatusAndRoles() throws DlmsException {
    Instant at = Instant.parse("2026-11-24T10:00:00Z");
    Push push =
        read(
            LAYOUTS.profile("street").orElseThrow(),
            DlmsData.Structure.of(
                DlmsData.OctetString.of(CosemDateTime.of(at, ZURICH)),
                new DlmsData.Unsigned8(4),
                value("1.0.1.8.0.255", 1000, 0, 30),
                value("1.0.32.7.0.255", 2301, -1, 35),
                value("0.0.96.11.0.255", 5, 0, 255)));
    assertThat(push.layout()).isEqualTo("street-live");
    assertThat(push.clock().instant(ZURICH, CosemDateTime.DeviationSign.STANDARD)).contains(at);
    assertThat(push.status()).isEqualTo(4);
    assertThat(push.values())
        .extracting(PushValue::role)
        .containsExactly(Role.CLOCK, Role.STATUS, Role.CUMULATIVE, Role.MOMENTARY, Role.EVENT);
    assertThat(push.values().get(3).text()).isEqualTo("230.1");
    assertThat(push.values()).allSatisfy(v -> assertThat(v.status()).isEqualTo(4));
  }

  @Test
  void kaifasOtherLists() throws DlmsException {
    DlmsData power = new DlmsData.DoubleLongUnsigned(706);
    Push one = read(LAYOUTS.genericProfile(), DlmsData.Structure.of(power));
    assertThat(one.layout()).isEqualTo("kaifa-list-1");
    assertThat(one.values().getFirst().obis()).hasToString("1.0.1.7.0.255");
    DlmsData[] nine = new DlmsData[9];
    Arrays.fill(nine, power);
    nine[0] = new DlmsData.VisibleString("KFM_001");
    Push two = read(LAYOUTS.genericProfile(), DlmsData.Structure.of(nine));
    assertThat(two.layout()).isEqualTo("kaifa-list-2-1-phase");
    assertThat(two.values().get(7).text()).isEqualTo("0.706");
    assertThat(two.values().get(8).text()).isEqualTo("70.6");
  }

  @Test
  void aUsersFolderComesFirstAndItsMistakesAreNamed() throws Exception {
    Files.writeString(
        folder.resolve("mine.yaml"),
        """
        name: mine
        about: Value before code
        starts: (value obis)
        items: ["(value obis)"]
        """);
    Files.writeString(
        folder.resolve("profile-mine.yaml"),
        """
        profile: mine
        about: Counts its deviation the other way round
        deviation: reversed
        stamp: begin
        layouts: [mine]
        """);
    PushLayouts with = LAYOUTS.with(folder);
    MeterProfile mine = with.profile("mine").orElseThrow();
    DlmsData body =
        DlmsData.Structure.of(
            DlmsData.Structure.of(
                new DlmsData.LongUnsigned(7),
                DlmsData.OctetString.of(ObisCode.parse("1.0.1.8.0.255"))));
    Push push = with.read(new Apdu.DataNotification(1, Optional.empty(), body), mine);
    assertThat(push.layout()).isEqualTo("mine");
    assertThat(push.values().getFirst().obis()).hasToString("1.0.1.8.0.255");
    assertThat(mine.stamp()).isEqualTo(MeterProfile.Stamp.BEGIN);

    Files.writeString(
        folder.resolve("wrong.yaml"), "name: x\nabout: y\nitems: [\"(obis vlaue)\"]\n");
    assertThatThrownBy(() -> LAYOUTS.with(folder))
        .hasMessageContaining("wrong.yaml")
        .hasMessageContaining("'vlaue'");
  }

  @Test
  void thereIsAGenericProfileAndNoLayoutTwice() {
    assertThat(LAYOUTS.profileNames()).contains("generic", "street", "kaifa", "kamstrup");
    assertThat(LAYOUTS.layoutNames()).doesNotHaveDuplicates().contains("generic");
    assertThat(List.of(LAYOUTS.genericProfile().role(ObisCode.parse("1.0.1.8.0.255"))))
        .containsExactly(Role.CUMULATIVE);
  }

  private static Push read(MeterProfile profile, DlmsData body) throws DlmsException {
    return LAYOUTS.read(new Apdu.DataNotification(1, Optional.empty(), body), profile);
  }

  private static DlmsData row(DlmsData clock, int status, int wattHours) {
    return DlmsData.Structure.of(
        clock, new DlmsData.Unsigned8(status), new DlmsData.DoubleLongUnsigned(wattHours));
  }

  private static DlmsData value(String obis, int value, int scaler, int unit) {
    return DlmsData.Structure.of(
        DlmsData.OctetString.of(ObisCode.parse(obis)),
        new DlmsData.LongUnsigned(value),
        DlmsData.Structure.of(new DlmsData.Integer8(scaler), new DlmsData.Enumerated(unit)));
  }
}

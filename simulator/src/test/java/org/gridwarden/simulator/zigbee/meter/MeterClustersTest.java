package org.gridwarden.simulator.zigbee.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.junit.jupiter.api.Test;

/** A meter's display, supply, profile, samples and account, on the model's own time line. */
class MeterClustersTest {
  private static final Instant BEGIN = Instant.parse("2026-11-26T00:00:00Z");
  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final int METERING = SmartEnergyMeter.METERING;

  private final Timeline time = new Timeline();
  private final List<Zcl> said = new ArrayList<>();
  private final List<Integer> asked = new ArrayList<>();

  /** 60 W, and a supply that can be switched. */
  private final class Values implements MeterValues {
    private int supply = ON;

    @Override
    public Instant now() {
      return BEGIN.plusNanos(time.now() * 1_000);
    }

    @Override
    public long wattHours() {
      return 1_000 + time.now() / MINUTE;
    }

    @Override
    public long watts() {
      return 60;
    }

    @Override
    public long deciVolts() {
      return 2_300;
    }

    @Override
    public int supply() {
      return supply;
    }

    @Override
    public void supply(int wanted) {
      supply = wanted;
    }

    @Override
    public OptionalLong quarter(Instant begin) {
      return begin.isBefore(BEGIN) || begin.plusSeconds(900).isAfter(now())
          ? OptionalLong.empty()
          : OptionalLong.of(15);
    }
  }

  private final Values values = new Values();

  private static String little(Instant at) {
    return HexFormat.of()
        .toHexDigits(Integer.reverseBytes((int) (at.getEpochSecond() - 946_684_800L)));
  }

  private static Zcl down(int command, String payload) {
    return new Zcl(true, false, 9, command, HexFormat.of().parseHex(payload.replace(" ", "")));
  }

  private String last() {
    assertThat(said.getLast().sequence()).isEqualTo(9);
    return HexFormat.of().formatHex(said.getLast().payload());
  }

  @Test
  void aTextIsShownUntilItIsOverOrCancelled() {
    Display display =
        new Display(time, values::now, (cluster, own, command, payload) -> asked.add(command));
    String text = "07000000 88" + little(BEGIN) + "0a00 04 4f666620 00"; // ten minutes
    Zcl shown = new Zcl(true, true, 1, 0, HexFormat.of().parseHex(text.replace(" ", "")));
    display.take(Display.MESSAGING, shown);
    assertThat(display.text()).hasValue(new Display.Text(7, 2, true, "Off "));
    assertThat(display.confirm()).isTrue();
    assertThat(asked).containsExactly(Display.CONFIRM);
    time.advance(10 * MINUTE);
    assertThat(display.text()).as("it is over").isEmpty();
    assertThat(display.confirm()).isFalse();
    display.take(Display.MESSAGING, shown);
    assertThat(display.text()).as("told too late").isEmpty();
    byte[] forEver = shown.payload().clone();
    forEver[9] = (byte) 0xFF;
    forEver[10] = (byte) 0xFF;
    display.take(Display.MESSAGING, new Zcl(true, true, 1, 0, forEver));
    display.take(Display.MESSAGING, new Zcl(true, true, 1, 1, new byte[] {6, 0, 0, 0, 0}));
    assertThat(display.text()).as("another one was cancelled").isPresent();
    display.take(Display.MESSAGING, new Zcl(true, true, 1, 1, new byte[] {7, 0, 0, 0, 0}));
    assertThat(display.text()).isEmpty();
    display.begin();
    assertThat(asked.getLast()).isEqualTo(Display.GET_LAST);
  }

  @Test
  void onlyAMeterWithoutATunnelIsSwitchedByWhoeverHasItsKey() {
    boolean[] obeys = {false};
    SupplySwitch supply = new SupplySwitch(time, values::now, values, () -> obeys[0], said::add);
    String off = "00000000 05000000" + little(BEGIN) + "00000000 00 01";
    assertThat(supply.take(METERING, down(0x0B, off))).isTrue();
    time.advance(0);
    assertThat(said.getLast().cluster()).isFalse();
    assertThat(last()).as("not authorized").isEqualTo("0b7e");
    assertThat(values.supply()).isEqualTo(MeterValues.ON);
    obeys[0] = true;
    supply.take(METERING, down(0x0B, off));
    time.advance(0);
    assertThat(values.supply()).isEqualTo(MeterValues.OFF);
    assertThat(last()).isEqualTo("0000000005000000" + little(BEGIN) + "00");
    String armed = "00000000 06000000" + little(BEGIN) + little(BEGIN.plusSeconds(60)) + "01 00";
    supply.take(METERING, down(0x0B, armed));
    time.advance(59 * SECOND);
    assertThat(values.supply()).isEqualTo(MeterValues.OFF);
    time.advance(61 * SECOND);
    assertThat(values.supply()).isEqualTo(MeterValues.ARMED);
    assertThat(said).as("no acknowledgement was asked for").hasSize(2);
    supply.take(METERING, down(0x0B, off));
    time.advance(62 * SECOND);
    assertThat(values.supply()).as("an older word came late").isEqualTo(MeterValues.ARMED);
  }

  @Test
  void quarterHoursAreToldTheLatestFirst() {
    LoadProfile profile = new LoadProfile(time, values::now, values, () -> true, said::add);
    time.advance(50 * MINUTE);
    profile.take(METERING, down(0, "00 00000000 15"));
    assertThat(last())
        .as("three of them, until 00:45")
        .isEqualTo(little(BEGIN.plusSeconds(2_700)) + "000303" + "0f0000".repeat(3));
    profile.take(METERING, down(0, "00" + little(BEGIN.plusSeconds(1_800)) + "01"));
    assertThat(last()).isEqualTo(little(BEGIN.plusSeconds(1_800)) + "000301" + "0f0000");
    profile.take(METERING, down(0, "01 00000000 01"));
    assertThat(last()).as("nothing is received here").endsWith("020300");
    profile.take(METERING, down(0, "00" + little(BEGIN) + "01"));
    assertThat(last()).as("none there").endsWith("050300");
    time.advance(1_440 * MINUTE);
    profile.take(METERING, down(0, "00 00000000 60"));
    assertThat(said.getLast().payload()).as("more than fit").hasSize(7 + 3 * 21);
    assertThat(said.getLast().payload()[4]).isEqualTo((byte) 4);
    LoadProfile none = new LoadProfile(time, values::now, values, () -> false, said::add);
    assertThat(none.take(METERING, down(0, "00 00000000 15"))).as("refused elsewhere").isFalse();
  }

  @Test
  void samplesAreTakenAsToldTheEarliestFirst() {
    LoadProfile profile = new LoadProfile(time, values::now, values, () -> false, said::add);
    profile.take(METERING, down(7, "01000000 00000000 00 2c01 0300")); // three of 300 s
    assertThat(last()).as("the first sampling").isEqualTo("0000");
    time.advance(11 * MINUTE);
    profile.take(METERING, down(8, "0000 00000000 00 1300"));
    assertThat(last()).isEqualTo("0000" + little(BEGIN) + "00" + "2c01" + "0200" + "050000050000");
    time.advance(60 * MINUTE);
    profile.take(METERING, down(8, "0000" + little(BEGIN.plusSeconds(301)) + "00 1300"));
    assertThat(last())
        .as("those from then on, and no more than three in all")
        .isEqualTo("0000" + little(BEGIN.plusSeconds(600)) + "00" + "2c01" + "0100" + "050000");
    assertThat(profile.take(METERING, down(8, "0100 00000000 00 1300"))).as("no such").isFalse();
  }

  @Test
  void aCreditIsUsedUp() {
    Account account = new Account(values::wattHours);
    assertThat(account.attribute(Account.PREPAYMENT, 0)).as("not on prepayment").isEmpty();
    account.open(100, 1_000, 50); // one franc, ten francs a kilowatt-hour, low below 50
    assertThat(account.left()).isEqualTo(100);
    time.advance(60 * MINUTE); // 60 Wh
    assertThat(account.left()).isEqualTo(40);
    assertThat(account.attribute(Account.PREPAYMENT, 3))
        .hasValue(Attribute.bits8(Account.CREDIT_OK | Account.LOW));
    time.advance(120 * MINUTE);
    assertThat(account.attribute(Account.PREPAYMENT, 1)).hasValue(Attribute.signed32(-20));
    assertThat(account.attribute(Account.PREPAYMENT, 3))
        .hasValue(Attribute.bits8(Account.EXHAUSTED));
  }
}

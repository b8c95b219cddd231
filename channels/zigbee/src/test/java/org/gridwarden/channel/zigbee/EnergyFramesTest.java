package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zsmartsystems.zigbee.serialization.DefaultSerializer;
import com.zsmartsystems.zigbee.zcl.ZclCommand;
import com.zsmartsystems.zigbee.zcl.ZclFieldSerializer;
import com.zsmartsystems.zigbee.zcl.clusters.demandresponseandloadcontrol.CancelLoadControlEvent;
import com.zsmartsystems.zigbee.zcl.clusters.demandresponseandloadcontrol.LoadControlEventCommand;
import com.zsmartsystems.zigbee.zcl.clusters.messaging.CancelMessageCommand;
import com.zsmartsystems.zigbee.zcl.clusters.messaging.DisplayMessageCommand;
import com.zsmartsystems.zigbee.zcl.clusters.metering.ChangeSupply;
import com.zsmartsystems.zigbee.zcl.clusters.metering.GetProfile;
import com.zsmartsystems.zigbee.zcl.clusters.metering.GetSampledData;
import com.zsmartsystems.zigbee.zcl.clusters.metering.StartSampling;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Calendar;
import java.util.HexFormat;
import org.gridwarden.core.Action;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.junit.jupiter.api.Test;

/**
 * Frames of load control, messaging, profiles and supply, beside what the library's own commands
 * write: the same bytes but for times, of which the library writes none.
 */
@SuppressWarnings("deprecation") // the library's constructors without arguments
class EnergyFramesTest {
  private static final Instant NOW = Instant.parse("2026-11-26T00:15:00Z");
  private static final MeterId METER = new MeterId("GW-0000001");
  private static final Calendar TIME = Calendar.getInstance();

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static String now() {
    return HexFormat.of()
        .toHexDigits(Integer.reverseBytes((int) (NOW.getEpochSecond() - 946_684_800L)));
  }

  private static byte[] theirs(ZclCommand command) {
    ZclFieldSerializer out = new ZclFieldSerializer(new DefaultSerializer());
    command.serialize(out);
    int[] values = out.getPayload();
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** Without the four bytes of each time. */
  private static byte[] timeless(byte[] ours, int... times) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    for (int time : times) {
      out.write(ours, at, time - at);
      at = time + 4;
    }
    out.write(ours, at, ours.length - at);
    return out.toByteArray();
  }

  private static LoadEvent event(long watts, Duration lasting) {
    return LoadEvent.of(new Action.LimitLoad(watts, lasting), 77, NOW).orElseThrow();
  }

  @Test
  void aLoadControlEvent() {
    byte[] ours = event(2_000, Duration.ofMinutes(90)).bytes();
    assertThat(ours)
        .isEqualTo(
            hex(
                "4d000000" // event 77
                    + "ff07" // all that consumes
                    + "00" // every group
                    + now()
                    + "5a00" // 90 minutes
                    + "02" // level 1
                    + "ff ff 0080 0080 80 ff" // left to the device
                    + "03")); // both ends by chance
    LoadControlEventCommand command = new LoadControlEventCommand();
    command.setIssuerEventId(77);
    command.setDeviceClass(0x07FF);
    command.setUtilityEnrollmentGroup(0);
    command.setStartTime(TIME);
    command.setDurationInMinutes(90);
    command.setCriticalityLevel(2);
    command.setCoolingTemperatureOffset(0xFF);
    command.setHeatingTemperatureOffset(0xFF);
    command.setCoolingTemperatureSetPoint(0x8000);
    command.setHeatingTemperatureSetPoint(0x8000);
    command.setAverageLoadAdjustmentPercentage(0x80);
    command.setDutyCycle(0xFF);
    command.setEventControl(3);
    assertThat(timeless(ours, 7)).isEqualTo(theirs(command));
    assertThat(LoadEvent.EVENT).isEqualTo(LoadControlEventCommand.COMMAND_ID);
  }

  @Test
  void nothingAtAllIsAnEmergencyAndLastsADayAtMost() {
    byte[] ours = event(0, Duration.ofDays(3)).bytes();
    assertThat(Zcl.number(ours, 11, 2)).isEqualTo(1_440);
    assertThat(ours[13]).as("emergency: nobody opts out").isEqualTo((byte) 7);
    assertThat(ours[22]).as("begins at once").isEqualTo((byte) 2);
    assertThat(LoadEvent.of(new Action.LimitLoad(5, Duration.ofSeconds(59)), 1, NOW)).isEmpty();
  }

  @Test
  void anEventIsCancelled() {
    CancelLoadControlEvent command = new CancelLoadControlEvent();
    command.setIssuerEventId(77);
    command.setDeviceClass(0x07FF);
    command.setUtilityEnrollmentGroup(0);
    command.setCancelControl(1);
    command.setEffectiveTime(TIME);
    byte[] ours = LoadEvent.cancel(77);
    assertThat(ours).hasSize(12).endsWith(0, 0, 0, 0);
    assertThat(timeless(ours, 8)).isEqualTo(theirs(command));
    assertThat(LoadEvent.CANCEL).isEqualTo(CancelLoadControlEvent.COMMAND_ID);
  }

  @Test
  void aMetersReportOfAnEvent() {
    byte[] report = hex("4d000000 04" + now() + "02 0080 0080 80 ff 03 00" + "ff".repeat(42));
    EventStatus status = EventStatus.parse(report).orElseThrow();
    assertThat(status).isEqualTo(new EventStatus(77, 4, NOW));
    assertThat(status.words()).isEqualTo("opted out");
    assertThat(new EventStatus(1, 0x55, NOW).words()).isEqualTo("status 55");
    assertThat(EventStatus.parse(hex("4d000000 04" + now()))).as("torn").isEmpty();
  }

  @Test
  void aText() {
    int control = Notice.control(Notice.Urgency.HIGH, true);
    byte[] ours = new Notice(9, control, NOW, 60, "Off at 8").bytes();
    DisplayMessageCommand command = new DisplayMessageCommand();
    command.setMessageId(9);
    command.setMessageControl(0x88);
    command.setStartTime(TIME);
    command.setDurationInMinutes(60);
    command.setMessage("Off at 8");
    command.setExtendedMessageControl(0);
    assertThat(timeless(ours, 5)).isEqualTo(theirs(command));
    assertThat(HexFormat.of().formatHex(ours)).startsWith("0900000088" + now() + "3c0008");
    CancelMessageCommand cancel = new CancelMessageCommand();
    cancel.setMessageId(9);
    cancel.setMessageControl(0);
    assertThat(Notice.cancel(9)).isEqualTo(theirs(cancel));
    assertThat(new Notice(1, 0, NOW, 1, "x".repeat(Notice.LONGEST)).bytes())
        .as("with its header what fits under a link key")
        .hasSizeLessThanOrEqualTo(70);
    assertThatThrownBy(() -> Notice.checked("x".repeat(58))).hasMessageContaining("57 bytes");
    assertThatThrownBy(() -> Notice.checked("a\nb")).hasMessageContaining("one line");
  }

  @Test
  void profilesAndSamplesAreAskedFor() {
    GetProfile profile = new GetProfile();
    profile.setIntervalChannel(0);
    profile.setEndTime(TIME);
    profile.setNumberOfPeriods(21);
    byte[] ours = ProfileAnswer.ask(NOW, 21);
    assertThat(timeless(ours, 1)).isEqualTo(theirs(profile));
    assertThat(HexFormat.of().formatHex(ours)).isEqualTo("00" + now() + "15");
    StartSampling start = new StartSampling();
    start.setIssuerEventId(5);
    start.setStartSamplingTime(TIME);
    start.setSampleType(0);
    start.setSampleRequestInterval(900);
    start.setMaxNumberOfSamples(192);
    assertThat(timeless(ProfileAnswer.sample(5, 900, 192), 4)).isEqualTo(theirs(start));
    GetSampledData get = new GetSampledData();
    get.setSampleId(3);
    get.setEarliestSampleTime(TIME);
    get.setSampleType(0);
    get.setNumberOfSamples(19);
    assertThat(timeless(ProfileAnswer.askSamples(3, NOW), 2)).isEqualTo(theirs(get));
    assertThat(ProfileAnswer.START_SAMPLING).isEqualTo(StartSampling.COMMAND_ID);
    assertThat(ProfileAnswer.GET_SAMPLED).isEqualTo(GetSampledData.COMMAND_ID);
  }

  @Test
  void theLatestIntervalComesFirstAndTheEarliestSample() {
    Known from = Known.unknown(new Eui64(1)).expected(METER).joined(5).reporting(1, 1_000, 1);
    // until now; quarter-hours; the last one 300 Wh, none, the first one 100 Wh
    ProfileAnswer profile =
        ProfileAnswer.profile(hex(now() + "00 03 03" + "2c0100 ffffff 640000")).orElseThrow();
    assertThat(profile.start()).isEqualTo(NOW.minusSeconds(2_700));
    assertThat(Profiles.slots(from, profile, NOW))
        .containsExactly(slot(NOW.minusSeconds(2_700), 100), slot(NOW.minusSeconds(900), 300));
    assertThat(Profiles.slots(from, profile, NOW.minusSeconds(600)))
        .as("none from the future")
        .containsExactly(slot(NOW.minusSeconds(2_700), 100));
    ProfileAnswer samples =
        ProfileAnswer.samples(hex("0300" + now() + "00 8403 0200" + "640000 2c0100"), 3)
            .orElseThrow();
    assertThat(Profiles.slots(from, samples, NOW.plusSeconds(1_800)))
        .containsExactly(slot(NOW, 100), slot(NOW.plusSeconds(900), 300));
    assertThat(ProfileAnswer.samples(hex("0400" + now() + "00 8403 0000"), 3))
        .as("others")
        .isEmpty();
    assertThat(ProfileAnswer.profile(hex(now() + "00 03 02" + "2c0100"))).as("torn").isEmpty();
    assertThat(ProfileAnswer.profile(hex(now() + "05 03 00"))).as("none there").isEmpty();
    assertThat(ProfileAnswer.profile(hex(now() + "00 63 01 640000"))).as("no such").isEmpty();
  }

  private static Slot slot(Instant start, long wattHours) {
    return new Slot(
        Profiles.ENERGY,
        start,
        Duration.ofMinutes(15),
        new ScaledValue(wattHours, 0, Unit.WATT_HOUR),
        Quality.UNAUTHENTICATED);
  }

  @Test
  void theSupplyIsChanged() {
    ChangeSupply command = new ChangeSupply();
    command.setProviderId(0);
    command.setIssuerEventId(4);
    command.setRequestDateTime(TIME);
    command.setImplementationDateTime(TIME);
    command.setProposedSupplyStatus(1);
    command.setSupplyControlBits(1);
    int armed = SupplyChange.wanted(new Action.Arm()).orElseThrow();
    byte[] ours = SupplyChange.bytes(4, NOW, armed);
    assertThat(timeless(ours, 8, 12)).isEqualTo(theirs(command));
    assertThat(SupplyChange.COMMAND).isEqualTo(ChangeSupply.COMMAND_ID);
    Zcl answer = new Zcl(true, true, 1, 0x0C, hex("00000000 04000000" + now() + "02"));
    assertThat(SupplyChange.status(answer, 4)).hasValue(2);
    assertThat(SupplyChange.status(answer, 5)).as("to something else").isEmpty();
    assertThat(SupplyChange.wanted(new Action.LimitLoad(1, Duration.ofHours(1)))).isEmpty();
  }

  @Test
  void aCredit() {
    Attributes report = Attributes.report(hex("0100 2b d2040000 0300 18 03")).orElseThrow();
    Usage usage = (Usage) CreditValues.remaining(METER, report, NOW).getFirst();
    assertThat(usage.momentary())
        .containsExactly(
            new Reading(
                CreditValues.REMAINING,
                NOW,
                new ScaledValue(1_234, -2, Unit.CURRENCY),
                Quality.UNAUTHENTICATED));
    assertThat(StatusWords.credit(1)).get().matches(m -> m.code().equals("credit.low"));
    assertThat(StatusWords.credit(0)).as("that it is well is not told").isEmpty();
    assertThat(CreditValues.onPrepayment(Attributes.answer(hex("0000 00 19 0200")).orElseThrow()))
        .isTrue();
    assertThat(CreditValues.onPrepayment(Attributes.answer(hex("0000 86")).orElseThrow()))
        .isFalse();
  }
}

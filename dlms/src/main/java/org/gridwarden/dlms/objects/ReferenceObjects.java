package org.gridwarden.dlms.objects;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/** What all reference meters have in common, so that it is in memory once. Immutable. */
final class ReferenceObjects {
  static final ObisCode DEVICE_NAME = ObisCode.parse("0.0.42.0.0.255");
  static final ObisCode SERIAL = ObisCode.parse("0.0.96.1.0.255");
  static final ObisCode FIRMWARE = ObisCode.parse("1.0.0.2.0.255");
  static final ObisCode EVENT_CODE = ObisCode.parse("0.0.96.11.0.255");
  static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  static final ObisCode IMPORTED = ObisCode.parse("1.0.1.8.0.255");
  static final ObisCode IMPORTED_1 = ObisCode.parse("1.0.1.8.1.255");
  static final ObisCode IMPORTED_2 = ObisCode.parse("1.0.1.8.2.255");
  static final ObisCode EXPORTED = ObisCode.parse("1.0.2.8.0.255");
  static final ObisCode POWER = ObisCode.parse("1.0.1.7.0.255");
  static final ObisCode VOLTAGE = ObisCode.parse("1.0.32.7.0.255");
  static final ObisCode DEMAND = ObisCode.parse("1.0.1.4.0.255");
  static final ObisCode MAXIMUM = ObisCode.parse("1.0.1.6.0.255");
  static final ObisCode ACTIVATION = ObisCode.parse("0.0.14.0.0.255");
  static final ObisCode LOAD_PROFILE = ObisCode.parse("1.0.99.1.0.255");
  static final ObisCode DAILY_PROFILE = ObisCode.parse("1.0.99.2.0.255");
  static final ObisCode BILLING_PROFILE = ObisCode.parse("0.0.98.1.0.255");
  static final ObisCode EVENT_LOG = ObisCode.parse("0.0.99.98.0.255");
  static final ObisCode BILLING_SCRIPTS = ObisCode.parse("0.0.10.0.1.255");
  static final ObisCode TARIFF_SCRIPTS = ObisCode.parse("0.0.10.0.100.255");
  static final ObisCode DISCONNECT_SCRIPTS = ObisCode.parse("0.0.10.0.106.255");
  static final ObisCode PUSH_SCRIPTS = ObisCode.parse("0.0.10.0.108.255");
  static final ObisCode SPECIAL_DAYS = ObisCode.parse("0.0.11.0.0.255");
  static final ObisCode SCHEDULE = ObisCode.parse("0.0.12.0.0.255");
  static final ObisCode CALENDAR = ObisCode.parse("0.0.13.0.0.255");
  static final ObisCode BILLING_TIME = ObisCode.parse("0.0.15.0.0.255");
  static final ObisCode DISCONNECT_TIME = ObisCode.parse("0.0.15.0.1.255");
  static final ObisCode PUSH_TIME = ObisCode.parse("0.0.15.0.4.255");
  static final ObisCode MONITOR = ObisCode.parse("0.0.16.1.0.255");
  static final ObisCode LIMITER = ObisCode.parse("0.0.17.0.0.255");
  static final ObisCode PUSH = ObisCode.parse("0.0.25.9.0.255");
  static final ObisCode COMPACT = ObisCode.parse("0.0.66.0.1.255");
  static final ObisCode RELAY = ObisCode.parse("0.0.96.3.10.255");

  static final ScalerUnit WATT_HOURS = new ScalerUnit(0, Unit.WATT_HOUR);
  static final ScalerUnit WATTS = new ScalerUnit(0, Unit.WATT);
  static final ScalerUnit DECIVOLTS = new ScalerUnit(-1, Unit.VOLT);
  static final DlmsData NO_STATUS = new DlmsData.Unsigned8(0);
  static final DlmsData ZERO = new DlmsData.DoubleLongUnsigned(0);

  private static final int REGISTER = 3;
  private static final int ACTIVATION_CLASS = 6;
  private static final int PROFILE = 7;
  private static final int EXTENDED = 4;
  private static final CaptureObject TIME = CaptureObject.of(8, CLOCK, 2);
  private static final CaptureObject ENERGY = CaptureObject.of(REGISTER, IMPORTED, 2);
  private static final CaptureObject ENERGY_OUT = CaptureObject.of(REGISTER, EXPORTED, 2);

  static final List<CaptureObject> LOAD_COLUMNS = List.of(TIME, ENERGY);
  static final List<CaptureObject> DAILY_COLUMNS = List.of(TIME, ENERGY, ENERGY_OUT);
  static final List<CaptureObject> BILLING_COLUMNS =
      List.of(
          TIME,
          ENERGY,
          CaptureObject.of(REGISTER, IMPORTED_1, 2),
          CaptureObject.of(REGISTER, IMPORTED_2, 2),
          CaptureObject.of(EXTENDED, MAXIMUM, 2),
          CaptureObject.of(EXTENDED, MAXIMUM, 5));
  static final List<CaptureObject> EVENT_COLUMNS =
      List.of(TIME, CaptureObject.of(1, EVENT_CODE, 2));
  static final List<RestrictedObject> PUSHED =
      List.of(
          RestrictedObject.of(CaptureObject.of(1, DEVICE_NAME, 2)),
          RestrictedObject.of(CaptureObject.of(40, PUSH, 1)),
          RestrictedObject.of(TIME),
          RestrictedObject.of(ENERGY),
          RestrictedObject.of(ENERGY_OUT));
  static final List<RestrictedObject> COMPACTED =
      List.of(
          RestrictedObject.of(CaptureObject.of(62, COMPACT, 4)),
          RestrictedObject.of(TIME),
          RestrictedObject.of(ENERGY),
          RestrictedObject.of(ENERGY_OUT));

  static final DlmsData.OctetString TARIFF_1 = text("T1");
  static final DlmsData.OctetString TARIFF_2 = text("T2");
  static final List<RegisterActivation.Assigned> TARIFF_REGISTERS =
      List.of(
          new RegisterActivation.Assigned(REGISTER, IMPORTED_1),
          new RegisterActivation.Assigned(REGISTER, IMPORTED_2));
  static final List<RegisterActivation.Mask> TARIFF_MASKS =
      List.of(
          new RegisterActivation.Mask(TARIFF_1, List.of(1)),
          new RegisterActivation.Mask(TARIFF_2, List.of(2)));

  static final List<ScriptTable.Script> TARIFFS =
      List.of(
          ScriptTable.Script.of(
              1, ScriptTable.Action.write(ACTIVATION_CLASS, ACTIVATION, 4, TARIFF_1)),
          ScriptTable.Script.of(
              2, ScriptTable.Action.write(ACTIVATION_CLASS, ACTIVATION, 4, TARIFF_2)));

  /** The period is captured, then its maximum forgotten. */
  static final List<ScriptTable.Script> END_OF_BILLING =
      List.of(
          ScriptTable.Script.of(
              1,
              ScriptTable.Action.execute(PROFILE, BILLING_PROFILE, 2),
              ScriptTable.Action.execute(EXTENDED, MAXIMUM, 1)));

  static final List<ScriptTable.Script> DISCONNECT =
      List.of(
          ScriptTable.Script.of(1, ScriptTable.Action.execute(70, RELAY, 1)),
          ScriptTable.Script.of(2, ScriptTable.Action.execute(70, RELAY, 2)));
  static final List<ScriptTable.Script> PUSHES =
      List.of(ScriptTable.Script.of(1, ScriptTable.Action.execute(40, PUSH, 1)));

  static final List<SpecialDaysTable.Entry> HOLIDAYS =
      List.of(
          new SpecialDaysTable.Entry(1, new CosemDate(0xFFFF, 1, 1, 0xFF), 2),
          new SpecialDaysTable.Entry(2, new CosemDate(0xFFFF, 12, 25, 0xFF), 2));

  /** Tariff 1 from 6 to 22 on weekdays, else tariff 2. */
  static final TariffCalendar TWO_TARIFFS =
      new TariffCalendar(
          text("TWO"),
          List.of(new TariffCalendar.Season(text("ALL"), CosemDateTime.UNSPECIFIED, text("WEEK"))),
          List.of(new TariffCalendar.Week(text("WEEK"), List.of(1, 1, 1, 1, 1, 2, 2))),
          List.of(
              new TariffCalendar.Day(1, List.of(tariff(0, 2), tariff(6, 1), tariff(22, 2))),
              new TariffCalendar.Day(2, List.of(tariff(0, 2)))));

  /** Midnight of every first of the month. */
  static final List<SingleActionSchedule.ExecutionTime> MONTHLY =
      List.of(
          new SingleActionSchedule.ExecutionTime(
              CosemTime.MIDNIGHT, new CosemDate(0xFFFF, 0xFF, 1, 0xFF)));

  static final PushSetup.Destination NOWHERE =
      new PushSetup.Destination(0, DlmsData.OctetString.of(), 0);

  private ReferenceObjects() {}

  static DlmsData.OctetString text(String text) {
    return DlmsData.OctetString.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static TariffCalendar.Action tariff(int hour, int tariff) {
    return new TariffCalendar.Action(
        new CosemTime(hour, 0, 0, 0), new ScriptRef(TARIFF_SCRIPTS, tariff));
  }
}

package org.gridwarden.simulator;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.InvocationCounter;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.objects.Clock;
import org.gridwarden.dlms.objects.CommandDesk;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Data;
import org.gridwarden.dlms.objects.ProfileGeneric;
import org.gridwarden.dlms.objects.Register;

/**
 * What the office finds in a meter of the street that it asks over the meter's own connection.
 * Client 1 proves by GMAC that it knows the keys, and everything is ciphered; nobody else is let
 * in. The meter's counters are those of its pushes.
 */
final class StreetDevice {
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  private static final ObisCode DEVICE_NAME = ObisCode.parse("0.0.42.0.0.255");
  private static final Duration HISTORY = Duration.ofDays(10);
  private static final int MANAGEMENT = 1;

  private StreetDevice() {}

  static LogicalDevice of(
      VirtualMeter meter, Senses senses, ZoneId zone, InvocationCounter counter) {
    return new LogicalDevice(
        meter.systemTitle(),
        objects(meter, senses, zone),
        Map.of(
            MANAGEMENT,
            KeyedAccess.of(meter.systemTitle(), meter::keys, counter, DeskRights.INSTANCE)));
  }

  private static List<CosemObject> objects(VirtualMeter meter, Senses senses, ZoneId zone) {
    List<CosemObject> objects = new ArrayList<>(MeterConstants.of(senses::log));
    objects.addAll(
        List.of(
            new Data(DEVICE_NAME, () -> new DlmsData.VisibleString(meter.serial())),
            new Clock(CLOCK, meter.clock(), zone),
            new Register(
                PushBodies.REGISTER,
                () ->
                    new DlmsData.DoubleLongUnsigned(
                        meter.curve().register(meter.clock().instant())),
                0,
                Unit.WATT_HOUR),
            new HouseholdProfile(meter.clock(), zone, HISTORY, meter.curve()::wattHours),
            log(EventLogs.STANDARD, meter, senses, zone),
            log(EventLogs.FRAUD, meter, senses, zone),
            log(EventLogs.QUALITY, meter, senses, zone),
            meter.control().breaker(),
            meter.control().firmware().active(),
            meter.control().firmware().transfer(),
            new CommandDesk(meter.control())));
    return objects;
  }

  private static ProfileGeneric log(
      EventLogs which, VirtualMeter meter, Senses senses, ZoneId zone) {
    return which.of(meter.clock(), zone, () -> which.rows(senses.log(), zone));
  }
}

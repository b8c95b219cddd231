package org.gridwarden.channel.dlms;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.objects.CaptureObject;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.ProfileGeneric;
import org.gridwarden.dlms.objects.Register;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.security.SecurityContext;

/** The test office's meter, to be read: a register that grows by 250 Wh each quarter-hour. */
final class TestMeter implements Closeable {
  static final ObisCode ENERGY = ObisCode.parse("1.0.1.8.0.255");
  static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  static final ObisCode PROFILE = ObisCode.parse("1.0.99.1.0.255");
  static final ObisCode DAYS = ObisCode.parse("1.0.99.2.0.255");
  static final ObisCode LOG = ObisCode.parse("0.0.99.98.1.255");
  private static final ObisCode CODE = ObisCode.parse("0.0.96.11.1.255");
  private static final int QUARTER = 900;

  final AtomicLong counter = new AtomicLong(1_000);
  volatile Duration off = Duration.ZERO;
  private final MeterServer server;

  TestMeter() throws IOException {
    server =
        MeterServer.open(
            InetAddress.getLoopbackAddress(), 0, Map.of(1, device()), Duration.ofMinutes(1));
  }

  LogicalDevice device() {
    return new LogicalDevice(
        TestOffice.TITLE,
        List.of(
            new Clock(),
            new Register(ENERGY, () -> energy(now()), 0, Unit.WATT_HOUR),
            new ProfileGeneric(
                PROFILE,
                ofProfiles(),
                List.of(CaptureObject.of(8, CLOCK, 2), CaptureObject.of(3, ENERGY, 2)),
                QUARTER,
                1_000,
                () -> rows(QUARTER)),
            new ProfileGeneric(
                DAYS,
                ofProfiles(),
                List.of(CaptureObject.of(8, CLOCK, 2), CaptureObject.of(3, ENERGY, 2)),
                86_400,
                1_000,
                () -> rows(86_400)),
            new ProfileGeneric(
                LOG,
                ofProfiles(),
                List.of(CaptureObject.of(8, CLOCK, 2), CaptureObject.of(1, CODE, 2)),
                0,
                1_000,
                this::events)),
        Map.of(
            16,
            ClientAccess.open(Rights.READ_ALL),
            1,
            ClientAccess.gmac(
                () ->
                    SecurityContext.of(
                        TestOffice.TITLE, TestOffice.keys(), counter::getAndIncrement),
                Rights.EVERYTHING)));
  }

  private org.gridwarden.dlms.objects.Clock ofProfiles() {
    return new org.gridwarden.dlms.objects.Clock(CLOCK, this::now, TestOffice.ZONE);
  }

  String address() {
    return "127.0.0.1:" + server.port();
  }

  Instant now() {
    return TestOffice.NOW.plus(off);
  }

  static long wattHours(Instant at) {
    return (at.getEpochSecond() - 1_767_225_600L) / QUARTER * 250;
  }

  private static DlmsData energy(Instant at) {
    return new DlmsData.DoubleLongUnsigned(wattHours(at));
  }

  /** Ten days of rows, oldest first. */
  private static List<DlmsData.Structure> rows(int period) {
    Instant last = Instant.ofEpochSecond(TestOffice.NOW.getEpochSecond() / period * period);
    List<DlmsData.Structure> rows = new ArrayList<>();
    for (int i = 10 * 86_400 / period; i >= 0; i--) {
      Instant end = last.minusSeconds((long) i * period);
      rows.add(DlmsData.Structure.of(TestOffice.clock(end), energy(end)));
    }
    return rows;
  }

  private List<DlmsData.Structure> events() {
    Instant at = TestOffice.NOW.minusSeconds(7_200);
    return List.of(DlmsData.Structure.of(TestOffice.clock(at), new DlmsData.Unsigned8(42)));
  }

  /** A clock that can be shifted and set. */
  private final class Clock implements CosemObject {
    @Override
    public Identity identity() {
      return new Identity(8, 0, CLOCK, 9, 6);
    }

    @Override
    public Outcome get(int attribute, Optional<Selection> selection) {
      return attribute == 2
          ? new Outcome.Value(DlmsData.OctetString.of(CosemDateTime.of(now(), TestOffice.ZONE)))
          : CosemObject.none();
    }

    @Override
    public AccessResult set(int attribute, DlmsData value) {
      if (attribute != 2 || !(value instanceof DlmsData.OctetString time) || time.length() != 12) {
        return AccessResult.TYPE_UNMATCHED;
      }
      Instant shown =
          CosemDateTime.of(time.bytes(), 0)
              .instant(TestOffice.ZONE, CosemDateTime.DeviationSign.STANDARD)
              .orElseThrow();
      off = Duration.between(TestOffice.NOW, shown);
      return AccessResult.SUCCESS;
    }

    @Override
    public Service.Invoked invoke(int method, Optional<DlmsData> parameters) {
      if (method == 6 && parameters.orElse(null) instanceof DlmsData.Long16 seconds) {
        off = off.plusSeconds(seconds.value());
        return new Service.Invoked(AccessResult.SUCCESS, Optional.empty());
      }
      return new Service.Invoked(AccessResult.TYPE_UNMATCHED, Optional.empty());
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

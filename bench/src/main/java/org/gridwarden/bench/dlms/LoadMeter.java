package org.gridwarden.bench.dlms;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.hdlc.HdlcSettings;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.objects.CaptureObject;
import org.gridwarden.dlms.objects.Clock;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.dlms.objects.ProfileGeneric;
import org.gridwarden.dlms.objects.Register;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.security.SecurityContext;

/** Our meter in a comparison, with the objects that the others have, too. */
public final class LoadMeter {
  private static final Instant FIRST = Instant.parse("2026-11-23T00:00:00Z");
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  static final int ENERGY = 424_242;
  static final int ROWS = 96;
  private static final int QUARTER = 900;

  private LoadMeter() {}

  /**
   * Prints where it listens; answers {@code usage} on its standard input with what it has used so
   * far, and ends with it.
   *
   * @param args password, key and auth-key, link (wrapper, hdlc), as name=value
   */
  public static void main(String[] args) throws IOException {
    try (MeterServer server = open(Words.of(args));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
      System.out.println("listening on 127.0.0.1:" + server.port());
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println("usage " + Usage.now().words());
      }
    }
  }

  private static MeterServer open(Words words) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Map<Integer, LogicalDevice> devices = Map.of(1, device(words));
    return words.text("link", "wrapper").equals("hdlc")
        ? MeterServer.openHdlc(
            any, devices, OptionalInt.empty(), HdlcSettings.NETWORK, MeterServer.Limits.DEFAULT)
        : MeterServer.open(any, devices, MeterServer.Limits.DEFAULT);
  }

  static LogicalDevice device(Words words) {
    DlmsKeys keys = DlmsKeys.of(words.bytes("key"), words.bytes("auth-key"));
    byte[] title = "GWMMETER".getBytes(StandardCharsets.US_ASCII);
    AtomicLong counter = new AtomicLong(1);
    List<DlmsData.Structure> rows = rows();
    Clock clock = new Clock(CLOCK, InstantSource.system(), ZoneOffset.UTC);
    return new LogicalDevice(
        title,
        List.of(
            clock,
            new Register(
                Sessions.REGISTER.instance(),
                () -> new DlmsData.DoubleLongUnsigned(ENERGY),
                -1,
                Unit.WATT_HOUR),
            new ProfileGeneric(
                Sessions.BUFFER.instance(),
                clock,
                List.of(CaptureObject.of(8, CLOCK, 2), new CaptureObject(Sessions.REGISTER, 0)),
                QUARTER,
                ROWS,
                () -> rows),
            new DisconnectControl(ObisCode.parse("0.0.96.3.10.255"), _ -> {})),
        Map.of(
            16,
            ClientAccess.open(Rights.READ_ALL),
            17,
            ClientAccess.password(words.password(), Rights.READ_ALL),
            18,
            ClientAccess.gmac(
                () -> SecurityContext.of(title, keys, counter::getAndIncrement),
                Rights.EVERYTHING)));
  }

  /** A day's quarters of time and energy, oldest first. */
  static List<DlmsData.Structure> rows() {
    List<DlmsData.Structure> rows = new ArrayList<>(ROWS);
    for (int i = 1; i <= ROWS; i++) {
      Instant at = FIRST.plusSeconds((long) QUARTER * i);
      rows.add(
          DlmsData.Structure.of(
              DlmsData.OctetString.of(CosemDateTime.of(at, ZoneOffset.UTC)),
              new DlmsData.DoubleLongUnsigned(424_000L + i)));
    }
    return List.copyOf(rows);
  }
}

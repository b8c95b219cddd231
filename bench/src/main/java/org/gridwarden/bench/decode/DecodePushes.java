package org.gridwarden.bench.decode;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.MeterProfile;
import org.gridwarden.dlms.Push;
import org.gridwarden.dlms.PushLayouts;
import org.gridwarden.dlms.SecurityControl;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * From a ciphered APDU (general-glo, suite 0, authenticated and encrypted) to its values: read the
 * header, check the tag and decrypt, read the notification, let a layout make values of it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class DecodePushes {
  private static final byte[] TITLE = {'G', 'W', 'N', 0, 0, 0, 0, 1};

  /** Which push: six values live, sixteen without units, or a day's 96 rows. */
  @Param({"live-6", "list-16", "day-96"})
  public String push = "";

  private final DlmsKeys keys = DlmsKeys.of(new byte[16], new byte[16]);
  private final PushLayouts layouts = PushLayouts.builtIn();
  private final MeterProfile profile = layouts.genericProfile();
  private byte[] apdu = {};

  /** Makes the push. */
  @Setup
  public void make() throws DlmsException {
    apdu = ciphered(push);
    Push read = decode();
    if (read.values().size() < values(push)) {
      throw new IllegalStateException("the push is not read as it should be: " + read);
    }
  }

  /** One push. */
  @Benchmark
  public Push decode() throws DlmsException {
    Apdu.Ciphered outer = (Apdu.Ciphered) Apdus.decode(apdu);
    byte[] plain = Ciphering.unprotect(outer, TITLE, keys);
    return layouts.read((Apdu.DataNotification) Apdus.decode(plain), profile);
  }

  /** How many measured values a push has; clock and status not counted. */
  static int values(String push) {
    return Integer.parseInt(push.substring(push.indexOf('-') + 1));
  }

  /** How many bytes a push has on the wire. */
  static int bytes(String push) throws DlmsException {
    return ciphered(push).length;
  }

  private static byte[] ciphered(String push) throws DlmsException {
    Instant at = Instant.parse("2026-11-24T00:00:00Z");
    DlmsData body =
        switch (push) {
          case "live-6" -> live(at);
          case "list-16" -> list(at);
          default -> day(at);
        };
    byte[] plain = Apdus.encode(new Apdu.DataNotification(0x4000_0001L, Optional.empty(), body));
    try (DlmsKeys keys = DlmsKeys.of(new byte[16], new byte[16])) {
      return Apdus.encode(
          Ciphering.protect(
              0xDB, SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED, TITLE, 7, plain, keys));
    }
  }

  private static DlmsData live(Instant at) {
    List<DlmsData> parts = new ArrayList<>();
    parts.add(clock(at));
    parts.add(new DlmsData.Unsigned8(0));
    String[] codes = {
      "1.0.1.29.0.255",
      "1.0.1.8.0.255",
      "1.0.1.7.0.255",
      "1.0.32.7.0.255",
      "1.0.31.7.0.255",
      "1.0.13.7.0.255"
    };
    int[] units = {30, 30, 27, 35, 33, 255};
    for (int i = 0; i < codes.length; i++) {
      parts.add(
          DlmsData.Structure.of(
              DlmsData.OctetString.of(ObisCode.parse(codes[i])),
              new DlmsData.DoubleLongUnsigned(1_000 + i),
              DlmsData.Structure.of(
                  new DlmsData.Integer8(i > 2 ? -2 : 0), new DlmsData.Enumerated(units[i]))));
    }
    return DlmsData.Structure.of(parts);
  }

  private static DlmsData list(Instant at) {
    List<DlmsData> parts = new ArrayList<>();
    parts.add(clock(at));
    for (int c = 1; c <= 4; c++) {
      for (String rest : List.of(".8.0.255", ".8.1.255", ".8.2.255", ".7.0.255")) {
        parts.add(DlmsData.OctetString.of(ObisCode.parse("1.0." + c + rest)));
        parts.add(new DlmsData.DoubleLongUnsigned(12_048_950));
      }
    }
    return DlmsData.Structure.of(parts);
  }

  private static DlmsData day(Instant at) {
    List<DlmsData> rows = new ArrayList<>();
    for (int i = 1; i <= 96; i++) {
      rows.add(
          DlmsData.Structure.of(
              clock(at.plusSeconds(900L * i)),
              new DlmsData.Unsigned8(0),
              new DlmsData.DoubleLongUnsigned(100 + i)));
    }
    return DlmsData.Structure.of(
        DlmsData.OctetString.of(ObisCode.parse("1.0.99.1.0.255")), DlmsData.Array.of(rows));
  }

  private static DlmsData clock(Instant at) {
    return DlmsData.OctetString.of(CosemDateTime.of(at, ZoneId.of("Europe/Zurich")));
  }
}

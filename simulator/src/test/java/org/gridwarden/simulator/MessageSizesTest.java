package org.gridwarden.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Secret;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.message.Algorithm;
import org.gridwarden.message.Form;
import org.gridwarden.message.MeterEnd;
import org.junit.jupiter.api.Test;

/**
 * How long the same readings are as a secured message and as a ciphered DLMS push of the street:
 * the table of ADR 33.
 */
class MessageSizesTest {
  private static final MeterId METER = new MeterId("GW-0000001");
  private static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
  private static final Instant AT = Instant.parse("2026-11-26T00:15:00Z");
  private static final List<Reading> READINGS =
      List.of(
          reading("1.8.0", 12_345_678, 0, Unit.WATT_HOUR),
          reading("32.7.0", 2_301, -1, Unit.VOLT),
          reading("1.7.0", 742, 0, Unit.WATT));

  private static Reading reading(String obis, long raw, int scaler, Unit unit) {
    return new Reading(ObisCode.parse(obis), AT, new ScaledValue(raw, scaler, unit), Quality.GOOD);
  }

  private static MeterEnd end() {
    AtomicLong counter = new AtomicLong(200);
    KeySet set = new KeySet(new byte[] {'1'}, new Secret(new byte[32]), new Secret(new byte[0]));
    return new MeterEnd(
        METER,
        set,
        Algorithm.A256GCM,
        counter::get,
        new MeterEnd.Seen() {
          @Override
          public long greatest() {
            return -1;
          }

          @Override
          public void greatest(long now) {
            throw new IllegalStateException("nothing comes down");
          }
        });
  }

  private static byte[] dlms(DlmsData body) throws Exception {
    byte[] plain = Apdus.encode(new Apdu.DataNotification(0x4000_0001L, Optional.empty(), body));
    return Apdus.encode(
        Ciphering.protect(
            0xDB,
            SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
            new byte[8],
            200,
            plain,
            DlmsKeys.of(new byte[16], new byte[16])));
  }

  private static DlmsData clock(Instant at) {
    return DlmsData.OctetString.of(CosemDateTime.of(at, ZONE).bytes());
  }

  private static byte[] dlms(List<Reading> readings) throws Exception {
    List<DlmsData> body = new ArrayList<>(List.of(clock(AT), new DlmsData.Unsigned8(0)));
    for (Reading r : readings) {
      body.add(
          DlmsData.Structure.of(
              DlmsData.OctetString.of(r.channel()),
              new DlmsData.DoubleLongUnsigned(r.value().raw()),
              DlmsData.Structure.of(
                  new DlmsData.Integer8(r.value().scaler()),
                  new DlmsData.Enumerated(r.value().unit().code()))));
    }
    return dlms(DlmsData.Structure.of(body));
  }

  private static IntervalBlock day() {
    Day day = Day.of(LocalDate.of(2026, 11, 25), ZONE, Duration.ofMinutes(15));
    long[] values = new long[day.slots()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 60 + i * 7 % 200; // a household's quarter-hours: one byte and two
    }
    return new IntervalBlock(
        METER, PushBodies.INTERVAL, Layer.RAW, day, 0, Unit.WATT_HOUR, values, new byte[0]);
  }

  private static byte[] dlms(IntervalBlock block) throws Exception {
    List<DlmsData> rows = new ArrayList<>();
    for (int i = 0; i < block.values().length; i++) {
      rows.add(
          DlmsData.Structure.of(
              clock(block.day().startOf(i + 1)),
              new DlmsData.Unsigned8(0),
              new DlmsData.DoubleLongUnsigned(block.values()[i])));
    }
    return dlms(
        DlmsData.Structure.of(
            DlmsData.OctetString.of(PushBodies.PROFILE), DlmsData.Array.of(rows)));
  }

  @Test
  void sizes() throws Exception {
    List<Usage> said =
        List.of(
            new Usage(METER, READINGS.subList(0, 1), List.of(), List.of(), List.of()),
            new Usage(METER, READINGS, List.of(), List.of(), List.of()),
            new Usage(METER, List.of(), List.of(), List.of(day()), List.of()));
    List<byte[]> pushes = List.of(dlms(READINGS.subList(0, 1)), dlms(READINGS), dlms(day()));
    List<String> table = new ArrayList<>();
    for (int i = 0; i < said.size(); i++) {
      table.add(
          end().seal(Form.SENML_CBOR, said.get(i)).length
              + " "
              + end().seal(Form.SENML_JSON, said.get(i)).length
              + " "
              + pushes.get(i).length);
    }
    assertThat(table).containsExactly("81 116 73", "115 181 115", "492 1081 2256");
  }
}

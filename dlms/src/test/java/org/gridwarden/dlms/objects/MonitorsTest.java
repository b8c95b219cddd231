package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.objects.Bench.accepts;
import static org.gridwarden.dlms.objects.Bench.dlu;
import static org.gridwarden.dlms.objects.Bench.get;
import static org.gridwarden.dlms.objects.Bench.hex;
import static org.gridwarden.dlms.objects.Bench.lu;
import static org.gridwarden.dlms.objects.Bench.number;
import static org.gridwarden.dlms.objects.Bench.refuses;
import static org.gridwarden.dlms.objects.Bench.script;
import static org.gridwarden.dlms.objects.Bench.time;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.junit.jupiter.api.Test;

/** Classes 21 and 71. */
class MonitorsTest {
  private static final ObisCode POWER = ObisCode.parse("1.0.1.7.0.255");
  private static final ObisCode MONITOR = ObisCode.parse("0.0.16.1.0.255");
  private static final ObisCode LIMITER = ObisCode.parse("0.0.17.0.0.255");
  private static final DlmsData POWER_VALUE =
      DlmsData.Structure.of(lu(3), DlmsData.OctetString.of(POWER), new DlmsData.Integer8(2));

  private final Bench bench = new Bench("2026-11-23T10:00:00Z");
  private final Variable power = new Variable(dlu(0));
  private final RegisterMonitor monitor =
      new RegisterMonitor(MONITOR, bench.clock, bench.objects, 10);
  private final Limiter limiter = new Limiter(LIMITER, bench.clock, bench.objects, 10);
  private final Clockwork clockwork =
      new Clockwork(bench.clock, List.of(monitor, limiter), Duration.ofDays(1));

  MonitorsTest() {
    bench.objects.add(new Register(POWER, power, 0, Unit.WATT));
  }

  /** So many watts, for so many seconds. */
  private List<String> watts(long watts, int seconds) {
    power.set(dlu(watts));
    bench.at(bench.instant().plusSeconds(seconds).toString());
    clockwork.run();
    return bench.written().stream()
        .map(note -> note.substring(11, 19) + note.substring(note.length() - 2))
        .toList();
  }

  @Test
  void monitorExecutesWhatCrosses() {
    assertThat(monitor.identity()).isEqualTo(new CosemObject.Identity(21, 0, MONITOR, 4, 0));
    assertThat(clockwork.next()).as("it watches nothing").isEmpty();
    accepts(monitor, 3, POWER_VALUE);
    accepts(monitor, 2, DlmsData.Array.of(dlu(1_000), dlu(2_000)));
    accepts(
        monitor,
        4,
        DlmsData.Array.of(
            DlmsData.Structure.of(script(1).data(), script(2).data()),
            DlmsData.Structure.of(script(3).data(), ScriptRef.NONE.data())));
    assertThat(hex(monitor, 2)).isEqualTo("0102" + "06000003E8" + "06000007D0");
    assertThat(hex(monitor, 3)).isEqualTo("0203" + "120003" + "09060100010700FF" + "0F02");
    assertThat(hex(monitor, 4)).startsWith("0102" + "0202" + "0202" + "090600000A0064FF");
    assertThat(watts(1_500, 10)).as("where it stands").isEmpty();
    assertThat(watts(1_000, 10)).as("not over, when equal").containsExactly("10:00:20 2");
    assertThat(watts(2_001, 20)).containsExactly("10:00:30 1", "10:00:30 3");
    assertThat(watts(2_500, 60)).isEmpty();
    assertThat(watts(0, 60)).as("nothing down from 2000").containsExactly("10:01:50 2");
    refuses(monitor, 2, DlmsData.Array.of(lu(1)), AccessResult.TYPE_UNMATCHED);
    refuses(monitor, 3, lu(1), AccessResult.TYPE_UNMATCHED);
    refuses(monitor, 4, DlmsData.Array.of(script(1).data()), AccessResult.TYPE_UNMATCHED);
  }

  private void limit(long normal, long minOver, long minUnder) {
    accepts(limiter, 2, POWER_VALUE);
    accepts(limiter, 4, dlu(normal));
    accepts(limiter, 6, dlu(minOver));
    accepts(limiter, 7, dlu(minUnder));
    accepts(limiter, 11, DlmsData.Structure.of(script(1).data(), script(2).data()));
  }

  @Test
  void limiterWaitsForItsDurations() {
    assertThat(limiter.identity()).isEqualTo(new CosemObject.Identity(71, 0, LIMITER, 11, 0));
    limit(1_000, 30, 20);
    assertThat(watts(1_001, 30)).as("20 s over").isEmpty();
    assertThat(watts(1_000, 10)).isEmpty();
    assertThat(watts(1_001, 30)).as("counted anew").isEmpty();
    assertThat(watts(1_001, 10)).containsExactly("10:01:20 1");
    assertThat(watts(1_001, 300)).as("once").isEmpty();
    assertThat(watts(900, 20)).isEmpty();
    assertThat(watts(900, 10)).containsExactly("10:06:50 2");
    assertThat(watts(900, 300)).isEmpty();
  }

  @Test
  void limiterWithoutDurationsActsAtOnce() {
    limit(1_000, 0, 0);
    assertThat(watts(2_000, 10)).containsExactly("10:00:10 1");
    assertThat(watts(1, 10)).containsExactly("10:00:20 2");
  }

  @Test
  void emergencyProfile() {
    limit(5_000, 0, 0);
    accepts(limiter, 5, dlu(500));
    accepts(limiter, 9, DlmsData.Array.of(lu(7), lu(8)));
    DlmsData profile = DlmsData.Structure.of(lu(8), time("2026-11-23T10:01:00Z"), dlu(120));
    accepts(limiter, 8, profile);
    // structure of 3: id 8, 2026-11-23 Monday 11:01:00 deviation -60, 120 s
    assertThat(hex(limiter, 8))
        .isEqualTo("0203" + "120008" + "090C07EA0B17010B010000FFC400" + "0600000078");
    assertThat(watts(1_000, 50)).isEmpty();
    assertThat(get(limiter, 10)).isEqualTo(new DlmsData.Bool(false));
    assertThat(number(limiter, 3)).isEqualTo(5_000);
    assertThat(watts(1_000, 20)).containsExactly("10:01:00 1");
    assertThat(get(limiter, 10)).isEqualTo(new DlmsData.Bool(true));
    assertThat(number(limiter, 3)).isEqualTo(500);
    assertThat(watts(1_000, 120)).as("after its duration").containsExactly("10:03:00 2");
    assertThat(get(limiter, 10)).isEqualTo(new DlmsData.Bool(false));
    // not one of the groups
    accepts(limiter, 8, DlmsData.Structure.of(lu(9), time("2026-11-23T10:01:00Z"), dlu(9_999)));
    assertThat(get(limiter, 10)).isEqualTo(new DlmsData.Bool(false));
  }

  @Test
  void badValues() {
    limit(1_000, 1, 1);
    refuses(limiter, 3, dlu(1), AccessResult.READ_WRITE_DENIED);
    refuses(limiter, 10, new DlmsData.Bool(true), AccessResult.READ_WRITE_DENIED);
    refuses(limiter, 4, lu(1), AccessResult.TYPE_UNMATCHED);
    refuses(limiter, 6, lu(1), AccessResult.TYPE_UNMATCHED);
    refuses(limiter, 9, DlmsData.Array.of(dlu(1)), AccessResult.TYPE_UNMATCHED);
    refuses(limiter, 11, script(1).data(), AccessResult.TYPE_UNMATCHED);
    refuses(
        limiter,
        8,
        DlmsData.Structure.of(lu(9), Bench.octets("07EAFF01FF00000000800000"), dlu(1)),
        AccessResult.OTHER_REASON);
    assertThat(Instant.parse("2026-11-23T10:00:00Z")).isEqualTo(bench.instant());
  }
}

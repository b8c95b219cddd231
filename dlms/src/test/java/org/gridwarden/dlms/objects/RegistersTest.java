package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.objects.Bench.accepts;
import static org.gridwarden.dlms.objects.Bench.dlu;
import static org.gridwarden.dlms.objects.Bench.get;
import static org.gridwarden.dlms.objects.Bench.hex;
import static org.gridwarden.dlms.objects.Bench.invokes;
import static org.gridwarden.dlms.objects.Bench.lu;
import static org.gridwarden.dlms.objects.Bench.number;
import static org.gridwarden.dlms.objects.Bench.octets;
import static org.gridwarden.dlms.objects.Bench.refuses;
import static org.gridwarden.dlms.objects.Bench.text;
import static org.gridwarden.dlms.objects.Bench.time;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.objects.CosemObject.Identity;
import org.junit.jupiter.api.Test;

/** Classes 1, 3, 4, 5 and 6. */
class RegistersTest {
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode DEMAND = ObisCode.parse("1.0.1.4.0.255");
  private static final DlmsData ZERO = new DlmsData.Integer8(0);
  private static final ScalerUnit WATTS = new ScalerUnit(0, Unit.WATT);

  private final Bench bench = new Bench("2026-03-01T10:00:00Z");

  @Test
  void dataIsWrittenInItsType() {
    Variable value = new Variable(text("one"));
    Data data = new Data(ObisCode.parse("0.0.96.1.0.255"), value);
    assertThat(data.identity())
        .isEqualTo(new Identity(1, 0, ObisCode.parse("0.0.96.1.0.255"), 2, 0));
    assertThat(hex(data, 2)).isEqualTo("09036F6E65");
    accepts(data, 2, text("two"));
    refuses(data, 2, lu(2), AccessResult.TYPE_UNMATCHED);
    Data readOnly = new Data(ObisCode.parse("0.0.96.1.0.255"), () -> text("one"));
    refuses(readOnly, 2, text("two"), AccessResult.READ_WRITE_DENIED);
    assertThat(data.get(3, Optional.empty()))
        .isEqualTo(new Outcome.Refused(AccessResult.OBJECT_UNDEFINED));
    assertThat(data.get(2, Optional.of(Selection.entries(1, 1))))
        .isEqualTo(new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED));
    assertThat(data.invoke(1, Optional.empty()).result()).isEqualTo(AccessResult.OBJECT_UNDEFINED);
  }

  @Test
  void registerHasUnitAndIsReset() {
    Variable value = new Variable(dlu(7));
    Register register = new Register(ENERGY, value, -1, Unit.WATT_HOUR);
    value.set(dlu(0x01020304));
    // double-long-unsigned; structure of 2: integer -1, enum 30 (Wh)
    assertThat(hex(register, 2)).isEqualTo("0601020304");
    assertThat(hex(register, 3)).isEqualTo("02020FFF161E");
    refuses(register, 3, new ScalerUnit(0, Unit.WATT).data(), AccessResult.READ_WRITE_DENIED);
    assertThat(register.invoke(1, Optional.of(text("x"))).result())
        .isEqualTo(AccessResult.TYPE_UNMATCHED);
    invokes(register, 1, ZERO);
    assertThat(number(register, 2)).isEqualTo(7);
    Register counter = new Register(ENERGY, () -> dlu(1), 0, Unit.WATT_HOUR);
    assertThat(counter.invoke(1, Optional.of(ZERO)).result())
        .isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(counter.identity()).isEqualTo(new Identity(3, 0, ENERGY, 3, 1));
  }

  @Test
  void extendedRegisterKnowsWhenItWasCaptured() {
    ExtendedRegister register =
        new ExtendedRegister(DEMAND, dlu(0), new DlmsData.Unsigned8(0), WATTS, bench.clock);
    assertThat(register.identity()).isEqualTo(new Identity(4, 0, DEMAND, 5, 1));
    assertThat(hex(register, 5)).isEqualTo("090CFFFFFFFFFFFFFFFFFF8000FF");
    register.record(dlu(900), new DlmsData.Unsigned8(4), bench.instant());
    assertThat(number(register, 2)).isEqualTo(900);
    assertThat(number(register, 4)).isEqualTo(4);
    // octet-string of 12: 2026-03-01, Sunday, 11:00:00.00, deviation -60, status 0
    assertThat(hex(register, 5)).isEqualTo("090C07EA0301070B000000FFC400");
    bench.at("2026-03-01T10:05:00Z");
    invokes(register, 1, ZERO);
    assertThat(number(register, 2)).isZero();
    assertThat(number(register, 4)).isZero();
    assertThat(get(register, 5)).isEqualTo(time("2026-03-01T10:05:00Z"));
  }

  private final AtomicLong energy = new AtomicLong();
  private final List<String> ended = new ArrayList<>();

  private DemandRegister demand(int periods) {
    return new DemandRegister(
        DEMAND,
        energy::get,
        3_600,
        WATTS,
        bench.clock,
        900,
        periods,
        (average, at) -> ended.add(at + " " + average));
  }

  @Test
  void blockDemand() {
    DemandRegister demand = demand(1);
    Clockwork clockwork = new Clockwork(bench.clock, List.of(demand), Duration.ofDays(1));
    assertThat(demand.identity()).isEqualTo(new Identity(5, 0, DEMAND, 9, 2));
    energy.addAndGet(125); // Wh
    bench.at("2026-03-01T10:07:30Z");
    clockwork.run();
    // divided by the whole period, though half of it is to come
    assertThat(number(demand, 2)).isEqualTo(500);
    assertThat(number(demand, 3)).isZero();
    energy.addAndGet(125);
    bench.at("2026-03-01T10:15:00Z");
    clockwork.run();
    assertThat(hex(demand, 2)).isEqualTo("0600000000");
    assertThat(hex(demand, 3)).isEqualTo("06000003E8");
    assertThat(hex(demand, 4)).isEqualTo("02020F00161B");
    assertThat(get(demand, 6)).isEqualTo(time("2026-03-01T10:15:00Z"));
    assertThat(get(demand, 7)).isEqualTo(time("2026-03-01T10:15:00Z"));
    assertThat(hex(demand, 8)).isEqualTo("0600000384");
    assertThat(hex(demand, 9)).isEqualTo("120001");
    assertThat(ended).containsExactly("2026-03-01T10:15:00Z 1000");
  }

  @Test
  void slidingDemand() {
    DemandRegister demand = demand(3);
    Clockwork clockwork = new Clockwork(bench.clock, List.of(demand), Duration.ofDays(1));
    int[] added = {300, 600, 900, 1_200};
    Instant start = bench.instant();
    List<Long> last = new ArrayList<>();
    for (int i = 0; i < added.length; i++) {
      energy.addAndGet(added[i]);
      bench.at(start.plusSeconds(900L * (i + 1)).toString());
      clockwork.run();
      last.add(number(demand, 3));
    }
    // Wh in three quarters times 3600 s / 2700 s: windows of 300, 900, 1800, 2700 Wh
    assertThat(last).containsExactly(400L, 1_200L, 2_400L, 3_600L);
    // the window that is open began two periods ago and holds 900 + 1200 Wh
    assertThat(get(demand, 7)).isEqualTo(time("2026-03-01T10:30:00Z"));
    assertThat(number(demand, 2)).isEqualTo(2_800);
  }

  @Test
  void demandMethods() {
    DemandRegister demand = demand(1);
    energy.addAndGet(250);
    bench.at("2026-03-01T10:05:00Z");
    invokes(demand, 2, ZERO);
    assertThat(number(demand, 3)).isEqualTo(1_000);
    assertThat(get(demand, 6)).isEqualTo(time("2026-03-01T10:05:00Z"));
    bench.at("2026-03-01T10:06:00Z");
    energy.addAndGet(1);
    invokes(demand, 1, ZERO);
    assertThat(number(demand, 2)).isZero();
    assertThat(number(demand, 3)).isZero();
    assertThat(get(demand, 6)).isEqualTo(time("2026-03-01T10:06:00Z"));
    assertThat(get(demand, 7)).isEqualTo(time("2026-03-01T10:06:00Z"));
    accepts(demand, 8, dlu(600));
    accepts(demand, 9, lu(2));
    refuses(demand, 8, dlu(0), AccessResult.OTHER_REASON);
    refuses(demand, 9, lu(0), AccessResult.OTHER_REASON);
    refuses(demand, 8, lu(600), AccessResult.TYPE_UNMATCHED);
    refuses(demand, 2, dlu(0), AccessResult.READ_WRITE_DENIED);
  }

  @Test
  void masksSwitchRegisters() {
    ObisCode first = ObisCode.parse("1.0.1.8.1.255");
    ObisCode second = ObisCode.parse("1.0.1.8.2.255");
    RegisterActivation activation =
        new RegisterActivation(
            ObisCode.parse("0.0.14.0.0.255"), List.of(), List.of(), DlmsData.OctetString.of());
    List<String> told = new ArrayList<>();
    activation.watch(
        () -> told.add(activation.isActive(3, first) + " " + activation.isActive(3, second)));
    DlmsData one = DlmsData.Structure.of(lu(3), DlmsData.OctetString.of(first));
    DlmsData two = DlmsData.Structure.of(lu(3), DlmsData.OctetString.of(second));
    assertThat(activation.isActive(3, first)).as("not assigned").isTrue();
    invokes(activation, 1, one);
    invokes(activation, 1, two);
    assertThat(activation.invoke(1, Optional.of(two)).result())
        .isEqualTo(AccessResult.OTHER_REASON);
    assertThat(hex(activation, 2))
        .isEqualTo(
            "0102"
                + "0202120003"
                + "090601000108"
                + "01FF"
                + "0202120003"
                + "090601000108"
                + "02FF");
    invokes(activation, 2, mask("T1", 1));
    invokes(activation, 2, mask("T2", 2));
    assertThat(hex(activation, 3))
        .isEqualTo("0102" + "02020902" + "5431" + "01011101" + "02020902" + "5432" + "01011102");
    assertThat(activation.invoke(2, Optional.of(mask("T3", 3))).result())
        .as("there is no third register")
        .isEqualTo(AccessResult.OTHER_REASON);
    told.clear();
    accepts(activation, 4, text("T1"));
    accepts(activation, 4, text("T2"));
    refuses(activation, 4, text("T3"), AccessResult.OTHER_REASON);
    invokes(activation, 2, mask("T2", 1, 2)); // replaces
    invokes(activation, 3, text("T2"));
    assertThat(told).containsExactly("true false", "false true", "true true", "false false");
    assertThat(activation.invoke(3, Optional.of(text("T2"))).result())
        .isEqualTo(AccessResult.OTHER_REASON);
    refuses(activation, 2, DlmsData.Array.of(one, one), AccessResult.OTHER_REASON);
    refuses(activation, 2, DlmsData.Array.of(lu(1)), AccessResult.TYPE_UNMATCHED);
    accepts(activation, 2, DlmsData.Array.of(two));
    accepts(activation, 3, DlmsData.Array.of(mask("N", 1)));
    refuses(activation, 3, DlmsData.Array.of(mask("N", 1), mask("N")), AccessResult.OTHER_REASON);
    accepts(activation, 4, DlmsData.OctetString.of());
    assertThat(activation.identity().classId()).isEqualTo(6);
  }

  private static DlmsData mask(String name, int... indexes) {
    List<DlmsData> list = new ArrayList<>();
    for (int index : indexes) {
      list.add(new DlmsData.Unsigned8(index));
    }
    return DlmsData.Structure.of(text(name), DlmsData.Array.of(list));
  }

  @Test
  void tariffCounterCountsWhileItIsOn() {
    TariffCounter counter = new TariffCounter(energy::get, 100, false);
    energy.addAndGet(5);
    assertThat(counter.get()).isEqualTo(dlu(100));
    counter.on(true);
    energy.addAndGet(7);
    assertThat(counter.get()).isEqualTo(dlu(107));
    counter.on(true);
    counter.on(false);
    energy.addAndGet(11);
    assertThat(counter.get()).isEqualTo(dlu(107));
    assertThat(octets("01")).isEqualTo(DlmsData.OctetString.of((byte) 1));
  }
}

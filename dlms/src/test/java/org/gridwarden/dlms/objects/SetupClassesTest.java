package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The setup classes: defaults, types, ranges and methods. */
class SetupClassesTest {
  private static final ObisCode NAME = ObisCode.parse("0.0.25.0.0.255");
  private static final ObisCode BELOW = ObisCode.parse("0.0.25.1.0.255");

  private static DlmsData u8(int n) {
    return new DlmsData.Unsigned8(n);
  }

  private static DlmsData u16(int n) {
    return new DlmsData.LongUnsigned(n);
  }

  private static DlmsData u32(long n) {
    return new DlmsData.DoubleLongUnsigned(n);
  }

  private static DlmsData word(int n) {
    return new DlmsData.Enumerated(n);
  }

  private static void taken(CosemObject object, int attribute, DlmsData value) {
    assertThat(Ask.set(object, attribute, value)).as("%s", value).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.get(object, attribute)).isEqualTo(value);
  }

  private static void out(CosemObject object, int attribute, DlmsData value) {
    Ask.refused(object, attribute, value, AttributeType.OUT_OF_RANGE);
  }

  static List<CosemObject> all() {
    return SampleObjects.all();
  }

  /** Class, version, attributes, methods. */
  private static final Map<String, List<Integer>> CLASSES =
      Map.ofEntries(
          Map.entry("SapAssignment", List.of(17, 0, 2, 1)),
          Map.entry("ImageTransfer", List.of(18, 0, 7, 4)),
          Map.entry("TcpUdpSetup", List.of(41, 0, 6, 0)),
          Map.entry("Ipv4Setup", List.of(42, 0, 10, 3)),
          Map.entry("Ipv6Setup", List.of(48, 0, 10, 2)),
          Map.entry("MacAddressSetup", List.of(43, 0, 2, 0)),
          Map.entry("PppSetup", List.of(44, 0, 5, 0)),
          Map.entry("GprsModemSetup", List.of(45, 0, 4, 0)),
          Map.entry("GsmDiagnostic", List.of(47, 2, 8, 0)),
          Map.entry("LteMonitoring", List.of(151, 1, 3, 0)),
          Map.entry("ModemConfiguration", List.of(27, 1, 4, 0)),
          Map.entry("AutoAnswer", List.of(28, 2, 7, 0)),
          Map.entry("AutoConnect", List.of(29, 2, 6, 1)),
          Map.entry("HdlcSetup", List.of(23, 1, 9, 0)),
          Map.entry("LocalPortSetup", List.of(19, 1, 9, 0)),
          Map.entry("MBusClient", List.of(72, 1, 14, 8)),
          Map.entry("MBusMasterPort", List.of(74, 0, 2, 0)),
          Map.entry("UtilityTable", List.of(26, 0, 4, 0)),
          Map.entry("RegisterTable", List.of(61, 0, 4, 2)),
          Map.entry("StatusMapping", List.of(63, 0, 3, 0)),
          Map.entry("ParameterMonitor", List.of(65, 1, 8, 2)),
          Map.entry("Account", List.of(111, 0, 19, 3)),
          Map.entry("Credit", List.of(112, 0, 11, 3)),
          Map.entry("Charge", List.of(113, 0, 13, 5)),
          Map.entry("TokenGateway", List.of(115, 0, 6, 1)),
          Map.entry("AssociationLn", List.of(15, 3, 11, 6)),
          Map.entry("AssociationSn", List.of(12, 4, 6, 10)));

  @ParameterizedTest
  @MethodSource("all")
  void everyClassHasItsNumbersAndAnswersForEachAttribute(CosemObject object) {
    CosemObject.Identity id = object.identity();
    if (!(object instanceof LteMonitoring && id.version() == 0)) {
      assertThat(CLASSES.get(object.getClass().getSimpleName()))
          .isEqualTo(List.of(id.classId(), id.version(), id.attributes(), id.methods()));
    }
    for (int a = 2; a <= id.attributes(); a++) {
      if (!(object instanceof AssociationLn && a == 7)) {
        Ask.get(object, a); // over the wire and back
      }
      // no attribute of any class is a float
      assertThat(Ask.set(object, a, new DlmsData.Float64(1)))
          .isIn(AccessResult.TYPE_UNMATCHED, AccessResult.READ_WRITE_DENIED);
    }
    assertThat(object.get(id.attributes() + 1, Optional.empty()))
        .isEqualTo(new Outcome.Refused(AccessResult.OBJECT_UNDEFINED));
    for (int m = 1; m <= id.methods(); m++) {
      assertThat(Ask.invoke(object, m, new DlmsData.Float64(1)))
          .isIn(AccessResult.TYPE_UNMATCHED, AccessResult.OBJECT_UNDEFINED);
    }
  }

  @Test
  void tcpUdp() {
    TcpUdpSetup setup = new TcpUdpSetup(NAME, TcpUdpSetup.DLMS_PORT, BELOW);
    assertThat(Ask.get(setup, 2)).isEqualTo(u16(4059));
    assertThat(Ask.get(setup, 3)).isEqualTo(DlmsData.OctetString.of(BELOW));
    assertThat(Ask.get(setup, 4)).isEqualTo(u16(576));
    assertThat(Ask.get(setup, 5)).isEqualTo(u8(1));
    assertThat(Ask.get(setup, 6)).isEqualTo(u16(180));
    taken(setup, 2, u16(8000));
    taken(setup, 4, u16(40));
    taken(setup, 5, u8(255));
    out(setup, 4, u16(39));
    out(setup, 5, u8(0));
    out(setup, 3, Ask.octets(1, 2, 3));
    Ask.refused(setup, 2, u8(1), AccessResult.TYPE_UNMATCHED);
    assertThat(setup.port()).isEqualTo(8000);
    assertThat(setup.maximumSegment()).isEqualTo(40);
    assertThat(setup.connections()).isEqualTo(255);
    assertThat(setup.inactivitySeconds()).isEqualTo(180);
  }

  @Test
  void ipv4() {
    Ipv4Setup setup = new Ipv4Setup(BELOW, NAME, 0xC000_0201L, true);
    assertThat(Ask.get(setup, 3)).isEqualTo(u32(0xC000_0201L));
    assertThat(Ask.get(setup, 8)).isEqualTo(new DlmsData.Bool(true));
    taken(setup, 5, DlmsData.Array.of(Ask.structure(u8(0x83), u8(6), Ask.octets(1, 2, 3, 4))));
    Ask.refused(setup, 5, DlmsData.Array.of(u8(1)), AccessResult.TYPE_UNMATCHED);
    assertThat(Ask.invoke(setup, 1, u32(0xE000_0001L))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(setup, 1, u32(0xE000_0001L))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.returned(setup, 3, Ask.ZERO)).isEqualTo(u16(1));
    assertThat(Ask.invoke(setup, 2, u32(0xE000_0002L))).isEqualTo(AccessResult.OBJECT_UNDEFINED);
    assertThat(Ask.invoke(setup, 2, u32(0xE000_0001L))).isEqualTo(AccessResult.SUCCESS);
    for (int i = 0; i < Internet.MOST_ADDRESSES; i++) {
      assertThat(Ask.invoke(setup, 1, u32(i))).isEqualTo(AccessResult.SUCCESS);
    }
    assertThat(Ask.invoke(setup, 1, u32(99))).isEqualTo(AttributeType.OUT_OF_RANGE);
    setup.address(7);
    assertThat(setup.address()).isEqualTo(7);
  }

  @Test
  void ipv6() {
    Ipv6Setup setup = new Ipv6Setup(NAME, BELOW);
    DlmsData address = DlmsData.OctetString.of(new byte[16]);
    DlmsData unicast = Ask.structure(word(0), address);
    assertThat(Ask.invoke(setup, 1, unicast)).isEqualTo(AccessResult.READ_WRITE_DENIED);
    taken(setup, 3, word(2)); // manual
    assertThat(Ask.invoke(setup, 1, unicast)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.list(setup, 4).elements()).containsExactly(address);
    assertThat(Ask.invoke(setup, 1, Ask.structure(word(2), address)))
        .isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.list(setup, 6).size()).isEqualTo(1);
    assertThat(Ask.invoke(setup, 2, unicast)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(setup, 2, unicast)).isEqualTo(AccessResult.OBJECT_UNDEFINED);
    assertThat(Ask.invoke(setup, 1, Ask.structure(word(3), address)))
        .isEqualTo(AttributeType.OUT_OF_RANGE);
    out(setup, 3, word(4));
    out(setup, 7, Ask.octets(1));
    taken(setup, 7, address);
    taken(setup, 9, u8(63));
    out(setup, 9, u8(64));
    taken(setup, 10, DlmsData.Array.of(Ask.structure(u8(3), u16(10_000), u32(0))));
  }

  @Test
  void macAddress() {
    MacAddressSetup setup = new MacAddressSetup(NAME, new byte[] {2, 0, 0, 0, 0, 1});
    taken(setup, 2, DlmsData.OctetString.of(new byte[8]));
    out(setup, 2, DlmsData.OctetString.of(new byte[7]));
    assertThat(setup.address()).hasSize(8);
    assertThatIllegalArgumentException().isThrownBy(() -> new MacAddressSetup(NAME, new byte[5]));
  }

  @Test
  void pppKeepsItsPasswordToItself() {
    PppSetup setup = new PppSetup(NAME, BELOW);
    DlmsData pap = Ask.structure(Ask.octets('u'), Ask.octets('p', 'w'));
    assertThat(Ask.set(setup, 5, pap)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.get(setup, 5)).isEqualTo(Ask.structure(Ask.octets('u'), Ask.octets()));
    assertThat(setup.authentication()).isEqualTo(pap);
    taken(setup, 5, Ask.structure(Ask.octets('u'), u8(5))); // CHAP with MD5
    taken(setup, 5, DlmsData.NullData.of());
    taken(
        setup,
        3,
        DlmsData.Array.of(
            Ask.structure(u8(1), u8(4), u16(1500)),
            Ask.structure(u8(5), u8(6), u32(77)),
            Ask.structure(u8(7), u8(2), new DlmsData.Bool(true))));
    taken(setup, 4, DlmsData.Array.of(Ask.structure(u8(3), u8(6), u32(0))));
    Ask.refused(setup, 5, Ask.structure(u8(1), u8(2)), AccessResult.TYPE_UNMATCHED);
  }

  @Test
  void modems() {
    GprsModemSetup gprs = new GprsModemSetup(NAME, "meters.example", 1234);
    assertThat(gprs.accessPoint()).isEqualTo("meters.example");
    assertThat(Ask.get(gprs, 3)).isEqualTo(u16(1234));
    out(gprs, 2, DlmsData.OctetString.of(new byte[101]));

    ModemConfiguration modem = new ModemConfiguration(NAME);
    assertThat(modem.baud()).isEqualTo(9600);
    taken(modem, 2, word(9));
    assertThat(modem.baud()).isEqualTo(115_200);
    out(modem, 2, word(10));
    taken(modem, 3, DlmsData.Array.of(Ask.structure(Ask.octets('A'), Ask.octets(), u16(100))));

    AutoAnswer answer = new AutoAnswer(NAME);
    DlmsData time = DlmsData.OctetString.of(CosemDateTime.UNSPECIFIED);
    taken(answer, 2, word(200));
    out(answer, 2, word(3));
    taken(answer, 3, DlmsData.Array.of(Ask.structure(time, time)));
    out(answer, 3, DlmsData.Array.of(Ask.structure(time, Ask.octets(1))));
    Ask.refused(answer, 4, word(1), AccessResult.READ_WRITE_DENIED);
    answer.status(AutoAnswer.Status.LOCKED);
    assertThat(Ask.get(answer, 4)).isEqualTo(word(2));
    taken(answer, 7, DlmsData.Array.of(Ask.structure(Ask.octets('+'), word(1))));

    boolean[] free = {true};
    AutoConnect connect = new AutoConnect(NAME, _ -> free[0]);
    assertThat(Ask.invoke(connect, 1, Ask.ZERO)).isEqualTo(AccessResult.OBJECT_UNAVAILABLE);
    taken(connect, 6, DlmsData.Array.of(Ask.octets('1')));
    assertThat(Ask.invoke(connect, 1, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(connect.invoke(1, Optional.empty()).result()).isEqualTo(AccessResult.SUCCESS);
    free[0] = false;
    assertThat(Ask.invoke(connect, 1, Ask.ZERO)).isEqualTo(AccessResult.TEMPORARY_FAILURE);
    taken(connect, 2, word(104));
    out(connect, 2, word(100));
  }

  @Test
  void whatTheModemSays() {
    GsmDiagnostic gsm = new GsmDiagnostic(NAME, () -> SampleObjects.GSM);
    assertThat(Ask.get(gsm, 2)).isEqualTo(new DlmsData.VisibleString("YourNetOp"));
    assertThat(Ask.get(gsm, 3)).isEqualTo(word(1));
    assertThat(Ask.get(gsm, 4)).isEqualTo(word(0));
    assertThat(Ask.get(gsm, 5)).isEqualTo(word(5));
    assertThat(Ask.get(gsm, 6))
        .isEqualTo(
            Ask.structure(u32(0x0102_0304L), u16(7), u8(21), u8(99), u16(240), u16(1), u32(6300)));
    assertThat(Ask.get(gsm, 7)).isEqualTo(DlmsData.Array.of(Ask.structure(u32(9), u8(12))));
    assertThat(Ask.get(gsm, 8)).isInstanceOf(DlmsData.DateTime.class);

    LteMonitoring old = LteMonitoring.version0(NAME, () -> SampleObjects.LTE);
    assertThat(old.identity()).isEqualTo(new CosemObject.Identity(151, 0, NAME, 2, 0));
    assertThat(Ask.get(old, 2))
        .isEqualTo(Ask.structure(u16(720), u16(3240), u8(20), u8(55), new DlmsData.Integer8(-64)));
    LteMonitoring lte = LteMonitoring.version1(NAME, () -> SampleObjects.LTE);
    assertThat(((DlmsData.Structure) Ask.get(lte, 2)).size()).isEqualTo(9);
    assertThat(Ask.get(lte, 3))
        .isEqualTo(
            Ask.structure(
                new DlmsData.Integer8(20),
                new DlmsData.Integer8(55),
                new DlmsData.Integer8(-3),
                word(1)));
  }

  @Test
  void hdlc() {
    HdlcSetup setup = new HdlcSetup(NAME, 0x11);
    assertThat(setup.baud()).isEqualTo(9600);
    assertThat(setup.windowTransmit()).isEqualTo(1);
    assertThat(setup.windowReceive()).isEqualTo(1);
    assertThat(setup.lengthTransmit()).isEqualTo(128);
    assertThat(setup.lengthReceive()).isEqualTo(128);
    assertThat(setup.interOctetMilliseconds()).isEqualTo(25);
    assertThat(setup.inactivitySeconds()).isEqualTo(120);
    assertThat(setup.address()).isEqualTo(0x11);
    for (int window : new int[] {3, 4}) {
      taken(setup, window, u8(7));
      out(setup, window, u8(8));
      out(setup, window, u8(0));
    }
    for (int length : new int[] {5, 6}) {
      taken(setup, length, u16(2030));
      out(setup, length, u16(31));
      out(setup, length, u16(2031));
    }
    taken(setup, 7, u16(20));
    out(setup, 7, u16(19));
    out(setup, 7, u16(6001));
    taken(setup, 9, u16(0x3FFD));
    out(setup, 9, u16(0x3FFE));
    out(setup, 9, u16(0xF));
  }

  @Test
  void localPortKeepsItsPasswordsToItself() {
    LocalPortSetup setup = new LocalPortSetup(NAME, new byte[] {'7'});
    assertThat(setup.openingBaud()).isEqualTo(300);
    assertThat(setup.proposedBaud()).isEqualTo(9600);
    assertThat(setup.address()).containsExactly('7');
    for (int i = 7; i <= 9; i++) {
      assertThat(Ask.set(setup, i, Ask.octets('s', i))).isEqualTo(AccessResult.SUCCESS);
      assertThat(Ask.get(setup, i)).isEqualTo(Ask.octets());
      out(setup, i, DlmsData.OctetString.of(new byte[33]));
    }
    assertThat(setup.password(LocalPortSetup.Level.P1)).containsExactly('s', 7);
    assertThat(setup.password(LocalPortSetup.Level.P2)).containsExactly('s', 8);
    assertThat(setup.password(LocalPortSetup.Level.W5)).containsExactly('s', 9);
    out(setup, 2, word(3));
    out(setup, 5, word(2));
    assertThat(new MBusMasterPort(NAME).baud()).isEqualTo(2400);
  }

  @Test
  void sapAssignment() {
    SapAssignment setup = new SapAssignment(NAME, Map.of(1, "A", 2, "B"));
    assertThat(Ask.invoke(setup, 1, Ask.structure(u16(2), Ask.octets('A'))))
        .isEqualTo(AccessResult.OBJECT_UNAVAILABLE);
    assertThat(Ask.invoke(setup, 1, Ask.structure(u16(3), Ask.octets('A'))))
        .isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.list(setup, 2).elements())
        .containsExactlyInAnyOrder(
            Ask.structure(u16(3), Ask.octets('A')), Ask.structure(u16(2), Ask.octets('B')));
    assertThat(Ask.invoke(setup, 1, Ask.structure(u16(0), Ask.octets('A'))))
        .isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(setup, 1, Ask.structure(u16(0), Ask.octets('B'))))
        .isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(setup, 1, Ask.structure(u16(4), Ask.octets('C'))))
        .isEqualTo(AccessResult.OBJECT_UNDEFINED);
    assertThat(Ask.invoke(setup, 1, Ask.structure(u16(0x4000), Ask.octets('A'))))
        .isEqualTo(AttributeType.OUT_OF_RANGE);
  }

  @Test
  void tables() {
    UtilityTable table = new UtilityTable(NAME, 11, () -> new byte[] {1, 2, 3, 4, 5});
    assertThat(Ask.get(table, 2)).isEqualTo(u16(11));
    assertThat(Ask.get(table, 3)).isEqualTo(u32(5));
    assertThat(Ask.get(table, 4)).isEqualTo(Ask.octets(1, 2, 3, 4, 5));
    assertThat(part(table, 1, Ask.structure(u32(1), u16(3))))
        .isEqualTo(new Outcome.Value(Ask.octets(2, 3, 4)));
    assertThat(part(table, 1, Ask.structure(u32(5), u16(0))))
        .isEqualTo(new Outcome.Value(Ask.octets()));
    assertThat(part(table, 1, Ask.structure(u32(0xFFFF_FFFFL), u16(0xFFFF))))
        .isEqualTo(new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED));
    assertThat(part(table, 1, u8(1))).isEqualTo(new Outcome.Refused(AccessResult.TYPE_UNMATCHED));
    assertThat(part(table, 2, u8(1)))
        .isEqualTo(new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED));

    StatusMapping mapping =
        StatusMapping.each(NAME, () -> u8(0xA5), 3, List.of(8, 1, 9, 2, 7, 3, 6, 4));
    assertThat(Ask.get(mapping, 2)).isEqualTo(u8(0xA5));
    DlmsData.Structure row = (DlmsData.Structure) Ask.get(mapping, 3);
    assertThat(row.get(0)).isEqualTo(u8(3));
    assertThat(((DlmsData.Array) row.get(1)).get(2)).isEqualTo(u16(9));
    assertThat(Ask.get(StatusMapping.inRow(NAME, () -> u8(1), 3, 16), 3))
        .isEqualTo(Ask.structure(u8(3), u16(16)));
  }

  private static Outcome part(CosemObject table, int selector, DlmsData parameters) {
    return table.get(4, Optional.of(new Selection(selector, parameters)));
  }

  @Test
  void registerTable() {
    CosemObject table =
        all().stream().filter(o -> o instanceof RegisterTable).findFirst().orElseThrow();
    assertThat(Ask.list(table, 2).elements())
        .containsExactly(DlmsData.NullData.of(), DlmsData.NullData.of());
    assertThat(Ask.invoke(table, 2, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.list(table, 2).elements()).containsExactly(u16(2301), u16(12));
    assertThat(Ask.get(table, 3))
        .isEqualTo(
            Ask.structure(
                u16(3),
                DlmsData.OctetString.of(ObisCode.parse("1.0.32.7.0.255")),
                DlmsData.Array.of(u8(1), u8(2)),
                new DlmsData.Integer8(2)));
    assertThat(Ask.get(table, 4)).isEqualTo(Ask.structure(new DlmsData.Integer8(-1), word(35)));
    assertThat(Ask.invoke(table, 1, Ask.ZERO)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.list(table, 2).get(0)).isEqualTo(DlmsData.NullData.of());
  }

  @Test
  void parameterMonitor() {
    AttributeRef port = new AttributeRef(41, NAME, 2);
    DlmsData reference =
        Ask.structure(u16(41), DlmsData.OctetString.of(NAME), new DlmsData.Integer8(2));
    ParameterMonitor monitor = new ParameterMonitor(BELOW, "net", _ -> u16(4059));
    monitor.changed(port, u16(1), CosemDateTime.UNSPECIFIED);
    assertThat(((DlmsData.Structure) Ask.get(monitor, 2)).get(0)).isEqualTo(u16(0));
    DlmsData before = Ask.get(monitor, 7);
    assertThat(((DlmsData.OctetString) before).length()).isEqualTo(32);
    assertThat(Ask.invoke(monitor, 1, reference)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.list(monitor, 4).elements()).containsExactly(reference);
    assertThat(Ask.list(monitor, 8).elements()).containsExactly(u16(4059));
    assertThat(Ask.get(monitor, 7)).isNotEqualTo(before);
    monitor.changed(port, u16(1), CosemDateTime.UNSPECIFIED);
    assertThat(Ask.get(monitor, 2))
        .isEqualTo(
            Ask.structure(
                u16(41), DlmsData.OctetString.of(NAME), new DlmsData.Integer8(2), u16(1)));
    taken(monitor, 6, word(3));
    assertThat(((DlmsData.OctetString) Ask.get(monitor, 7)).length()).isEqualTo(64);
    assertThat(Ask.invoke(monitor, 2, reference)).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(monitor, 2, reference)).isEqualTo(AccessResult.OBJECT_UNDEFINED);
    assertThat(monitor.watch(port)).isEqualTo(AccessResult.SUCCESS);
  }
}

package org.gridwarden.dlms.objects;

import java.security.KeyPair;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/** One object of each class, for tests that ask all of them the same. */
final class SampleObjects {
  static final KeyPair MAKER = ImageTransferTest.keys("secp256r1");
  static final GsmDiagnostic.State GSM =
      new GsmDiagnostic.State(
          "YourNetOp",
          GsmDiagnostic.Registration.HOME,
          GsmDiagnostic.CircuitSwitched.INACTIVE,
          GsmDiagnostic.PacketSwitched.LTE,
          new GsmDiagnostic.Cell(0x0102_0304L, 7, 21, 99, 240, 1, 6300),
          List.of(new GsmDiagnostic.Neighbour(9, 12)),
          CosemDateTime.of(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC));
  static final LteMonitoring.State LTE =
      new LteMonitoring.State(
          new LteMonitoring.Network(720, 3240, 86_400, 5, 2048, 12, -64, -70, -72),
          new LteMonitoring.Reception(20, 55, -3, 1));

  private SampleObjects() {}

  private static ObisCode name(String text) {
    return ObisCode.parse(text);
  }

  /** All, anew: with what lies behind them answering at once. */
  static List<CosemObject> all() {
    ObisCode below = name("0.0.25.1.0.255");
    List<CosemObject> all = new ArrayList<>();
    all.add(new SapAssignment(name("0.0.41.0.0.255"), Map.of(1, "GWD0000001", 2, "GWD0000002")));
    all.add(
        new ImageTransfer(
            name("0.0.44.0.0.255"), 64, 4096, MAKER.getPublic(), new ImageTransferTest.Device()));
    all.add(new TcpUdpSetup(name("0.0.25.0.0.255"), TcpUdpSetup.DLMS_PORT, below));
    all.add(new Ipv4Setup(below, name("0.0.25.2.0.255"), 0xC000_0201L, false));
    all.add(new Ipv6Setup(name("0.0.25.7.0.255"), name("0.0.25.2.0.255")));
    all.add(new MacAddressSetup(name("0.0.25.2.0.255"), new byte[] {2, 0, 0, 0, 0, 1}));
    all.add(new PppSetup(name("0.0.25.3.0.255"), name("0.0.2.0.0.255")));
    all.add(new GprsModemSetup(name("0.0.25.4.0.255"), "meters.example", 1234));
    all.add(new GsmDiagnostic(name("0.0.25.6.0.255"), () -> GSM));
    all.add(LteMonitoring.version0(name("0.0.25.11.0.255"), () -> LTE));
    all.add(LteMonitoring.version1(name("0.0.25.11.1.255"), () -> LTE));
    all.add(new ModemConfiguration(name("0.0.2.0.0.255")));
    all.add(new AutoAnswer(name("0.0.2.2.0.255")));
    all.add(new AutoConnect(name("0.0.2.1.0.255"), _ -> true));
    all.add(new HdlcSetup(name("0.0.22.0.0.255"), 0x11));
    all.add(new LocalPortSetup(name("0.0.20.0.0.255"), new byte[] {'1'}));
    all.add(new MBusClient(name("0.1.24.1.0.255"), name("0.0.24.6.0.255"), new Slave()));
    all.add(new MBusMasterPort(name("0.0.24.6.0.255")));
    all.add(new UtilityTable(name("0.0.65.1.0.255"), 1, () -> new byte[] {1, 2, 3, 4, 5}));
    all.add(
        new RegisterTable(
            name("1.0.32.7.126.255"),
            new RegisterTable.Cells(new AttributeRef(3, name("1.0.32.7.0.255"), 2), List.of(1, 2)),
            -1,
            Unit.VOLT,
            () -> List.of(new DlmsData.LongUnsigned(2301), new DlmsData.LongUnsigned(12))));
    all.add(
        StatusMapping.inRow(name("0.0.96.10.1.255"), () -> new DlmsData.Unsigned8(0xA5), 3, 16));
    all.add(new ParameterMonitor(name("0.0.16.2.0.255"), "tariff", _ -> new DlmsData.Unsigned8(1)));
    PaymentTest.Bench bench = new PaymentTest.Bench();
    all.add(bench.account);
    all.add(bench.token);
    all.add(bench.emergency);
    all.add(
        bench.account.credit(
            name("0.0.19.10.2.255"),
            Credit.Type.TIME_BASED,
            3,
            EnumSet.of(Credit.Option.RESETTABLE),
            10));
    all.add(bench.energy(1));
    all.add(bench.other(1, Charge.Type.TIME, 2, 3));
    all.add(bench.other(2, Charge.Type.PAYMENT, 3, 3));
    all.add(bench.gateway);
    AssociationUsers users = new AssociationUsers();
    List<CosemObject> device = List.copyOf(all);
    ObjectRights rights = new ObjectRights(device, Rights.EVERYTHING);
    all.add(
        new AssociationLn(
            AssociationLn.CURRENT,
            new AssociationTest.Control(),
            rights,
            users,
            Optional.empty(),
            Rights.EVERYTHING));
    all.add(
        new AssociationSn(
            name("0.0.40.0.1.255"),
            new AssociationTest.Control(),
            Map.of(0x2000, device.get(0), 0x2100, device.get(1), 0x2200, device.get(2)),
            rights,
            users,
            Optional.empty(),
            Rights.EVERYTHING));
    return all;
  }

  /** A device on the bus that answers always. */
  static class Slave implements MBusSlave {
    final List<String> asked = new ArrayList<>();
    boolean answers = true;

    private boolean asked(String what) {
      asked.add(what);
      return answers;
    }

    @Override
    public Optional<Identity> find(int primaryAddress) {
      return asked("find " + primaryAddress)
          ? Optional.of(new Identity(0x1234_5678L, 0x0442, 7, 3))
          : Optional.empty();
    }

    @Override
    public void forget() {
      asked("forget");
    }

    @Override
    public Optional<Header> capture(List<Definition> definitions) {
      return asked("capture " + definitions.size())
          ? Optional.of(new Header(9, 0x10, 1))
          : Optional.empty();
    }

    @Override
    public boolean resetAlarm() {
      return asked("reset alarm");
    }

    @Override
    public boolean synchronizeClock() {
      return asked("clock");
    }

    @Override
    public boolean send(List<Definition> definitions, List<DlmsData> values) {
      return asked("send " + values);
    }

    @Override
    public boolean transferKey(byte[] wrapped) {
      return asked("transfer " + wrapped.length);
    }

    @Override
    public void useKey(byte[] key) {
      asked("use " + key.length);
    }
  }
}

// SPDX-License-Identifier: GPL-3.0-only
// A DLMS meter made of jDLMS: what a client meets over TCP.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.openmuc.jdlms.AttributeAccessMode;
import org.openmuc.jdlms.CosemAttribute;
import org.openmuc.jdlms.CosemClass;
import org.openmuc.jdlms.CosemInterfaceObject;
import org.openmuc.jdlms.CosemMethod;
import org.openmuc.jdlms.DlmsServer;
import org.openmuc.jdlms.LogicalDevice;
import org.openmuc.jdlms.MethodAccessMode;
import org.openmuc.jdlms.SelectiveAccessDescription;
import org.openmuc.jdlms.datatypes.DataObject;
import org.openmuc.jdlms.datatypes.DataObject.Type;
import org.openmuc.jdlms.sessionlayer.server.ServerSessionLayerFactories;

/**
 * Arguments: name=value, see Options. Prints where it listens; answers 'usage' on its standard input
 * with what it has used so far, and ends with it.
 */
public class JdlmsMeter {
  private static final byte[] CLOCK_NAME = {0, 0, 1, 0, 0, (byte) 255};
  private static final byte[] REGISTER_NAME = {1, 0, 1, 8, 0, (byte) 255};
  private static final long FIRST = 1_795_392_000L; // 2026-11-23T00:00:00Z
  private static final int QUARTER = 900;

  @CosemClass(id = 3, version = 0)
  public static class Register extends CosemInterfaceObject {
    @CosemAttribute(id = 2, type = Type.DOUBLE_LONG_UNSIGNED, accessMode = AttributeAccessMode.READ_ONLY)
    private final DataObject value = DataObject.newUInteger32Data(424_242);

    @CosemAttribute(id = 3, type = Type.STRUCTURE, accessMode = AttributeAccessMode.READ_ONLY)
    private final DataObject scaler =
        DataObject.newStructureData(DataObject.newInteger8Data((byte) -1), DataObject.newEnumerateData(30));

    public Register() {
      super("1.0.1.8.0.255");
    }
  }

  @CosemClass(id = 8, version = 0)
  public static class Clock extends CosemInterfaceObject {
    @CosemAttribute(id = 2, type = Type.OCTET_STRING, accessMode = AttributeAccessMode.READ_ONLY)
    private DataObject time;

    public Clock() {
      super("0.0.1.0.0.255");
    }

    public DataObject getTime() {
      return DataObject.newOctetStringData(bytes(Instant.now()));
    }
  }

  @CosemClass(id = 7, version = 1)
  public static class Profile extends CosemInterfaceObject {
    @CosemAttribute(
        id = 2,
        type = Type.ARRAY,
        accessMode = AttributeAccessMode.READ_ONLY,
        selector = {1, 2})
    private final DataObject buffer;

    @CosemAttribute(id = 3, type = Type.ARRAY, accessMode = AttributeAccessMode.READ_ONLY)
    private final DataObject captureObjects =
        DataObject.newArrayData(List.of(column(8, CLOCK_NAME), column(3, REGISTER_NAME)));

    private final List<DataObject> rows = new ArrayList<>();

    public Profile() {
      super("1.0.99.1.0.255");
      for (int i = 1; i <= 96; i++) {
        rows.add(
            DataObject.newStructureData(
                DataObject.newOctetStringData(bytes(Instant.ofEpochSecond(FIRST + (long) QUARTER * i))),
                DataObject.newUInteger32Data(424_000 + i)));
      }
      buffer = DataObject.newArrayData(rows);
    }

    private static DataObject column(int classId, byte[] name) {
      return DataObject.newStructureData(
          DataObject.newUInteger16Data(classId),
          DataObject.newOctetStringData(name),
          DataObject.newInteger8Data((byte) 2),
          DataObject.newUInteger16Data(0));
    }

    public DataObject getBuffer(SelectiveAccessDescription selection) {
      if (selection == null) {
        return buffer;
      }
      List<DataObject> limits = selection.getAccessParameter().getValue();
      if (selection.getAccessSelector() == 2) {
        int first = ((Number) limits.get(0).getValue()).intValue();
        int last = ((Number) limits.get(1).getValue()).intValue();
        return DataObject.newArrayData(rows.subList(first - 1, last == 0 ? rows.size() : Math.min(last, rows.size())));
      }
      long from = seconds(limits.get(1).getValue());
      long to = seconds(limits.get(2).getValue());
      List<DataObject> some = new ArrayList<>();
      for (int i = 1; i <= rows.size(); i++) {
        long at = FIRST + (long) QUARTER * i;
        if (at >= from && at <= to) {
          some.add(rows.get(i - 1));
        }
      }
      return DataObject.newArrayData(some);
    }
  }

  @CosemClass(id = 70, version = 0)
  public static class Relay extends CosemInterfaceObject {
    @CosemAttribute(id = 3, type = Type.ENUMERATE, accessMode = AttributeAccessMode.READ_ONLY)
    private DataObject state = DataObject.newEnumerateData(1);

    public Relay() {
      super("0.0.96.3.10.255");
    }

    @CosemMethod(id = 1, consumes = Type.INTEGER, accessMode = MethodAccessMode.AUTHENTICATED_ACCESS)
    public void disconnect(DataObject nothing) {
      state = DataObject.newEnumerateData(0);
    }

    @CosemMethod(id = 2, consumes = Type.INTEGER, accessMode = MethodAccessMode.AUTHENTICATED_ACCESS)
    public void reconnect(DataObject nothing) {
      state = DataObject.newEnumerateData(1);
    }
  }

  private static byte[] bytes(Instant at) {
    ZonedDateTime t = at.atZone(ZoneOffset.UTC);
    return new byte[] {
      (byte) (t.getYear() >> 8),
      (byte) t.getYear(),
      (byte) t.getMonthValue(),
      (byte) t.getDayOfMonth(),
      (byte) t.getDayOfWeek().getValue(),
      (byte) t.getHour(),
      (byte) t.getMinute(),
      (byte) t.getSecond(),
      (byte) (t.getNano() / 10_000_000),
      0,
      0,
      0
    };
  }

  /** Seconds of 1970 of a time in UTC. */
  private static long seconds(byte[] t) {
    return ZonedDateTime.of((t[0] & 0xFF) << 8 | t[1] & 0xFF, t[2], t[3], t[5], t[6], t[7], 0, ZoneOffset.UTC)
        .toEpochSecond();
  }

  public static void main(String[] args) throws Exception {
    Options options = Options.of(args);
    LogicalDevice device = new LogicalDevice(1, "JDL0000000000001", "JDL", 1);
    device.setMasterKey(new byte[16]);
    device.registerCosemObject(new Clock(), new Register(), new Profile(), new Relay());
    device.addRestriction(16, options.suite("none"));
    if (options.has("password")) {
      device.addRestriction(17, options.suite("lls"));
    }
    if (options.has("key")) {
      device.addRestriction(18, options.suite("gmac"));
    }
    int port = options.number("port", 0);
    if (port == 0) {
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
    }
    try (DlmsServer server =
        DlmsServer.tcpServerBuilder(port)
            .setMaxClients(options.number("max-clients", 200))
            .setInactivityTimeout(60_000)
            .setSessionLayerFactory(
                options.text("link", "wrapper").equals("hdlc")
                    ? ServerSessionLayerFactories.newHdlcSessionLayerFactory()
                    : ServerSessionLayerFactories.newWrapperSessionLayerFactory())
            .registerLogicalDevice(device)
            .build()) {
      System.out.println("listening on 127.0.0.1:" + port);
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
      while (in.readLine() instanceof String line) {
        if (line.equals("usage")) {
          System.out.println(Usage.line());
        }
      }
    }
    System.exit(0);
  }
}

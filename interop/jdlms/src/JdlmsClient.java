// SPDX-License-Identifier: GPL-3.0-only
// A DLMS client made of jDLMS. Meets a meter over TCP alone.

import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.openmuc.jdlms.AttributeAddress;
import org.openmuc.jdlms.DlmsConnection;
import org.openmuc.jdlms.GetResult;
import org.openmuc.jdlms.MethodParameter;
import org.openmuc.jdlms.MethodResult;
import org.openmuc.jdlms.MethodResultCode;
import org.openmuc.jdlms.SelectiveAccessDescription;
import org.openmuc.jdlms.TcpConnectionBuilder;
import org.openmuc.jdlms.datatypes.DataObject;

/**
 * Arguments: name=value, see Options; check=objects,register,… for some checks alone. Prints what
 * it checked; exit 1 where something is not as it must be.
 */
public class JdlmsClient {
  // another title for each session: a counter may begin anew
  private static final AtomicInteger SESSIONS = new AtomicInteger((int) System.nanoTime());

  static final AttributeAddress REGISTER = new AttributeAddress(3, "1.0.1.8.0.255", 2);
  static final AttributeAddress BUFFER = new AttributeAddress(7, "1.0.99.1.0.255", 2);

  private final Options options;
  private final DlmsConnection meter;

  private JdlmsClient(Options options) throws Exception {
    this.options = options;
    this.meter = open(options);
  }

  static DlmsConnection open(Options options) throws Exception {
    TcpConnectionBuilder builder =
        new TcpConnectionBuilder(InetAddress.getByName(options.text("host", "127.0.0.1")))
            .setPort(options.number("port", 4059))
            .setLogicalDeviceId(1)
            .setClientId(options.client())
            .setResponseTimeout(10_000)
            .setSystemTitle("JDL", SESSIONS.incrementAndGet() & 0xFFFF_FFFFL)
            .setSecuritySuite(options.suite(options.auth()));
    if (options.text("link", "wrapper").equals("hdlc")) {
      builder.useHdlc().setPhysicalDeviceAddress(options.number("device", 0));
    }
    return builder.build();
  }

  public static void main(String[] args) throws Exception {
    JdlmsClient peer = new JdlmsClient(Options.of(args));
    peer.run();
    peer.meter.close();
    System.out.println("all as it must be");
    System.exit(0); // the library may leave threads behind
  }

  private void run() throws Exception {
    for (String check :
        options.text("check", "objects,register,clock,profile,entries,range,relay").split(",")) {
      switch (check) {
        case "objects" -> objects();
        case "register" -> register();
        case "clock" -> clock();
        case "profile" -> profile();
        case "entries" -> entries();
        case "range" -> range();
        case "relay" -> relay();
        default -> throw new IllegalArgumentException("no check is called " + check);
      }
      System.out.println("checked " + check);
    }
  }

  private DataObject get(AttributeAddress what) throws IOException {
    GetResult result = meter.get(what);
    must(result.requestSuccessful(), "success with " + what + ", not " + result.getResultCode());
    return result.getResultData();
  }

  private void objects() throws IOException {
    List<DataObject> objects = get(new AttributeAddress(15, "0.0.40.0.0.255", 2)).getValue();
    Set<String> names = new HashSet<>();
    for (DataObject object : objects) {
      List<DataObject> parts = object.getValue();
      names.add(parts.get(0).getValue() + ":" + Arrays.toString((byte[]) parts.get(2).getValue()));
    }
    System.out.println("objects " + objects.size());
    must(names.contains("7:[1, 0, 99, 1, 0, -1]"), "the profile among the objects " + names);
  }

  private void register() throws IOException {
    Number value = get(REGISTER).getValue();
    List<DataObject> scaler = get(new AttributeAddress(3, "1.0.1.8.0.255", 3)).getValue();
    System.out.println("register " + value + " scaler " + scaler.get(0) + " unit " + scaler.get(1));
    must(value.longValue() > 0, "a register above zero");
    must(((Number) scaler.get(1).getValue()).intValue() == 30, "a register in Wh");
  }

  private void clock() throws IOException {
    byte[] time = get(new AttributeAddress(8, "0.0.1.0.0.255", 2)).getValue();
    long off = Math.abs(instant(time).toEpochMilli() - System.currentTimeMillis());
    System.out.println("clock off by " + off + " ms");
    must(off < 60_000, "a clock that is right");
  }

  private static Instant instant(byte[] t) {
    int year = (t[0] & 0xFF) << 8 | t[1] & 0xFF;
    int hundredths = (t[8] & 0xFF) == 0xFF ? 0 : t[8];
    int deviation = (short) ((t[9] & 0xFF) << 8 | t[10] & 0xFF);
    return LocalDateTime.of(year, t[2], t[3], t[5], t[6], t[7], hundredths * 10_000_000)
        .plusMinutes(deviation == Short.MIN_VALUE ? 0 : deviation)
        .toInstant(ZoneOffset.UTC);
  }

  private List<DataObject> rows(SelectiveAccessDescription selection) throws IOException {
    return get(new AttributeAddress(7, "1.0.99.1.0.255", 2, selection)).getValue();
  }

  private static byte[] time(DataObject row) {
    List<DataObject> columns = row.getValue();
    return columns.get(0).getValue();
  }

  private void profile() throws IOException {
    List<DataObject> columns = get(new AttributeAddress(7, "1.0.99.1.0.255", 3)).getValue();
    must(columns.size() == 2, "2 columns");
    List<DataObject> rows = get(BUFFER).getValue();
    System.out.println("profile rows " + rows.size());
    must(rows.size() == 96, "96 rows");
  }

  private void entries() throws IOException {
    List<DataObject> all = get(BUFFER).getValue();
    List<DataObject> some =
        rows(
            new SelectiveAccessDescription(
                2,
                DataObject.newStructureData(
                    DataObject.newUInteger32Data(2),
                    DataObject.newUInteger32Data(4),
                    DataObject.newUInteger16Data(1),
                    DataObject.newUInteger16Data(0))));
    System.out.println("entries 2 to 4: " + some.size());
    must(some.size() == 3, "3 rows by entry");
    must(Arrays.equals(time(some.get(0)), time(all.get(1))), "the second row first");
  }

  private void range() throws IOException {
    List<DataObject> all = get(BUFFER).getValue();
    List<DataObject> some =
        rows(
            new SelectiveAccessDescription(
                1,
                DataObject.newStructureData(
                    DataObject.newStructureData(
                        DataObject.newUInteger16Data(8),
                        DataObject.newOctetStringData(new byte[] {0, 0, 1, 0, 0, (byte) 255}),
                        DataObject.newInteger8Data((byte) 2),
                        DataObject.newUInteger16Data(0)),
                    DataObject.newOctetStringData(time(all.get(10))),
                    DataObject.newOctetStringData(time(all.get(19))),
                    DataObject.newArrayData(List.of()))));
    System.out.println("from the 11th row's time to the 20th's: " + some.size());
    must(some.size() == 10, "10 rows by range");
    must(Arrays.equals(time(some.get(0)), time(all.get(10))), "the 11th row first");
  }

  private MethodResultCode act(int method) throws IOException {
    MethodResult result =
        meter.action(
            new MethodParameter(
                70, "0.0.96.3.10.255", method, DataObject.newInteger8Data((byte) 0)));
    return result.getResultCode();
  }

  private int state() throws IOException {
    return ((Number) get(new AttributeAddress(70, "0.0.96.3.10.255", 3)).getValue()).intValue();
  }

  private void relay() throws IOException {
    MethodResultCode disconnect = act(1);
    if (options.auth().equals("gmac")) {
      must(disconnect == MethodResultCode.SUCCESS, "a disconnection, not " + disconnect);
      System.out.println("after disconnect " + state());
      must(state() == 0, "disconnected");
      must(act(2) == MethodResultCode.SUCCESS, "a reconnection");
      System.out.println("after reconnect " + state());
      must(state() == 1, "connected");
    } else {
      System.out.println("disconnect refused: " + disconnect);
      must(disconnect == MethodResultCode.READ_WRITE_DENIED, "a refusal");
    }
  }

  private static void must(boolean holds, String what) {
    if (!holds) {
      System.err.println("not as it must be: " + what);
      System.exit(1);
    }
  }
}

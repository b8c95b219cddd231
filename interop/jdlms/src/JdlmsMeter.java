// SPDX-License-Identifier: GPL-3.0-only
// A DLMS meter made of jDLMS: what Gridwarden's client meets over TCP.

import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.openmuc.jdlms.AttributeAccessMode;
import org.openmuc.jdlms.AuthenticationMechanism;
import org.openmuc.jdlms.CosemAttribute;
import org.openmuc.jdlms.CosemClass;
import org.openmuc.jdlms.CosemInterfaceObject;
import org.openmuc.jdlms.CosemMethod;
import org.openmuc.jdlms.DlmsServer;
import org.openmuc.jdlms.LogicalDevice;
import org.openmuc.jdlms.SecuritySuite;
import org.openmuc.jdlms.SecuritySuite.EncryptionMechanism;
import org.openmuc.jdlms.SecuritySuite.SecurityPolicy;
import org.openmuc.jdlms.datatypes.DataObject;
import org.openmuc.jdlms.datatypes.DataObject.Type;

/** Arguments: password, GUEK, GAK. Prints its port; ends with its standard input. */
public class JdlmsMeter {
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

  @CosemClass(id = 7, version = 1)
  public static class Profile extends CosemInterfaceObject {
    @CosemAttribute(id = 2, type = Type.ARRAY, accessMode = AttributeAccessMode.READ_ONLY)
    private final DataObject buffer;

    public Profile() {
      super("1.0.99.1.0.255");
      List<DataObject> rows = new ArrayList<>();
      for (int i = 1; i <= 96; i++) {
        rows.add(
            DataObject.newStructureData(
                DataObject.newOctetStringData(new byte[] {7, (byte) 0xEA, 11, 23, 1, 0, 0, 0, 0, (byte) 0x80, 0, 0}),
                DataObject.newUInteger32Data(i)));
      }
      buffer = DataObject.newArrayData(rows);
    }
  }

  @CosemClass(id = 70, version = 0)
  public static class Relay extends CosemInterfaceObject {
    @CosemAttribute(id = 3, type = Type.ENUMERATE, accessMode = AttributeAccessMode.READ_ONLY)
    private DataObject state = DataObject.newEnumerateData(1);

    public Relay() {
      super("0.0.96.3.10.255");
    }

    @CosemMethod(id = 1, consumes = Type.INTEGER)
    public void disconnect(DataObject nothing) {
      state = DataObject.newEnumerateData(0);
      System.out.println("disconnected");
    }
  }

  public static void main(String[] args) throws Exception {
    LogicalDevice device = new LogicalDevice(1, "JDL0000000000001", "JDL", 1);
    device.setMasterKey(new byte[16]);
    device.registerCosemObject(new Register(), new Profile(), new Relay());
    device.addRestriction(16, SecuritySuite.builder().build());
    device.addRestriction(
        17,
        SecuritySuite.builder()
            .setAuthenticationMechanism(AuthenticationMechanism.LOW)
            .setPassword(args[0].getBytes("US-ASCII"))
            .build());
    device.addRestriction(
        18,
        SecuritySuite.builder()
            .setAuthenticationMechanism(AuthenticationMechanism.HLS5_GMAC)
            .setEncryptionMechanism(EncryptionMechanism.AES_GCM_128)
            .setSecurityPolicy(SecurityPolicy.AUTHENTICATED_AND_ENCRYPTED)
            .setGlobalUnicastEncryptionKey(HexFormat.of().parseHex(args[1]))
            .setAuthenticationKey(HexFormat.of().parseHex(args[2]))
            .build());
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (DlmsServer server = DlmsServer.tcpServerBuilder(port).registerLogicalDevice(device).build()) {
      System.out.println("listening on 127.0.0.1:" + port);
      while (System.in.read() >= 0) {
        // until it is closed
      }
    }
    System.exit(0);
  }
}

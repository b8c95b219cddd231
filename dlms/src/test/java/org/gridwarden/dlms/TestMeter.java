package org.gridwarden.dlms;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.security.SecurityContext;

/**
 * A meter in memory with two cells that keep what is written, an object whose method returns what
 * it is given, and clients 16 (reads), 17 (everything) and 18 (everything, by GMAC, ciphered).
 */
final class TestMeter {
  static final ObisCode LEFT = ObisCode.parse("0.0.96.1.1.255");
  static final ObisCode RIGHT = ObisCode.parse("0.0.96.1.2.255");
  static final ObisCode ECHO = ObisCode.parse("0.0.19.40.0.255");
  static final AttributeRef LEFT_VALUE = new AttributeRef(1, LEFT, 2);
  static final AttributeRef RIGHT_VALUE = new AttributeRef(1, RIGHT, 2);

  /** Class 115, token gateway: enter, a method that returns something. */
  static final MethodRef ECHO_BACK = new MethodRef(115, ECHO, 1);

  private static final byte[] METER_TITLE = {'G', 'W', 'M', 0, 0, 0, 0, 1};
  private static final byte[] CLIENT_TITLE = {'G', 'W', 'C', 0, 0, 0, 0, 1};

  final Cell left = new Cell(LEFT);
  final Cell right = new Cell(RIGHT);
  final Echo echo = new Echo();
  private final DlmsKeys keys = DlmsKeys.of(new byte[16], new byte[16]);
  private final AtomicLong meterCounter = new AtomicLong();
  private final AtomicLong clientCounter = new AtomicLong();
  private final LogicalDevice device =
      new LogicalDevice(
          METER_TITLE,
          List.of(left, right, echo),
          Map.of(
              16,
              ClientAccess.open(Rights.READ_ALL),
              17,
              ClientAccess.open(Rights.EVERYTHING),
              18,
              ClientAccess.gmac(
                  () -> SecurityContext.of(METER_TITLE, keys, meterCounter::incrementAndGet),
                  Rights.EVERYTHING)));

  /** Data (class 1) that is written, too. */
  static final class Cell implements CosemObject {
    private final ObisCode name;
    private DlmsData value = new DlmsData.Unsigned8(0);

    Cell(ObisCode name) {
      this.name = name;
    }

    DlmsData value() {
      return value;
    }

    @Override
    public Identity identity() {
      return new Identity(1, 0, name, 2, 0);
    }

    @Override
    public Outcome get(int attribute, Optional<Selection> selection) {
      return new Outcome.Value(selection.isPresent() ? selection.get().parameters() : value);
    }

    @Override
    public AccessResult set(int attribute, DlmsData written) {
      value = written;
      return AccessResult.SUCCESS;
    }
  }

  /** Returns what it is given. */
  static final class Echo implements CosemObject {
    private int invocations;

    int invocations() {
      return invocations;
    }

    @Override
    public Identity identity() {
      return new Identity(115, 0, ECHO, 6, 1);
    }

    @Override
    public Outcome get(int attribute, Optional<Selection> selection) {
      return CosemObject.none();
    }

    @Override
    public Service.Invoked invoke(int method, Optional<DlmsData> parameters) {
      invocations++;
      return new Service.Invoked(AccessResult.SUCCESS, parameters.map(Outcome.Value::new));
    }
  }

  LogicalDevice device() {
    return device;
  }

  MeterAssociation association(int client) {
    return new MeterAssociation(device, client);
  }

  MemoryLink link(int client) {
    MeterAssociation association = association(client);
    return new MemoryLink(association::answer);
  }

  AssociationRequest gmac() {
    return AssociationRequest.gmac(
        SecurityContext.of(CLIENT_TITLE, keys, clientCounter::incrementAndGet));
  }

  Association open(int client, AssociationRequest request) throws Exception {
    return Association.open(link(client), request);
  }

  static Service.Selected whole(AttributeRef attribute) {
    return new Service.Selected(attribute, Optional.empty());
  }

  /** So many bytes, each other than its neighbours. */
  static DlmsData.OctetString longValue(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return DlmsData.OctetString.of(bytes);
  }

  private TestMeter() {}

  static TestMeter create() {
    return new TestMeter();
  }
}

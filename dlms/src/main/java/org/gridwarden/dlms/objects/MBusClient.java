package org.gridwarden.dlms.objects;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;

/**
 * M-Bus client (class 72, version 1, IEC 62056-6-2 clause 4.8.3): the meter as master of one device
 * on its M-Bus. Keys pass through to the bus and are neither kept nor printed here. Thread-safe:
 * methods and what they change hold the object's monitor.
 */
public final class MBusClient extends InterfaceObject {
  /** How far a key has got, numbered as encryption_key_status. */
  public enum KeyStatus {
    NO_KEY(0),
    SET(1),
    TRANSFERRED(2),
    SET_AND_TRANSFERRED(3),
    IN_USE(4);

    private final int code;

    KeyStatus(int code) {
      this.code = code;
    }
  }

  private static final int HIGHEST_ADDRESS = 250;
  private static final int LONGEST_BLOCK = 11; // a field and ten extensions, EN 13757-3
  private static final int MOST_DEFINITIONS = 32;
  private static final AttributeType BLOCK = AttributeType.octets(0, LONGEST_BLOCK);

  private final MBusSlave slave;
  private final TypedAttribute definitions;
  private final TypedAttribute address;
  private final TypedAttribute identification;
  private final TypedAttribute manufacturer;
  private final TypedAttribute version;
  private final TypedAttribute deviceType;
  private boolean installed;
  private MBusSlave.Header header = new MBusSlave.Header(0, 0, 0);
  private KeyStatus key = KeyStatus.NO_KEY;

  /**
   * @param port the M-Bus master port
   */
  public MBusClient(ObisCode logicalName, ObisCode port, MBusSlave slave) {
    super(72, 1, logicalName, 14, 8);
    this.slave = slave;
    stored(2, AttributeType.reference(), DlmsData.OctetString.of(port));
    this.definitions =
        stored(
            3,
            AttributeType.array(AttributeType.structure(BLOCK, BLOCK), MOST_DEFINITIONS),
            DlmsData.Array.of());
    stored(4, AttributeType.doubleLongUnsigned(), new DlmsData.DoubleLongUnsigned(0)); // s
    this.address = stored(5, AttributeType.unsigned(0, HIGHEST_ADDRESS), new DlmsData.Unsigned8(0));
    this.identification =
        stored(6, AttributeType.doubleLongUnsigned(), new DlmsData.DoubleLongUnsigned(0));
    this.manufacturer = stored(7, AttributeType.longUnsigned(), new DlmsData.LongUnsigned(0));
    this.version = stored(8, AttributeType.unsigned(), new DlmsData.Unsigned8(0));
    this.deviceType = stored(9, AttributeType.unsigned(), new DlmsData.Unsigned8(0));
    attribute(10, () -> new DlmsData.Unsigned8(header().accessNumber()));
    attribute(11, () -> new DlmsData.Unsigned8(header().status()));
    attribute(12, () -> new DlmsData.Unsigned8(header().alarm()));
    // the configuration field of the device's answers: the client's to say
    stored(13, AttributeType.longUnsigned(), new DlmsData.LongUnsigned(0));
    attribute(14, () -> new DlmsData.Enumerated(keyStatus().code));
    method(1, AttributeType.unsigned(0, HIGHEST_ADDRESS), this::install);
    method(2, this::deinstall);
    method(3, this::capture);
    method(4, () -> asked(slave::resetAlarm));
    method(5, () -> asked(slave::synchronizeClock));
    method(
        6,
        AttributeType.array(
            AttributeType.structure(BLOCK, BLOCK, AttributeType.simple(255)), MOST_DEFINITIONS),
        this::send);
    method(7, AttributeType.octets(0, 32), this::setKey);
    method(8, AttributeType.octets(1, 64), this::transferKey);
  }

  private synchronized MBusSlave.Header header() {
    return header;
  }

  /** How far the key has got. */
  public synchronized KeyStatus keyStatus() {
    return key;
  }

  /** 1, slave_install: with address 0 the address that attribute 5 has. */
  private synchronized AccessResult install(DlmsData data) {
    if (installed) {
      return AccessResult.READ_WRITE_DENIED;
    }
    long given = ((DlmsData.Unsigned8) data).value();
    int at = (int) (given == 0 ? address.number() : given);
    return slave
        .find(at)
        .map(found -> {
          installed = true;
          is(at, found);
          return AccessResult.SUCCESS;
        })
        .orElse(AccessResult.OBJECT_UNAVAILABLE);
  }

  /** 2, slave_deinstall: the device and its key are forgotten, definitions stay. */
  private synchronized AccessResult deinstall() {
    slave.useKey(new byte[0]);
    slave.forget();
    installed = false;
    key = KeyStatus.NO_KEY;
    header = new MBusSlave.Header(0, 0, 0);
    is(0, new MBusSlave.Identity(0, 0, 0, 0));
    return AccessResult.SUCCESS;
  }

  private void is(int at, MBusSlave.Identity device) {
    address.put(new DlmsData.Unsigned8(at));
    identification.put(new DlmsData.DoubleLongUnsigned(device.identification()));
    manufacturer.put(new DlmsData.LongUnsigned(device.manufacturer()));
    version.put(new DlmsData.Unsigned8(device.version()));
    deviceType.put(new DlmsData.Unsigned8(device.deviceType()));
  }

  /** 3, capture. */
  private synchronized AccessResult capture() {
    if (!installed) {
      return AccessResult.OBJECT_UNAVAILABLE;
    }
    return slave
        .capture(definitions(definitions.elements()))
        .map(seen -> {
          header = seen;
          if (key == KeyStatus.SET_AND_TRANSFERRED) {
            key = KeyStatus.IN_USE; // the device answered under it
          }
          return AccessResult.SUCCESS;
        })
        .orElse(AccessResult.TEMPORARY_FAILURE);
  }

  private synchronized AccessResult asked(BooleanSupplier question) {
    return !installed
        ? AccessResult.OBJECT_UNAVAILABLE
        : question.getAsBoolean() ? AccessResult.SUCCESS : AccessResult.TEMPORARY_FAILURE;
  }

  /** 6, data_send. */
  private AccessResult send(DlmsData data) {
    List<DlmsData> elements = ((DlmsData.Array) data).elements();
    List<DlmsData> values = elements.stream().map(e -> ((DlmsData.Structure) e).get(2)).toList();
    return asked(() -> slave.send(definitions(elements), values));
  }

  private static List<MBusSlave.Definition> definitions(List<DlmsData> elements) {
    return elements.stream()
        .map(e -> (DlmsData.Structure) e)
        .map(s ->
            new MBusSlave.Definition(
                (DlmsData.OctetString) s.get(0), (DlmsData.OctetString) s.get(1)))
        .toList();
  }

  /** 7, set_encryption_key: the meter's own copy; of no bytes, encryption ends. */
  private synchronized AccessResult setKey(DlmsData data) {
    byte[] given = ((DlmsData.OctetString) data).bytes();
    slave.useKey(given);
    boolean known = key == KeyStatus.TRANSFERRED || key == KeyStatus.SET_AND_TRANSFERRED;
    key =
        given.length == 0
            ? KeyStatus.NO_KEY
            : known ? KeyStatus.SET_AND_TRANSFERRED : KeyStatus.SET;
    return AccessResult.SUCCESS;
  }

  /** 8, transfer_key: to the device, wrapped by its default key. */
  private synchronized AccessResult transferKey(DlmsData data) {
    AccessResult result = asked(() -> slave.transferKey(((DlmsData.OctetString) data).bytes()));
    if (result.isSuccess()) {
      key =
          key == KeyStatus.NO_KEY || key == KeyStatus.TRANSFERRED
              ? KeyStatus.TRANSFERRED
              : KeyStatus.SET_AND_TRANSFERRED;
    }
    return result;
  }
}

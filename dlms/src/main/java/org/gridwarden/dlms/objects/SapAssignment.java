package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;

/**
 * SAP assignment (class 17, version 0, IEC 62056-6-2 clause 4.4.5): which logical device answers at
 * which service access point. Thread-safe: changes hold the object's monitor.
 */
public final class SapAssignment extends InterfaceObject {
  private static final int LONGEST_NAME = 16;
  private static final AttributeType ENTRY =
      AttributeType.structure(
          AttributeType.longUnsigned(0, 0x3FFF), AttributeType.octets(1, LONGEST_NAME));

  private final TypedAttribute list;

  /**
   * @param devices logical device names, each of 1 to 16 bytes as ASCII, by service access point, 0
   *     to 0x3FFF
   * @throws IllegalArgumentException outside these
   */
  public SapAssignment(ObisCode logicalName, Map<Integer, String> devices) {
    super(17, 0, logicalName, 2, 1);
    List<DlmsData> entries = new ArrayList<>();
    devices.forEach((sap, name) ->
        entries.add(
            DlmsData.Structure.of(
                new DlmsData.LongUnsigned(sap),
                DlmsData.OctetString.of(
                    name.getBytes(java.nio.charset.StandardCharsets.US_ASCII)))));
    this.list = new TypedAttribute(AttributeType.array(ENTRY, 64), DlmsData.Array.of(entries));
    attribute(2, list::value);
    method(1, ENTRY, this::connect);
  }

  /**
   * 1, connect_logical_device: moves a device that is there to another access point; to 0
   * disconnects it. An access point, 0 apart, has one device.
   */
  private synchronized AccessResult connect(DlmsData data) {
    DlmsData.Structure wanted = (DlmsData.Structure) data;
    boolean disconnects = ((DlmsData.LongUnsigned) wanted.get(0)).value() == 0;
    List<DlmsData> next = new ArrayList<>();
    boolean there = false;
    for (DlmsData element : list.elements()) {
      DlmsData.Structure entry = (DlmsData.Structure) element;
      boolean same = entry.get(1).equals(wanted.get(1));
      if (!same && !disconnects && entry.get(0).equals(wanted.get(0))) {
        return AccessResult.OBJECT_UNAVAILABLE;
      }
      there |= same;
      next.add(same ? wanted : entry);
    }
    return there ? list.set(DlmsData.Array.of(next)) : AccessResult.OBJECT_UNDEFINED;
  }
}

package org.gridwarden.dlms.meter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.hdlc.ApduService;

/** The logical devices behind one port or line, by number; 1 is the management one. Immutable. */
final class Devices {
  private final Map<Integer, LogicalDevice> devices;

  Devices(Map<Integer, LogicalDevice> devices) {
    this.devices = Map.copyOf(devices);
  }

  /** A new association; empty where there is no such device. */
  Optional<MeterAssociation> open(int device, int client) {
    return Optional.ofNullable(devices.get(device))
        .map(known -> new MeterAssociation(known, device, client));
  }

  /** The same for HDLC. */
  ApduService.Directory directory() {
    return (device, client) -> open(device, client).map(association -> association::answer);
  }

  /** An APDU for a client that did not ask. */
  record Told(int client, byte[] apdu) {}

  /** The associations of one connection, by who asks for which device; at most so many. */
  final class Open {
    private final Map<Long, MeterAssociation> associations = new HashMap<>();
    private final int most;

    Open(int most) {
      this.most = most;
    }

    /** What is answered; empty where there is no such device, or too many are open. */
    Optional<List<byte[]>> answer(int device, int client, byte[] apdu) {
      long key = (long) device << 16 | client;
      MeterAssociation association = associations.get(key);
      if (association == null) {
        Optional<MeterAssociation> opened =
            associations.size() < most ? open(device, client) : Optional.empty();
        if (opened.isEmpty()) {
          return Optional.empty();
        }
        association = opened.get();
        associations.put(key, association);
      }
      return Optional.of(association.answer(apdu));
    }

    /** An attribute's value for those clients of a device who take it and may read it. */
    List<Told> told(int device, AttributeRef attribute) throws DlmsException {
      List<Told> told = new ArrayList<>();
      for (Map.Entry<Long, MeterAssociation> entry : associations.entrySet()) {
        if (entry.getKey() >> 16 == device) {
          int client = (int) (entry.getKey() & 0xFFFF);
          entry
              .getValue()
              .notification(attribute)
              .ifPresent(apdu -> told.add(new Told(client, apdu)));
        }
      }
      return told;
    }
  }
}

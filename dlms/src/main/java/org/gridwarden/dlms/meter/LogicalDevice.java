package org.gridwarden.dlms.meter;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;

/** A logical device: its objects, and who may associate with it. Immutable. */
public final class LogicalDevice {
  private final byte[] systemTitle;
  private final Map<ObisCode, CosemObject> objects = new LinkedHashMap<>();
  private final Map<Integer, ClientAccess> clients;

  /**
   * @param systemTitle of 8 bytes
   * @param objects each with a logical name of its own
   * @param clients by client number
   * @throws IllegalArgumentException where two objects have one name
   */
  public LogicalDevice(
      byte[] systemTitle, List<? extends CosemObject> objects, Map<Integer, ClientAccess> clients) {
    this.systemTitle = systemTitle.clone();
    for (CosemObject object : objects) {
      if (this.objects.put(object.identity().logicalName(), object) != null) {
        throw new IllegalArgumentException(
            "two objects are called " + object.identity().logicalName());
      }
    }
    this.clients = Map.copyOf(clients);
  }

  byte[] systemTitle() {
    return systemTitle;
  }

  Optional<CosemObject> object(ObisCode name) {
    return Optional.ofNullable(objects.get(name));
  }

  Collection<CosemObject> objects() {
    return objects.values();
  }

  Optional<ClientAccess> client(int number) {
    return Optional.ofNullable(clients.get(number));
  }
}

package org.gridwarden.dlms.meter;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.objects.AssociationUsers;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.ObjectRights;
import org.gridwarden.dlms.objects.Rights;

/**
 * A logical device: its objects, and who may associate with it. What lives longer than an
 * association, a client's rights as they were narrowed and its users, is kept here. Thread-safe.
 */
public final class LogicalDevice {
  private static final int SECURITY_SETUP = 64;

  private final byte[] systemTitle;
  private final Map<ObisCode, CosemObject> objects = new LinkedHashMap<>();
  private final Map<Integer, ClientAccess> clients;
  private final Map<Integer, ClientView> views = new ConcurrentHashMap<>();

  /** What a client sees of the device, and who its users are. */
  record ClientView(ObjectRights rights, AssociationUsers users) {}

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

  /** The Security setup that its associations refer to; empty where it has none. */
  Optional<ObisCode> securitySetup() {
    return objects.values().stream()
        .map(CosemObject::identity)
        .filter(id -> id.classId() == SECURITY_SETUP)
        .map(CosemObject.Identity::logicalName)
        .findFirst();
  }

  /** What one of its clients sees, and may at most do. */
  ClientView view(int client, Rights greatest) {
    return views.computeIfAbsent(
        client,
        _ -> new ClientView(new ObjectRights(objects.values(), greatest), new AssociationUsers()));
  }

  Optional<ClientAccess> client(int number) {
    return Optional.ofNullable(clients.get(number));
  }
}

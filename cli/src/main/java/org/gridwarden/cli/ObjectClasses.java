package org.gridwarden.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;

/** Which class an object has, by the meter's own object list; asked once. */
final class ObjectClasses {
  static final AttributeRef OBJECT_LIST = new AttributeRef(15, ObisCode.parse("0.0.40.0.0.255"), 2);

  private final Map<ObisCode, Integer> classes = new LinkedHashMap<>();

  int of(Association meter, ObisCode name) throws IOException, DlmsException, AssociationRefused {
    if (classes.isEmpty() && meter.get(OBJECT_LIST) instanceof Outcome.Value(DlmsData list)) {
      ObjectRow.of(list).forEach(row -> classes.put(row.name(), row.classId()));
    }
    Integer classId = classes.get(name);
    if (classId == null) {
      throw new Failure(
          name + " does not stand in the meter's object list; say its class, as " + name + ":3");
    }
    return classId;
  }
}

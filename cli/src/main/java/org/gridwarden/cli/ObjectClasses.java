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
  private final AttributeRef list;

  private final Map<ObisCode, Integer> classes = new LinkedHashMap<>();

  /**
   * @param list the association's object list
   */
  ObjectClasses(AttributeRef list) {
    this.list = list;
  }

  int of(Association meter, ObisCode name) throws IOException, DlmsException, AssociationRefused {
    if (classes.isEmpty() && meter.get(list) instanceof Outcome.Value(DlmsData objects)) {
      ObjectRow.of(objects).forEach(row -> classes.put(row.name(), row.classId()));
    }
    Integer classId = classes.get(name);
    if (classId == null) {
      throw new Failure(
          name + " does not stand in the meter's object list; say its class, as " + name + ":3");
    }
    return classId;
  }
}

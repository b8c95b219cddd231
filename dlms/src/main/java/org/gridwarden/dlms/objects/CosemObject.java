package org.gridwarden.dlms.objects;

import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;

/**
 * An object of a meter (IEC 62056-6-2). Whether a client may do what it asks is asked before; an
 * implementation is called by many clients' threads.
 */
public interface CosemObject {
  /**
   * What an object is.
   *
   * @param classId the interface class, 1 to 65,535
   * @param version the class's version
   * @param logicalName which object
   * @param attributes how many attributes it has, the logical name included
   * @param methods how many methods it has
   */
  record Identity(int classId, int version, ObisCode logicalName, int attributes, int methods) {}

  /** What it is; always the same. */
  Identity identity();

  /**
   * An attribute's value.
   *
   * @param attribute from 2; the logical name, 1, is read without asking
   */
  Outcome get(int attribute, Optional<Selection> selection);

  /** Sets an attribute. */
  default AccessResult set(int attribute, DlmsData value) {
    return AccessResult.READ_WRITE_DENIED;
  }

  /** Does something. */
  default Service.Invoked invoke(int method, Optional<DlmsData> parameters) {
    return new Service.Invoked(AccessResult.OBJECT_UNDEFINED, Optional.empty());
  }

  /** What stands where there is no such attribute. */
  static Outcome none() {
    return new Outcome.Refused(AccessResult.OBJECT_UNDEFINED);
  }
}

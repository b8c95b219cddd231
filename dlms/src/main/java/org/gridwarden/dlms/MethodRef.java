package org.gridwarden.dlms;

import org.gridwarden.cosem.ObisCode;

/**
 * A method of a COSEM object (cosem-method-descriptor, IEC 62056-5-3, clause 9.5).
 *
 * @param classId the interface class, 0 to 65,535
 * @param instance the object's logical name
 * @param method its index, -128 to 127
 */
public record MethodRef(int classId, ObisCode instance, int method) {
  /**
   * @throws IllegalArgumentException outside the ranges
   */
  public MethodRef {
    Ranges.check(classId, 0, 0xFFFF, "class id");
    Ranges.check(method, -128, 127, "method index");
  }

  /** {@code 0.0.96.3.10.255:70:1}. */
  @Override
  public String toString() {
    return instance + ":" + classId + ":" + method;
  }
}

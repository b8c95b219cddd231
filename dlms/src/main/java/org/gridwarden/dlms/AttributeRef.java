package org.gridwarden.dlms;

import org.gridwarden.cosem.ObisCode;

/**
 * An attribute of a COSEM object (cosem-attribute-descriptor, IEC 62056-5-3, clause 9.5).
 *
 * @param classId the interface class, 0 to 65,535
 * @param instance the object's logical name
 * @param attribute its index, -128 to 127; 0 stands for all of them
 */
public record AttributeRef(int classId, ObisCode instance, int attribute) {
  /** The logical name, an attribute of every object. */
  public static final int LOGICAL_NAME = 1;

  /**
   * @throws IllegalArgumentException outside the ranges
   */
  public AttributeRef {
    Ranges.check(classId, 0, 0xFFFF, "class id");
    Ranges.check(attribute, -128, 127, "attribute index");
  }

  /** {@code 1.0.1.8.0.255:3:2}, as the command line writes it. */
  @Override
  public String toString() {
    return instance + ":" + classId + ":" + attribute;
  }
}

package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.ObisCode;

/**
 * Data (class 1, version 0, IEC 62056-6-2 clause 4.3.1): a value of any type. Thread-safe as its
 * source is.
 */
public final class Data extends InterfaceObject {
  private static final InterfaceClass<Data> CLASS =
      new InterfaceClass<Data>(1, 0, 2, 0)
          .attribute(2, d -> d.value.get(), (d, v) -> d.value.write(v));

  private final ValueSource value;

  /**
   * @param value a {@link Variable} where clients may write it
   */
  public Data(ObisCode logicalName, ValueSource value) {
    super(CLASS, logicalName);
    this.value = value;
  }
}

package org.gridwarden.dlms.objects;

import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.DlmsData;

/**
 * What a register's number means: scal_unit_type (IEC 62056-6-2, clause 4.3.2). Immutable.
 *
 * @param scaler the power of ten, -128 to 127
 */
public record ScalerUnit(int scaler, Unit unit) {
  /** Its structure of integer and enum. */
  public DlmsData.Structure data() {
    return DlmsData.Structure.of(
        new DlmsData.Integer8(scaler), new DlmsData.Enumerated(unit.code()));
  }
}

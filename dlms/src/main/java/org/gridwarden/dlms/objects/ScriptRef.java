package org.gridwarden.dlms.objects;

import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.MethodRef;

/**
 * A script that something executes: action_item, and a part of other structures (IEC 62056-6-2,
 * clauses 4.5.3 to 4.5.9). Immutable.
 *
 * @param table the script table's logical name
 * @param selector the script's identifier, 0 to 65,535; 0 does nothing
 */
public record ScriptRef(ObisCode table, int selector) {
  /** Does nothing. */
  public static final ScriptRef NONE = new ScriptRef(new ObisCode(0), 0);

  private static final int SCRIPT_TABLE = 9;
  private static final int EXECUTE = 1;

  /** From a structure of name and selector. */
  static ScriptRef of(DlmsData data) throws Refusal {
    DlmsData.Structure s = Values.structure(data, 2);
    return of(s.get(0), s.get(1));
  }

  static ScriptRef of(DlmsData table, DlmsData selector) throws Refusal {
    return new ScriptRef(Values.obis(table), Values.longUnsigned(selector));
  }

  /** The structure of name and selector. */
  DlmsData.Structure data() {
    return DlmsData.Structure.of(
        DlmsData.OctetString.of(table), new DlmsData.LongUnsigned(selector));
  }

  /** Executes it. */
  AccessResult execute(DeviceObjects objects) {
    return selector == 0
        ? AccessResult.SUCCESS
        : objects
            .invoke(
                new MethodRef(SCRIPT_TABLE, table, EXECUTE),
                Optional.of(new DlmsData.LongUnsigned(selector)))
            .result();
  }
}

package org.gridwarden.dlms.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.MethodNames;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;

/**
 * The current association as a client with short names sees it (Association SN, class 12, version
 * 1, IEC 62056-6-2 clause 4.4.3): the objects with their base names, and the client's rights.
 */
final class CurrentShortNames implements CosemObject {
  static final int CLASS = 12;
  static final int REPLY_TO_HLS = 8;

  private static final int VERSION = 1;
  private static final int OBJECT_LIST = 2;
  private static final int ACCESS_RIGHTS_LIST = 3;

  /** What a client may do with it: read what it says. */
  static final Rights RIGHTS = Rights.reading(attribute -> attribute <= ACCESS_RIGHTS_LIST);

  private final ShortNameTable names;
  private final Rights rights;

  CurrentShortNames(ShortNameTable names, Rights rights) {
    this.names = names;
    this.rights = rights;
  }

  @Override
  public Identity identity() {
    return new Identity(CLASS, VERSION, CurrentAssociation.NAME, 3, REPLY_TO_HLS);
  }

  @Override
  public Outcome get(int attribute, Optional<Selection> selection) {
    if (selection.isPresent()) {
      return new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    }
    return switch (attribute) {
      case OBJECT_LIST -> new Outcome.Value(objects());
      case ACCESS_RIGHTS_LIST -> new Outcome.Value(accessRights());
      default -> CosemObject.none();
    };
  }

  private DlmsData objects() {
    List<DlmsData> list = new ArrayList<>();
    list.add(element(MethodNames.CURRENT_ASSOCIATION, this));
    for (Map.Entry<Integer, CosemObject> entry : names.objects().entrySet()) {
      list.add(element(entry.getKey(), entry.getValue()));
    }
    return DlmsData.Array.of(list);
  }

  private static DlmsData element(int baseName, CosemObject object) {
    Identity id = object.identity();
    return DlmsData.Structure.of(
        new DlmsData.Long16((short) baseName),
        new DlmsData.LongUnsigned(id.classId()),
        new DlmsData.Unsigned8(id.version()),
        DlmsData.OctetString.of(id.logicalName()));
  }

  private DlmsData accessRights() {
    List<DlmsData> list = new ArrayList<>();
    list.add(rights(MethodNames.CURRENT_ASSOCIATION, this, RIGHTS));
    for (Map.Entry<Integer, CosemObject> entry : names.objects().entrySet()) {
      list.add(rights(entry.getKey(), entry.getValue(), rights));
    }
    return DlmsData.Array.of(list);
  }

  private static DlmsData rights(int baseName, CosemObject object, Rights rights) {
    return DlmsData.Structure.of(
        new DlmsData.Long16((short) baseName),
        CurrentAssociation.attributes(object, rights),
        CurrentAssociation.methods(object, rights));
  }
}

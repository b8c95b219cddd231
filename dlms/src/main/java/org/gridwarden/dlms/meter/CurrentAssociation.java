package org.gridwarden.dlms.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;

/**
 * The current association as its client sees it (Association LN, class 15, version 1): its name and
 * the objects that it shows, with the client's rights.
 */
final class CurrentAssociation implements CosemObject {
  /** Every client sees its own association under this name. */
  static final ObisCode NAME = ObisCode.parse("0.0.40.0.0.255");

  static final int CLASS = 15;
  static final int REPLY_TO_HLS = 1;

  private static final int VERSION = 1;
  private static final int STATUS = 8;
  private static final int ASSOCIATED = 2;

  /** What a client may do with it: read what it says. */
  static final Rights RIGHTS = Rights.reading(attribute -> attribute <= 2 || attribute == STATUS);

  private final LogicalDevice device;
  private final Rights rights;

  CurrentAssociation(LogicalDevice device, Rights rights) {
    this.device = device;
    this.rights = rights;
  }

  @Override
  public Identity identity() {
    return new Identity(CLASS, VERSION, NAME, 9, 4);
  }

  @Override
  public Outcome get(int attribute, Optional<Selection> selection) {
    return switch (attribute) {
      case 2 -> new Outcome.Value(objects());
      case STATUS -> new Outcome.Value(new DlmsData.Enumerated(ASSOCIATED));
      default -> new Outcome.Refused(AccessResult.READ_WRITE_DENIED);
    };
  }

  private DlmsData objects() {
    List<DlmsData> list = new ArrayList<>();
    list.add(element(this, RIGHTS));
    for (CosemObject object : device.objects()) {
      list.add(element(object, rights));
    }
    return DlmsData.Array.of(list);
  }

  private static DlmsData element(CosemObject object, Rights rights) {
    Identity id = object.identity();
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(id.classId()),
        new DlmsData.Unsigned8(id.version()),
        DlmsData.OctetString.of(id.logicalName()),
        DlmsData.Structure.of(attributes(object, rights), methods(object, rights)));
  }

  /** attribute_access: index, access mode and no selectors, for each attribute. */
  static DlmsData attributes(CosemObject object, Rights rights) {
    List<DlmsData> attributes = new ArrayList<>();
    for (int a = 1; a <= object.identity().attributes(); a++) {
      int mode = (rights.reads(object, a) ? 1 : 0) + (rights.writes(object, a) ? 2 : 0);
      attributes.add(
          DlmsData.Structure.of(
              new DlmsData.Integer8(a), new DlmsData.Enumerated(mode), new DlmsData.NullData()));
    }
    return DlmsData.Array.of(attributes);
  }

  /** method_access: index and whether it may be invoked, for each method. */
  static DlmsData methods(CosemObject object, Rights rights) {
    List<DlmsData> methods = new ArrayList<>();
    for (int m = 1; m <= object.identity().methods(); m++) {
      methods.add(
          DlmsData.Structure.of(
              new DlmsData.Integer8(m),
              new DlmsData.Enumerated(rights.invokes(object, m) ? 1 : 0)));
    }
    return DlmsData.Array.of(methods);
  }
}

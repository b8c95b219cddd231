package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;

/** What the tests of interface classes ask an object, over the encoding as a client does. */
final class Ask {
  static final DlmsData ZERO = new DlmsData.Integer8(0);

  private Ask() {}

  /** An attribute's value, which must be readable and come back from its bytes. */
  static DlmsData get(CosemObject object, int attribute) {
    Outcome outcome = object.get(attribute, Optional.empty());
    assertThat(outcome).isInstanceOf(Outcome.Value.class);
    return wired(((Outcome.Value) outcome).data());
  }

  static long number(CosemObject object, int attribute) {
    return ((DlmsData.Whole) get(object, attribute)).asLong();
  }

  static DlmsData.Composite list(CosemObject object, int attribute) {
    return (DlmsData.Composite) get(object, attribute);
  }

  static AccessResult set(CosemObject object, int attribute, DlmsData value) {
    return object.set(attribute, wired(value));
  }

  static AccessResult invoke(CosemObject object, int method, DlmsData parameters) {
    return object.invoke(method, Optional.of(wired(parameters))).result();
  }

  static DlmsData returned(CosemObject object, int method, DlmsData parameters) {
    Service.Invoked invoked = object.invoke(method, Optional.of(wired(parameters)));
    assertThat(invoked.result()).isEqualTo(AccessResult.SUCCESS);
    return wired(((Outcome.Value) invoked.returned().orElseThrow()).data());
  }

  /** That a value is refused with this, and changes nothing. */
  static void refused(CosemObject object, int attribute, DlmsData value, AccessResult why) {
    DlmsData before = get(object, attribute);
    assertThat(set(object, attribute, value)).as("%s", value).isEqualTo(why);
    assertThat(get(object, attribute)).isEqualTo(before);
  }

  /** A value after it went over the wire. */
  static DlmsData wired(DlmsData data) {
    try {
      return Axdr.decode(Axdr.encode(data));
    } catch (DlmsException e) {
      throw new AssertionError(e);
    }
  }

  static DlmsData.Structure structure(DlmsData... fields) {
    return DlmsData.Structure.of(fields);
  }

  static DlmsData.OctetString octets(int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return DlmsData.OctetString.of(all);
  }
}

package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.gridwarden.cosem.AccessRights;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AccessListTest {
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");

  private static AccessRights rights(
      Map<Integer, Integer> attributes, Map<Integer, Integer> methods) {
    return new AccessRights(8, 0, CLOCK, new TreeMap<>(attributes), new TreeMap<>(methods));
  }

  @Test
  @DisplayName("C8 an object list is read as it was written, whatever stands in it without access")
  void roundTrip() throws Exception {
    AccessRights clock = rights(Map.of(1, 1, 2, 3, 3, 0), Map.of(6, 1));
    assertThat(AccessList.decode(AccessList.encode(List.of(clock)))).containsExactly(clock);
    assertThat(clock.attributes()).containsOnlyKeys(1, 2);
  }

  @Test
  void whatADeviceShowsIsWhatItsRightsAre() throws Exception {
    Data data = new Data(ObisCode.parse("0.0.42.0.0.255"), () -> new DlmsData.VisibleString("x"));
    List<AccessRights> all = AccessList.of(List.of(data), Rights.READ_ALL);
    assertThat(all)
        .singleElement()
        .satisfies(one -> assertThat(one.attributes()).containsEntry(2, 1));
    assertThat(AccessList.decode(DlmsData.Array.of(ObjectRights.element(data, Rights.READ_ALL))))
        .isEqualTo(all);
  }

  @Test
  void oldVersionsHaveBooleansForMethods() throws Exception {
    DlmsData element =
        DlmsData.Structure.of(
            new DlmsData.LongUnsigned(8),
            new DlmsData.Unsigned8(0),
            DlmsData.OctetString.of(CLOCK),
            DlmsData.Structure.of(
                DlmsData.Array.of(),
                DlmsData.Array.of(
                    DlmsData.Structure.of(new DlmsData.Integer8(6), new DlmsData.Bool(true)))));
    assertThat(AccessList.decode(DlmsData.Array.of(element)))
        .containsExactly(rights(Map.of(), Map.of(6, 1)));
  }

  @Test
  void mechanismsAreNamedInBothForms() throws Exception {
    for (Acse.Mechanism mechanism : Acse.Mechanism.values()) {
      assertThat(AccessList.mechanism(AccessList.mechanism(mechanism)))
          .isEqualTo(mechanism.ordinal());
    }
    DlmsData arc = new DlmsData.Unsigned8(5);
    assertThat(AccessList.mechanism(DlmsData.Structure.of(arc, arc, arc, arc, arc, arc, arc)))
        .isEqualTo(5);
  }

  @Test
  @DisplayName("C39 what is no object list is refused, and says why")
  void refused() {
    for (DlmsData wrong :
        List.of(
            DlmsData.NullData.of(),
            DlmsData.Array.of(DlmsData.NullData.of()),
            DlmsData.Structure.of(new DlmsData.Unsigned8(1)))) {
      assertThatThrownBy(() -> AccessList.decode(wrong))
          .isInstanceOf(DlmsException.class)
          .hasMessageContaining("object list");
      assertThatThrownBy(() -> AccessList.mechanism(wrong)).isInstanceOf(DlmsException.class);
    }
  }
}

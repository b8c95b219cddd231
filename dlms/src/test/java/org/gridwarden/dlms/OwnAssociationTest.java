package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The association that a client sees is the one that it has. */
class OwnAssociationTest {
  private static final ObisCode CURRENT = ObisCode.parse("0.0.40.0.0.255");
  private static final DlmsData SEVEN = new DlmsData.Unsigned8(7);

  private final TestMeter meter = TestMeter.create();

  private Association open(int client, AssociationRequest request) throws Exception {
    return Association.open(new MemoryLink(meter.association(client)::answer), request);
  }

  private static DlmsData value(Association to, int classId, int attribute) throws Exception {
    return ((Outcome.Value) to.get(new AttributeRef(classId, CURRENT, attribute))).data();
  }

  private static DlmsData element(ObisCode name) {
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(1),
        new DlmsData.Unsigned8(0),
        DlmsData.OctetString.of(name),
        DlmsData.Structure.of(DlmsData.Array.of(), DlmsData.Array.of()));
  }

  @Test
  @DisplayName("by logical names: partners, context, mechanism and status are those agreed upon")
  void logicalNames() throws Exception {
    try (Association to = open(18, meter.gmac())) {
      assertThat(value(to, 15, 3))
          .isEqualTo(
              DlmsData.Structure.of(new DlmsData.Integer8(18), new DlmsData.LongUnsigned(1)));
      assertThat(LinkVectors.hex(((DlmsData.OctetString) value(to, 15, 4)).bytes()))
          .as("logical names, ciphered")
          .isEqualTo("60857405080103");
      assertThat(LinkVectors.hex(((DlmsData.OctetString) value(to, 15, 6)).bytes()))
          .as("GMAC")
          .isEqualTo("60857405080205");
      DlmsData.Structure context = (DlmsData.Structure) value(to, 15, 5);
      assertThat(context.get(3)).isEqualTo(new DlmsData.Unsigned8(6));
      assertThat(value(to, 15, 8)).as("associated").isEqualTo(new DlmsData.Enumerated(2));
      assertThat(to.get(new AttributeRef(15, CURRENT, 7)))
          .as("the secret")
          .isEqualTo(new Outcome.Refused(AccessResult.READ_WRITE_DENIED));
    }
  }

  @Test
  @DisplayName("by short names: the object list names the association itself, FA00")
  void shortNames() throws Exception {
    try (Association to = open(17, AssociationRequest.open().withShortNames())) {
      DlmsData.Array list = (DlmsData.Array) value(to, 12, 2);
      assertThat(((DlmsData.Structure) list.get(list.size() - 1)).elements())
          .containsExactly(
              new DlmsData.Long16((short) 0xFA00),
              new DlmsData.LongUnsigned(12),
              new DlmsData.Unsigned8(4),
              DlmsData.OctetString.of(CURRENT));
    }
  }

  @Test
  @DisplayName(
      "C8 a client may narrow what it sees, for its later associations, too; nobody else's")
  void narrowed() throws Exception {
    MethodRef remove = new MethodRef(15, CURRENT, 4);
    try (Association reader = open(16, AssociationRequest.open())) {
      assertThat(reader.action(remove, Optional.of(element(TestMeter.LEFT))).result())
          .as("who may only read")
          .isEqualTo(AccessResult.READ_WRITE_DENIED);
    }
    try (Association all = open(17, AssociationRequest.open())) {
      assertThat(all.action(remove, Optional.of(element(TestMeter.LEFT))).result())
          .isEqualTo(AccessResult.SUCCESS);
      assertThat(all.set(TestMeter.LEFT_VALUE, SEVEN)).isEqualTo(AccessResult.READ_WRITE_DENIED);
    }
    try (Association again = open(17, AssociationRequest.open());
        Association other = open(16, AssociationRequest.open())) {
      assertThat(again.get(TestMeter.LEFT_VALUE))
          .isEqualTo(new Outcome.Refused(AccessResult.READ_WRITE_DENIED));
      assertThat(((DlmsData.Array) value(again, 15, 2)).size()).isEqualTo(3);
      assertThat(((DlmsData.Array) value(other, 15, 2)).size()).isEqualTo(4);
      assertThat(other.get(TestMeter.LEFT_VALUE)).isInstanceOf(Outcome.Value.class);
    }
  }
}

package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AssociationTest {
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode SERIAL = ObisCode.parse("0.0.96.1.0.255");
  private static final ObisCode SECURITY = ObisCode.parse("0.0.43.0.1.255");

  private final Register energy =
      new Register(ENERGY, () -> new DlmsData.DoubleLong(7), 0, Unit.WATT_HOUR);
  private final Data serial = new Data(SERIAL, () -> new DlmsData.VisibleString("x1"));
  private final Control control = new Control();
  private final ObjectRights objects = new ObjectRights(List.of(energy, serial), Rights.READ_ALL);
  private final AssociationUsers users = new AssociationUsers();
  private final AssociationLn association =
      new AssociationLn(
          AssociationLn.CURRENT,
          control,
          objects,
          users,
          Optional.of(SECURITY),
          AssociationLn.COMMON);

  static final class Control implements AssociationControl {
    private byte[] secret = {};

    @Override
    public Agreed agreed() {
      return new Agreed(
          18,
          1,
          Acse.Context.LOGICAL_NAME_CIPHERED,
          Acse.Mechanism.HLS_GMAC,
          Conformance.of(Conformance.Service.GET, Conformance.Service.ACTION),
          2048,
          1024,
          Status.ASSOCIATED,
          OptionalInt.of(3));
    }

    @Override
    public Optional<byte[]> proves(byte[] proof) {
      return Arrays.equals(proof, new byte[] {1, 2})
          ? Optional.of(new byte[] {3})
          : Optional.empty();
    }

    @Override
    public AccessResult secret(byte[] secret) {
      this.secret = secret;
      return AccessResult.SUCCESS;
    }
  }

  private static DlmsData right(int attribute, int mode) {
    return Ask.structure(
        new DlmsData.Integer8(attribute), new DlmsData.Enumerated(mode), DlmsData.NullData.of());
  }

  private static DlmsData act(int method, int mode) {
    return Ask.structure(new DlmsData.Integer8(method), new DlmsData.Enumerated(mode));
  }

  private static DlmsData energyElement(int valueMode, int resetMode) {
    return Ask.structure(
        new DlmsData.LongUnsigned(3),
        new DlmsData.Unsigned8(0),
        DlmsData.OctetString.of(ENERGY),
        Ask.structure(
            DlmsData.Array.of(right(1, 1), right(2, valueMode), right(3, 1)),
            DlmsData.Array.of(act(1, resetMode))));
  }

  @Test
  void whatWasAgreedIsEncodedAsTheStandardSays() {
    assertThat(association.identity())
        .isEqualTo(new CosemObject.Identity(15, 3, AssociationLn.CURRENT, 11, 6));
    assertThat(Ask.get(association, 3))
        .isEqualTo(Ask.structure(new DlmsData.Integer8(18), new DlmsData.LongUnsigned(1)));
    // 2.16.756.5.8.1.3
    assertThat(Ask.get(association, 4)).isEqualTo(Ask.octets(0x60, 0x85, 0x74, 5, 8, 1, 3));
    assertThat(Ask.get(association, 5))
        .isEqualTo(
            Ask.structure(
                // get is bit 19, action bit 23
                DlmsData.BitString.of(new byte[] {0, 0, 0x11}, 24),
                new DlmsData.LongUnsigned(2048),
                new DlmsData.LongUnsigned(1024),
                new DlmsData.Unsigned8(6),
                new DlmsData.Integer8(0),
                Ask.octets()));
    // 2.16.756.5.8.2.5
    assertThat(Ask.get(association, 6)).isEqualTo(Ask.octets(0x60, 0x85, 0x74, 5, 8, 2, 5));
    assertThat(Ask.get(association, 8)).isEqualTo(new DlmsData.Enumerated(2));
    assertThat(Ask.get(association, 9)).isEqualTo(DlmsData.OctetString.of(SECURITY));
  }

  @Test
  void namesOfAllContextsAndMechanisms() {
    for (Acse.Context context : Acse.Context.values()) {
      DlmsData.OctetString name = (DlmsData.OctetString) AssociationLn.contextName(context);
      assertThat(name.at(6) > 2).isEqualTo(context.ciphered());
      assertThat(name.at(6) % 2 == 1).isEqualTo(context.logicalName());
    }
    assertThat(
            Arrays.stream(Acse.Mechanism.values())
                .map(m -> ((DlmsData.OctetString) AssociationLn.mechanismName(m)).at(6)))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  @DisplayName("C8: the object list says each right that the client has")
  void objectList() {
    DlmsData.Composite list = Ask.list(association, 2);
    assertThat(list.size()).isEqualTo(3);
    assertThat(list.get(1)).isEqualTo(energyElement(1, 0));
    DlmsData.Structure own = (DlmsData.Structure) list.get(0);
    DlmsData.Structure rights = (DlmsData.Structure) own.get(3);
    assertThat(((DlmsData.Array) rights.get(0)).get(1))
        .isEqualTo(
            Ask.structure(
                new DlmsData.Integer8(2),
                new DlmsData.Enumerated(1),
                DlmsData.Array.of(
                    new DlmsData.Integer8(1),
                    new DlmsData.Integer8(2),
                    new DlmsData.Integer8(3),
                    new DlmsData.Integer8(4))));
    assertThat(((DlmsData.Array) rights.get(0)).get(6)).isEqualTo(right(7, 0));
    assertThat(((DlmsData.Array) rights.get(1)).elements())
        .containsExactly(act(1, 1), act(2, 0), act(3, 0), act(4, 0), act(5, 0), act(6, 0));
  }

  private Outcome selected(int selector, DlmsData parameters) {
    return association.get(2, Optional.of(new Selection(selector, parameters)));
  }

  private static DlmsData id(int classId, ObisCode name) {
    return Ask.structure(new DlmsData.LongUnsigned(classId), DlmsData.OctetString.of(name));
  }

  @Test
  void partsOfTheObjectList() {
    DlmsData bare =
        Ask.structure(
            new DlmsData.LongUnsigned(3),
            new DlmsData.Unsigned8(0),
            DlmsData.OctetString.of(ENERGY),
            Ask.structure(DlmsData.Array.of(), DlmsData.Array.of()));
    Outcome all = selected(1, DlmsData.NullData.of());
    assertThat(((DlmsData.Array) ((Outcome.Value) all).data()).size()).isEqualTo(3);
    assertThat(selected(2, DlmsData.Array.of(new DlmsData.LongUnsigned(3))))
        .isEqualTo(new Outcome.Value(DlmsData.Array.of(bare)));
    assertThat(selected(3, DlmsData.Array.of(id(3, ENERGY), id(1, ENERGY))))
        .isEqualTo(new Outcome.Value(DlmsData.Array.of(energyElement(1, 0))));
    assertThat(selected(4, id(3, ENERGY))).isEqualTo(new Outcome.Value(energyElement(1, 0)));
    assertThat(selected(4, id(1, ENERGY)))
        .isEqualTo(new Outcome.Refused(AccessResult.OBJECT_UNDEFINED));
    assertThat(selected(2, Ask.ZERO)).isEqualTo(new Outcome.Refused(AccessResult.TYPE_UNMATCHED));
    assertThat(selected(5, Ask.ZERO))
        .isEqualTo(new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED));
  }

  @Test
  @DisplayName("C8: objects are taken away and brought back, never with more than the client may")
  void objectsComeAndGo() {
    assertThat(Ask.invoke(association, 4, energyElement(1, 0))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.list(association, 2).size()).isEqualTo(2);
    assertThat(objects.reads(energy, 2)).isFalse();
    assertThat(objects.invokes(energy, 1)).isFalse();
    assertThat(objects.reads(serial, 2)).isTrue();
    assertThat(Ask.invoke(association, 4, energyElement(1, 0)))
        .isEqualTo(AccessResult.OBJECT_UNDEFINED);

    assertThat(Ask.invoke(association, 3, energyElement(3, 1))).isEqualTo(AccessResult.SUCCESS);
    assertThat(objects.reads(energy, 2)).isTrue();
    assertThat(objects.writes(energy, 2)).isFalse();
    assertThat(objects.invokes(energy, 1)).isFalse();
    assertThat(Ask.list(association, 2).get(1)).isEqualTo(energyElement(1, 0));

    Ask.invoke(association, 3, energyElement(0, 0));
    assertThat(objects.reads(energy, 2)).isFalse();
    assertThat(Ask.list(association, 2).get(1)).isEqualTo(energyElement(0, 0));
  }

  @Test
  void anObjectThatTheDeviceHasNotIsNotAdded() {
    DlmsData strange =
        Ask.structure(
            new DlmsData.LongUnsigned(4),
            new DlmsData.Unsigned8(0),
            DlmsData.OctetString.of(ENERGY),
            Ask.structure(DlmsData.Array.of(), DlmsData.Array.of()));
    assertThat(Ask.invoke(association, 3, strange)).isEqualTo(AccessResult.OBJECT_UNDEFINED);
    assertThat(Ask.invoke(association, 4, strange)).isEqualTo(AccessResult.OBJECT_UNDEFINED);
    assertThat(Ask.invoke(association, 3, Ask.ZERO)).isEqualTo(AccessResult.TYPE_UNMATCHED);
  }

  @Test
  void aProofIsAnsweredOrRefused() {
    assertThat(Ask.returned(association, 1, Ask.octets(1, 2))).isEqualTo(Ask.octets(3));
    assertThat(Ask.invoke(association, 1, Ask.octets(1))).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(Ask.invoke(association, 1, Ask.ZERO)).isEqualTo(AccessResult.TYPE_UNMATCHED);
  }

  @Test
  @DisplayName("a secret is written and never read")
  void secrets() {
    assertThat(association.get(7, Optional.empty()))
        .isEqualTo(new Outcome.Refused(AccessResult.READ_WRITE_DENIED));
    assertThat(Ask.set(association, 7, Ask.octets(9, 9))).isEqualTo(AccessResult.SUCCESS);
    assertThat(control.secret).containsExactly(9, 9);
    assertThat(Ask.invoke(association, 2, Ask.octets(8))).isEqualTo(AccessResult.SUCCESS);
    assertThat(control.secret).containsExactly(8);
    assertThat(Ask.invoke(association, 2, Ask.octets())).isEqualTo(AttributeType.OUT_OF_RANGE);
    assertThat(Ask.set(association, 7, Ask.ZERO)).isEqualTo(AccessResult.TYPE_UNMATCHED);
    assertThat(control.secret).containsExactly(8);
  }

  private static DlmsData user(int id, String name) {
    return Ask.structure(new DlmsData.Unsigned8(id), new DlmsData.VisibleString(name));
  }

  @Test
  void usersAreAddedAndRemoved() {
    assertThat(Ask.get(association, 11)).isEqualTo(user(3, ""));
    assertThat(users.allows(OptionalInt.empty())).isTrue();
    assertThat(Ask.invoke(association, 5, user(3, "Ada"))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(association, 5, user(3, "Ada"))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(association, 5, user(3, "Bob"))).isEqualTo(AttributeType.OUT_OF_RANGE);
    assertThat(Ask.invoke(association, 5, user(4, "Bob"))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.list(association, 10).elements())
        .containsExactly(user(3, "Ada"), user(4, "Bob"));
    assertThat(Ask.get(association, 11)).isEqualTo(user(3, "Ada"));
    assertThat(users.allows(OptionalInt.of(3))).isTrue();
    assertThat(users.allows(OptionalInt.of(5))).isFalse();
    assertThat(users.allows(OptionalInt.empty())).isFalse();
    assertThat(Ask.invoke(association, 6, user(3, "Ada"))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.invoke(association, 6, user(3, "Ada"))).isEqualTo(AccessResult.OBJECT_UNDEFINED);
    Ask.refused(association, 10, Ask.ZERO, AccessResult.TYPE_UNMATCHED);
  }

  // --- short names

  private final AssociationSn shortNames =
      new AssociationSn(
          ObisCode.parse("0.0.40.0.0.255"),
          control,
          Map.of(0x2000, energy, 0x3000, serial),
          Rights.READ_ALL,
          users,
          Optional.empty(),
          Rights.READ_ALL);

  private static DlmsData shortEnergy() {
    return Ask.structure(
        new DlmsData.Long16(0x2000),
        new DlmsData.LongUnsigned(3),
        new DlmsData.Unsigned8(0),
        DlmsData.OctetString.of(ENERGY));
  }

  @Test
  void shortNamesAreListed() {
    assertThat(Ask.list(shortNames, 2).elements()).hasSize(3).contains(shortEnergy());
    // itself at 0xFA00, a long
    assertThat(((DlmsData.Structure) Ask.list(shortNames, 2).get(2)).get(0))
        .isEqualTo(new DlmsData.Long16(-1536));
    assertThat(shortNames.get(2, Optional.of(new Selection(1, new DlmsData.LongUnsigned(3)))))
        .isEqualTo(new Outcome.Value(DlmsData.Array.of(shortEnergy())));
    assertThat(shortNames.get(2, Optional.of(new Selection(2, id(3, ENERGY)))))
        .isEqualTo(new Outcome.Value(shortEnergy()));
    assertThat(shortNames.get(2, Optional.of(new Selection(2, id(4, ENERGY)))))
        .isEqualTo(new Outcome.Refused(AccessResult.OBJECT_UNDEFINED));
    assertThat(shortNames.get(2, Optional.of(new Selection(3, new DlmsData.Long16(0x2000)))))
        .isEqualTo(new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED));
    Outcome rights = shortNames.get(3, Optional.of(new Selection(3, new DlmsData.Long16(0x2000))));
    assertThat(rights)
        .isEqualTo(
            new Outcome.Value(
                Ask.structure(
                    new DlmsData.Long16(0x2000),
                    DlmsData.Array.of(right(1, 1), right(2, 1), right(3, 1)),
                    DlmsData.Array.of(act(1, 0)))));
    assertThat(shortNames.get(3, Optional.of(new Selection(1, Ask.ZERO))))
        .isEqualTo(new Outcome.Refused(AccessResult.TYPE_UNMATCHED));
  }

  private static DlmsData wanted(int classId, ObisCode name, int attribute) {
    return Ask.structure(
        new DlmsData.LongUnsigned(classId),
        DlmsData.OctetString.of(name),
        new DlmsData.Integer8(attribute));
  }

  @Test
  void readByLogicalName() {
    assertThat(
            Ask.returned(
                shortNames, 3, DlmsData.Array.of(wanted(3, ENERGY, 2), wanted(1, SERIAL, 0))))
        .isEqualTo(
            Ask.structure(
                new DlmsData.DoubleLong(7),
                Ask.structure(DlmsData.OctetString.of(SERIAL), new DlmsData.VisibleString("x1"))));
    assertThat(Ask.invoke(shortNames, 3, DlmsData.Array.of(wanted(3, SERIAL, 2))))
        .isEqualTo(AccessResult.OBJECT_UNDEFINED);
    assertThat(Ask.invoke(shortNames, 3, DlmsData.Array.of(wanted(3, ENERGY, 4))))
        .isEqualTo(AccessResult.OBJECT_UNDEFINED);
    assertThat(Ask.invoke(shortNames, 3, Ask.ZERO)).isEqualTo(AccessResult.TYPE_UNMATCHED);
  }

  @Test
  void shortNamesProveAndKeepSecretsToo() {
    assertThat(Ask.returned(shortNames, 8, Ask.octets(1, 2))).isEqualTo(Ask.octets(3));
    assertThat(Ask.invoke(shortNames, 5, Ask.octets(7))).isEqualTo(AccessResult.SUCCESS);
    assertThat(control.secret).containsExactly(7);
    assertThat(Ask.invoke(shortNames, 9, user(1, "Eve"))).isEqualTo(AccessResult.SUCCESS);
    assertThat(Ask.list(shortNames, 5).elements()).containsExactly(user(1, "Eve"));
    assertThat(Ask.invoke(shortNames, 10, user(1, "Eve"))).isEqualTo(AccessResult.SUCCESS);
    for (int reserved : new int[] {1, 2, 4, 6, 7}) {
      assertThat(Ask.invoke(shortNames, reserved, Ask.ZERO))
          .isEqualTo(AccessResult.OBJECT_UNDEFINED);
    }
  }
}

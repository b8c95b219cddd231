package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridwarden.dlms.Conformance.Service.ACCESS;
import static org.gridwarden.dlms.Conformance.Service.ACTION;
import static org.gridwarden.dlms.Conformance.Service.BLOCK_TRANSFER_WITH_ACTION;
import static org.gridwarden.dlms.Conformance.Service.BLOCK_TRANSFER_WITH_GET;
import static org.gridwarden.dlms.Conformance.Service.BLOCK_TRANSFER_WITH_SET;
import static org.gridwarden.dlms.Conformance.Service.GENERAL_BLOCK_TRANSFER;
import static org.gridwarden.dlms.Conformance.Service.GET;
import static org.gridwarden.dlms.Conformance.Service.MULTIPLE_REFERENCES;
import static org.gridwarden.dlms.Conformance.Service.PARAMETERIZED_ACCESS;
import static org.gridwarden.dlms.Conformance.Service.READ;
import static org.gridwarden.dlms.Conformance.Service.SELECTIVE_ACCESS;
import static org.gridwarden.dlms.Conformance.Service.SET;
import static org.gridwarden.dlms.Conformance.Service.UNCONFIRMED_WRITE;
import static org.gridwarden.dlms.Conformance.Service.WRITE;
import static org.gridwarden.dlms.TestMeter.ECHO_BACK;
import static org.gridwarden.dlms.TestMeter.LEFT_VALUE;
import static org.gridwarden.dlms.TestMeter.RIGHT_VALUE;
import static org.gridwarden.dlms.TestMeter.longValue;
import static org.gridwarden.dlms.TestMeter.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was not negotiated is neither used by the client nor answered by the meter (IEC 62056-5-3,
 * clause 9.4.6.1).
 */
class ConformanceTest {
  private static final DlmsData SHORT = new DlmsData.Unsigned8(7);
  private static final DlmsData LONG = longValue(5_000);
  private static final Selection SELECTION = new Selection(2, SHORT);
  private static final int INVOKE = 0xC1;
  private static final Service.Block BLOCK =
      new Service.Block(true, 1, DlmsData.OctetString.of((byte) 0));

  private final TestMeter meter = TestMeter.create();

  private Association open(Conformance.Service... services) throws Exception {
    return meter.open(17, AssociationRequest.open().withConformance(Conformance.of(services)));
  }

  /** Each service APDU, and all that it needs. */
  static Stream<Arguments> logicalNames() {
    Service.Selected what = whole(LEFT_VALUE);
    List<Service.Selected> two = List.of(what, what);
    List<MethodRef> methods = List.of(ECHO_BACK, ECHO_BACK);
    return Stream.of(
        Arguments.of(new Service.GetNormal(INVOKE, what), List.of(GET)),
        Arguments.of(new Service.GetList(INVOKE, two), List.of(GET, MULTIPLE_REFERENCES)),
        Arguments.of(new Service.GetNext(INVOKE, 1), List.of(GET, BLOCK_TRANSFER_WITH_GET)),
        Arguments.of(new Service.SetNormal(INVOKE, what, SHORT), List.of(SET)),
        Arguments.of(
            new Service.SetList(INVOKE, two, List.of(SHORT, SHORT)),
            List.of(SET, MULTIPLE_REFERENCES)),
        Arguments.of(
            new Service.SetFirstBlock(INVOKE, what, BLOCK), List.of(SET, BLOCK_TRANSFER_WITH_SET)),
        Arguments.of(new Service.SetBlock(INVOKE, BLOCK), List.of(SET, BLOCK_TRANSFER_WITH_SET)),
        Arguments.of(
            new Service.SetListFirstBlock(INVOKE, two, BLOCK),
            List.of(SET, BLOCK_TRANSFER_WITH_SET, MULTIPLE_REFERENCES)),
        Arguments.of(
            new Service.ActionNormal(INVOKE, ECHO_BACK, Optional.empty()), List.of(ACTION)),
        Arguments.of(
            new Service.ActionList(INVOKE, methods, List.of(SHORT, SHORT)),
            List.of(ACTION, MULTIPLE_REFERENCES)),
        Arguments.of(
            new Service.ActionNext(INVOKE, 1), List.of(ACTION, BLOCK_TRANSFER_WITH_ACTION)),
        Arguments.of(
            new Service.ActionFirstBlock(INVOKE, ECHO_BACK, BLOCK),
            List.of(ACTION, BLOCK_TRANSFER_WITH_ACTION)),
        Arguments.of(
            new Service.ActionListFirstBlock(INVOKE, methods, BLOCK),
            List.of(ACTION, BLOCK_TRANSFER_WITH_ACTION, MULTIPLE_REFERENCES)),
        Arguments.of(
            new Service.ActionBlock(INVOKE, BLOCK), List.of(ACTION, BLOCK_TRANSFER_WITH_ACTION)),
        Arguments.of(
            new AccessService.Request(
                AccessService.CONFIRMED,
                Optional.empty(),
                List.of(new AccessService.Specification.Get(what)),
                List.of(DlmsData.NullData.of())),
            List.of(ACCESS)));
  }

  @ParameterizedTest
  @DisplayName(
      "the meter refuses each service as soon as one thing that it needs was not negotiated")
  @MethodSource("logicalNames")
  void meterRefuses(Service question, List<Conformance.Service> needed) throws Exception {
    assertThat(answer(question, needed)).isNotInstanceOf(Service.ExceptionResponse.class);
    for (Conformance.Service missing : needed) {
      List<Conformance.Service> others = new ArrayList<>(List.of(Conformance.Service.values()));
      others.remove(missing);
      assertThat(answer(question, others))
          .isEqualTo(new Service.ExceptionResponse(1, 2, java.util.OptionalLong.empty()));
    }
  }

  private Apdu answer(Service question, List<Conformance.Service> negotiated) throws Exception {
    MeterAssociation association = meter.association(17);
    Association.open(
        new MemoryLink(association::answer),
        AssociationRequest.open()
            .withConformance(Conformance.of(negotiated.toArray(new Conformance.Service[0]))));
    return Apdus.decode(association.answer(Apdus.encode(question)).getFirst());
  }

  @Test
  @DisplayName("the meter reads a part only where selective access was negotiated")
  void selection() throws Exception {
    Service question =
        new Service.GetNormal(INVOKE, new Service.Selected(LEFT_VALUE, Optional.of(SELECTION)));
    assertThat(answer(question, List.of(GET, SELECTIVE_ACCESS)))
        .isEqualTo(new Service.GotNormal(INVOKE, new Outcome.Value(SHORT)));
    assertThat(answer(question, List.of(GET)))
        .isEqualTo(
            new Service.GotNormal(
                INVOKE, new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED)));
  }

  @Test
  @DisplayName("with short names the same: Read, Write, lists and parameters")
  void shortNames() throws Exception {
    MeterAssociation association = meter.association(17);
    Association.open(
        new MemoryLink(association::answer),
        AssociationRequest.open().withShortNames().withConformance(Conformance.of(READ)));
    var name = new ShortNameService.Variable.Name(0xFA00);
    assertThat(answer(association, new ShortNameService.ReadRequest(List.of(name))))
        .isInstanceOf(ShortNameService.ReadResponse.class);
    assertThat(answer(association, new ShortNameService.ReadRequest(List.of(name, name))))
        .isEqualTo(new Initiate.ServiceError(5, 3, 2));
    assertThat(
            answer(association, new ShortNameService.WriteRequest(List.of(name), List.of(SHORT))))
        .isEqualTo(new Initiate.ServiceError(6, 3, 2));
    assertThat(
            answer(
                association,
                new ShortNameService.ReadRequest(
                    List.of(new ShortNameService.Variable.Parameterized(0xFA08, SELECTION)))))
        .isEqualTo(
            new ShortNameService.ReadResponse(
                List.of(
                    new ShortNameService.Read.Whole(
                        new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED)))));
    // a service of the other referencing is none at all
    assertThat(answer(association, new Service.GetNormal(INVOKE, whole(LEFT_VALUE))))
        .isInstanceOf(Service.ExceptionResponse.class);
  }

  private static Apdu answer(MeterAssociation association, Service question) throws DlmsException {
    return Apdus.decode(association.answer(Apdus.encode(question)).getFirst());
  }

  @Test
  @DisplayName("without multiple references the client asks one by one")
  void noLists() throws Exception {
    MemoryLink link = meter.link(17);
    try (Association to =
        Association.open(
            link, AssociationRequest.open().withConformance(Conformance.of(GET, SET, ACTION)))) {
      assertThat(to.get(List.of(whole(LEFT_VALUE), whole(RIGHT_VALUE)))).hasSize(2);
      assertThat(to.set(List.of(whole(LEFT_VALUE), whole(RIGHT_VALUE)), List.of(SHORT, SHORT)))
          .containsExactly(AccessResult.SUCCESS, AccessResult.SUCCESS);
      assertThat(to.action(List.of(ECHO_BACK, ECHO_BACK), List.of(SHORT, DlmsData.NullData.of())))
          .extracting(Service.Invoked::returned)
          .containsExactly(Optional.of(new Outcome.Value(SHORT)), Optional.empty());
      assertThat(link.tagsSent()).containsExactly(0x60, 0xC0, 0xC0, 0xC1, 0xC1, 0xC3, 0xC3);
      assertThat(link.sent).allSatisfy(apdu -> assertThat(apdu[1]).isNotEqualTo((byte) 3));
    }
  }

  @Test
  @DisplayName(
      "without any block transfer what is too long is refused, clearly, and nothing is sent")
  void noBlocks() throws Exception {
    try (Association to = open(GET, SET, ACTION, MULTIPLE_REFERENCES)) {
      assertThatThrownBy(() -> to.set(LEFT_VALUE, LONG))
          .isInstanceOf(AssociationRefused.class)
          .hasMessageContaining("no block transfer was negotiated");
      assertThatThrownBy(() -> to.action(ECHO_BACK, Optional.of(LONG)))
          .isInstanceOf(AssociationRefused.class);
      assertThat(meter.left.value()).isNotEqualTo(LONG);
      // the meter's side of it: an exception rather than an APDU that is too long
      meter.left.set(2, LONG);
      assertThatThrownBy(() -> to.get(LEFT_VALUE))
          .isInstanceOf(AssociationRefused.class)
          .hasMessageContaining("PDU too long");
      assertThat(to.get(RIGHT_VALUE)).isInstanceOf(Outcome.Value.class);
    }
  }

  @Test
  @DisplayName("a service that was not negotiated is refused by the client itself")
  void clientRefuses() throws Exception {
    MemoryLink link = meter.link(17);
    try (Association to =
        Association.open(link, AssociationRequest.open().withConformance(Conformance.of(GET)))) {
      assertThatThrownBy(() -> to.set(LEFT_VALUE, SHORT)).hasMessageStartingWith("set was not");
      assertThatThrownBy(() -> to.action(ECHO_BACK, Optional.empty()))
          .hasMessageStartingWith("action was not");
      assertThatThrownBy(() -> to.get(LEFT_VALUE, SELECTION))
          .hasMessageStartingWith("selective access was not");
      assertThatThrownBy(() -> to.access().get(LEFT_VALUE).send())
          .hasMessageStartingWith("access was not");
      assertThatThrownBy(() -> to.get(new AttributeRef(1, TestMeter.LEFT, 0)))
          .hasMessageStartingWith("attribute 0 with get was not");
      assertThat(link.sent).as("only the AARQ").hasSize(1);
      assertThat(to.get(LEFT_VALUE)).isInstanceOf(Outcome.Value.class);
    }
    try (Association to =
        meter.open(
            17,
            AssociationRequest.open()
                .withShortNames()
                .withConformance(Conformance.of(READ, PARAMETERIZED_ACCESS)))) {
      assertThatThrownBy(() -> to.set(LEFT_VALUE, SHORT)).hasMessageStartingWith("write was not");
      assertThatThrownBy(() -> to.setUnconfirmed(LEFT_VALUE, SHORT))
          .hasMessageStartingWith("unconfirmed write was not");
      assertThat(to.get(LEFT_VALUE, SELECTION)).isEqualTo(new Outcome.Value(SHORT));
    }
    try (Association to =
        meter.open(
            17,
            AssociationRequest.open()
                .withShortNames()
                .withConformance(Conformance.of(WRITE, UNCONFIRMED_WRITE)))) {
      assertThatThrownBy(() -> to.get(LEFT_VALUE)).hasMessageStartingWith("read was not");
    }
  }

  @Test
  @DisplayName("each side proposes and takes what both can, and no more")
  void negotiated() throws Exception {
    try (Association to = meter.open(17, AssociationRequest.open())) {
      assertThat(to.negotiated().conformance().has(GENERAL_BLOCK_TRANSFER)).isTrue();
      assertThat(to.negotiated().conformance().has(READ)).isFalse();
      assertThat(to.negotiated().vaaName()).isEqualTo(7);
    }
    try (Association to = open(GET, READ)) {
      assertThat(to.negotiated().conformance()).isEqualTo(Conformance.of(GET));
    }
    try (Association to = meter.open(17, AssociationRequest.open().withShortNames())) {
      assertThat(to.negotiated().conformance().has(READ)).isTrue();
      assertThat(to.negotiated().conformance().has(GET)).isFalse();
      assertThat(to.negotiated().vaaName()).isEqualTo(0xFA00);
    }
  }
}

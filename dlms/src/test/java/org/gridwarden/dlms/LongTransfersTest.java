package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridwarden.dlms.TestMeter.ECHO_BACK;
import static org.gridwarden.dlms.TestMeter.LEFT_VALUE;
import static org.gridwarden.dlms.TestMeter.RIGHT_VALUE;
import static org.gridwarden.dlms.TestMeter.longValue;
import static org.gridwarden.dlms.TestMeter.whole;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GET, SET and ACTION: whole, in lists, in blocks, and lists in blocks, both ways. */
class LongTransfersTest {
  private static final DlmsData SHORT = new DlmsData.Unsigned8(7);
  private static final DlmsData LONG = longValue(5_000);
  private final TestMeter meter = TestMeter.create();

  private Association open(int client) throws Exception {
    return meter.open(client, client == 18 ? meter.gmac() : AssociationRequest.open());
  }

  @ParameterizedTest
  @DisplayName("values, lists and methods, short and by blocks, plain and ciphered, come through")
  @ValueSource(ints = {17, 18})
  void everyCombination(int client) throws Exception {
    try (Association to = open(client)) {
      for (DlmsData value : List.of(SHORT, LONG)) {
        assertThat(to.set(LEFT_VALUE, value)).isEqualTo(AccessResult.SUCCESS);
        assertThat(meter.left.value()).isEqualTo(value);
        assertThat(to.get(LEFT_VALUE)).isEqualTo(new Outcome.Value(value));
        for (DlmsData other : List.of(SHORT, LONG)) {
          assertThat(to.set(List.of(whole(LEFT_VALUE), whole(RIGHT_VALUE)), List.of(value, other)))
              .containsExactly(AccessResult.SUCCESS, AccessResult.SUCCESS);
          assertThat(to.get(List.of(whole(RIGHT_VALUE), whole(LEFT_VALUE))))
              .containsExactly(new Outcome.Value(other), new Outcome.Value(value));
          assertThat(to.action(List.of(ECHO_BACK, ECHO_BACK), List.of(value, other)))
              .extracting(Service.Invoked::returned)
              .containsExactly(
                  Optional.of(new Outcome.Value(value)), Optional.of(new Outcome.Value(other)));
        }
        assertThat(to.action(ECHO_BACK, Optional.of(value)).returned())
            .contains(new Outcome.Value(value));
      }
      assertThat(to.action(ECHO_BACK, Optional.empty()).returned()).isEmpty();
    }
  }

  @Test
  @DisplayName("a list that is longer than one APDU is asked for in several")
  void longList() throws Exception {
    List<Service.Selected> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(whole(i % 2 == 0 ? LEFT_VALUE : RIGHT_VALUE));
    }
    try (Association to = open(17)) {
      to.set(RIGHT_VALUE, SHORT);
      assertThat(to.get(many)).hasSize(1_000).endsWith(new Outcome.Value(SHORT));
    }
  }

  @Test
  @DisplayName("attribute 0 reads all attributes, and writes those that are not null")
  void attribute0() throws Exception {
    AttributeRef all = new AttributeRef(1, TestMeter.LEFT, 0);
    try (Association to = open(17)) {
      assertThat(to.set(all, DlmsData.Structure.of(DlmsData.NullData.of(), SHORT)))
          .isEqualTo(AccessResult.SUCCESS);
      assertThat(to.get(all))
          .isEqualTo(
              new Outcome.Value(
                  DlmsData.Structure.of(DlmsData.OctetString.of(TestMeter.LEFT), SHORT)));
      assertThat(to.set(all, SHORT)).isEqualTo(AccessResult.TYPE_UNMATCHED);
      assertThat(to.get(new AttributeRef(1, ObisCode.parse("9.9.9.9.9.9"), 0)))
          .isEqualTo(new Outcome.Refused(AccessResult.OBJECT_UNDEFINED));
    }
  }

  @Test
  @DisplayName("unconfirmed services are done and not answered")
  void unconfirmed() throws Exception {
    MemoryLink link = meter.link(17);
    try (Association to = Association.open(link, AssociationRequest.open())) {
      to.setUnconfirmed(LEFT_VALUE, SHORT);
      to.actionUnconfirmed(ECHO_BACK, Optional.of(SHORT));
      assertThat(link.coming).isEmpty();
      assertThat(meter.left.value()).isEqualTo(SHORT);
      assertThat(meter.echo.invocations()).isEqualTo(1);
      assertThatThrownBy(() -> to.setUnconfirmed(LEFT_VALUE, LONG))
          .hasMessageContaining("cannot be sent in blocks");
      assertThat(to.get(LEFT_VALUE)).isEqualTo(new Outcome.Value(SHORT));
    }
  }

  @Test
  @DisplayName("an answer that comes late, to another question, is passed over")
  void lateAnswer() throws Exception {
    MemoryLink link = meter.link(17);
    try (Association to = Association.open(link, AssociationRequest.open())) {
      to.set(LEFT_VALUE, SHORT); // invoke id 1
      link.coming.add(
          Apdus.encode(new Service.GotNormal(0xC1, new Outcome.Value(new DlmsData.Unsigned8(99)))));
      assertThat(to.get(LEFT_VALUE)).isEqualTo(new Outcome.Value(SHORT));
      // the priority is that which was asked for
      assertThat(link.sent.getLast()[2] & 0xC0).isEqualTo(0xC0);
    }
  }

  @Test
  @DisplayName("without priority management, or where it is not wanted, no priority is asked for")
  void normalPriority() throws Exception {
    MemoryLink link = meter.link(17);
    Conformance plain = Conformance.of(Conformance.Service.GET);
    try (Association to =
        Association.open(link, AssociationRequest.open().withConformance(plain))) {
      to.get(LEFT_VALUE);
      assertThat(link.sent.getLast()[2] & 0xC0).isEqualTo(0x40);
    }
    link = meter.link(17);
    try (Association to = Association.open(link, AssociationRequest.open().withNormalPriority())) {
      to.get(LEFT_VALUE);
      assertThat(link.sent.getLast()[2] & 0xC0).isEqualTo(0x40);
    }
  }

  // --- the meter, APDU by APDU

  private static final int INVOKE = 0xC3;

  private MeterAssociation opened() throws Exception {
    MeterAssociation association = meter.association(17);
    MemoryLink link = new MemoryLink(association::answer);
    Association.open(link, AssociationRequest.open());
    return association;
  }

  private static Apdu ask(MeterAssociation association, Service question) throws DlmsException {
    List<byte[]> answers = association.answer(Apdus.encode(question));
    assertThat(answers).hasSize(1);
    return Apdus.decode(answers.getFirst());
  }

  private static Service.Block block(boolean last, long number) {
    return new Service.Block(last, number, DlmsData.OctetString.of((byte) 0x11));
  }

  private static Service.GotBlock none(long number, AccessResult why) {
    return new Service.GotBlock(
        INVOKE, new Service.Block(true, number, DlmsData.OctetString.EMPTY), Optional.of(why));
  }

  @Test
  @DisplayName(
      "blocks that are asked for out of order, with another id or after the end are not given")
  void wrongBlocksOfGet() throws Exception {
    MeterAssociation association = opened();
    meter.left.set(2, LONG);
    Service.GetNormal get = new Service.GetNormal(INVOKE, whole(LEFT_VALUE));
    assertThat(ask(association, new Service.GetNext(INVOKE, 1)))
        .isEqualTo(none(1, AccessResult.NO_LONG_GET_IN_PROGRESS));
    assertThat(((Service.GotBlock) ask(association, get)).block().number()).isEqualTo(1);
    assertThat(ask(association, new Service.GetNext(INVOKE, 2)))
        .isEqualTo(none(2, AccessResult.DATA_BLOCK_NUMBER_INVALID));
    // which has ended the transfer
    assertThat(ask(association, new Service.GetNext(INVOKE, 1)))
        .isEqualTo(none(1, AccessResult.NO_LONG_GET_IN_PROGRESS));
    ask(association, get);
    assertThat(((Service.GotBlock) ask(association, new Service.GetNext(0xC4, 1))).refused())
        .contains(AccessResult.NO_LONG_GET_IN_PROGRESS);
    // another request ends a transfer, too
    ask(association, get);
    assertThat(ask(association, new Service.GetNormal(INVOKE, whole(RIGHT_VALUE))))
        .isInstanceOf(Service.GotNormal.class);
    assertThat(ask(association, new Service.GetNext(INVOKE, 1)))
        .isEqualTo(none(1, AccessResult.NO_LONG_GET_IN_PROGRESS));
  }

  @Test
  @DisplayName("blocks that are written out of order or without a beginning write nothing")
  void wrongBlocksOfSet() throws Exception {
    MeterAssociation association = opened();
    DlmsData before = meter.left.value();
    assertThat(ask(association, new Service.SetBlock(INVOKE, block(true, 2))))
        .isEqualTo(new Service.SetLastBlockTaken(INVOKE, AccessResult.NO_LONG_SET_IN_PROGRESS, 2));
    Service first = new Service.SetFirstBlock(INVOKE, whole(LEFT_VALUE), block(false, 1));
    assertThat(ask(association, first)).isEqualTo(new Service.SetBlockTaken(INVOKE, 1));
    assertThat(ask(association, new Service.SetBlock(INVOKE, block(true, 3))))
        .isEqualTo(
            new Service.SetLastBlockTaken(INVOKE, AccessResult.DATA_BLOCK_NUMBER_INVALID, 3));
    assertThat(ask(association, new Service.SetBlock(INVOKE, block(true, 2))))
        .isEqualTo(new Service.SetLastBlockTaken(INVOKE, AccessResult.NO_LONG_SET_IN_PROGRESS, 2));
    ask(association, first);
    ask(association, new Service.GetNormal(INVOKE, whole(RIGHT_VALUE)));
    assertThat(ask(association, new Service.SetBlock(INVOKE, block(true, 2))))
        .isEqualTo(new Service.SetLastBlockTaken(INVOKE, AccessResult.NO_LONG_SET_IN_PROGRESS, 2));
    assertThat(
            ask(association, new Service.SetFirstBlock(INVOKE, whole(LEFT_VALUE), block(false, 2))))
        .isEqualTo(
            new Service.SetLastBlockTaken(INVOKE, AccessResult.DATA_BLOCK_NUMBER_INVALID, 2));
    assertThat(meter.left.value()).isEqualTo(before);
  }

  @Test
  @DisplayName("the same of a method's parameters, and of what it returns")
  void wrongBlocksOfAction() throws Exception {
    MeterAssociation association = opened();
    Service.Invoked outOfOrder =
        new Service.Invoked(AccessResult.DATA_BLOCK_NUMBER_INVALID, Optional.empty());
    Service.Invoked nothing =
        new Service.Invoked(AccessResult.NO_LONG_GET_IN_PROGRESS, Optional.empty());
    assertThat(ask(association, new Service.ActionBlock(INVOKE, block(true, 2))))
        .isEqualTo(new Service.ActedNormal(INVOKE, nothing));
    ask(association, new Service.ActionFirstBlock(INVOKE, ECHO_BACK, block(false, 1)));
    assertThat(ask(association, new Service.ActionBlock(INVOKE, block(true, 3))))
        .isEqualTo(new Service.ActedNormal(INVOKE, outOfOrder));
    assertThat(ask(association, new Service.ActionNext(INVOKE, 1)))
        .isEqualTo(new Service.ActedNormal(INVOKE, nothing));
    ask(association, new Service.ActionNormal(INVOKE, ECHO_BACK, Optional.of(LONG)));
    assertThat(ask(association, new Service.ActionNext(INVOKE, 5)))
        .isEqualTo(new Service.ActedNormal(INVOKE, outOfOrder));
    assertThat(meter.echo.invocations()).isEqualTo(1);
  }

  @Test
  @DisplayName("C39 what is written in blocks is bounded")
  void tooMuch() throws Exception {
    MeterAssociation association = opened();
    DlmsData.OctetString part = longValue(2_000);
    Apdu answer =
        ask(
            association,
            new Service.SetFirstBlock(
                INVOKE, whole(LEFT_VALUE), new Service.Block(false, 1, part)));
    for (int n = 2; answer instanceof Service.SetBlockTaken; n++) {
      assertThat(n).isLessThan(50);
      answer = ask(association, new Service.SetBlock(INVOKE, new Service.Block(false, n, part)));
    }
    assertThat(((Service.SetLastBlockTaken) answer).result())
        .isEqualTo(AccessResult.LONG_SET_ABORTED);
  }

  @Test
  @DisplayName("a list with other than one value for each thing is refused as a whole")
  void unevenList() throws Exception {
    MeterAssociation association = opened();
    assertThat(
            ask(
                association,
                new Service.SetList(
                    INVOKE, List.of(whole(LEFT_VALUE), whole(RIGHT_VALUE)), List.of(SHORT))))
        .isInstanceOf(Service.ExceptionResponse.class);
    assertThat(ask(association, new Service.ActionList(INVOKE, List.of(ECHO_BACK), List.of())))
        .isInstanceOf(Service.ExceptionResponse.class);
    assertThat(meter.left.value()).isNotEqualTo(SHORT);
    assertThat(meter.echo.invocations()).isZero();
  }

  @Test
  @DisplayName("C39 a list that asks for a long value again and again is not answered without end")
  void sameLongValueManyTimes() throws Exception {
    MeterAssociation association = opened();
    meter.left.set(2, longValue(60_000));
    List<Service.Selected> many = java.util.Collections.nCopies(5_000, whole(LEFT_VALUE));
    Apdu answer = ask(association, new Service.GetList(INVOKE, many));
    assertThat(answer).isInstanceOf(Service.GotBlock.class);
  }
}

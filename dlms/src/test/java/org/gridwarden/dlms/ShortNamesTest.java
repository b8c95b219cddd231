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
import org.gridwarden.dlms.ShortNameService.Read;
import org.gridwarden.dlms.ShortNameService.Variable;
import org.gridwarden.dlms.ShortNameService.Written;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Short names: the same calls, with Read and Write (IEC 62056-6-2, class 12). */
class ShortNamesTest {
  private static final DlmsData SHORT = new DlmsData.Unsigned8(7);
  private static final DlmsData LONG = longValue(5_000);
  private final TestMeter meter = TestMeter.create();

  private AssociationRequest request(int client) {
    return (client == 18 ? meter.gmac() : AssociationRequest.open()).withShortNames();
  }

  @ParameterizedTest
  @DisplayName("the same calls as with logical names, short and by blocks, plain and ciphered")
  @ValueSource(ints = {17, 18})
  void sameCalls(int client) throws Exception {
    MemoryLink link = meter.link(client);
    try (Association to = Association.open(link, request(client))) {
      for (DlmsData value : List.of(SHORT, LONG)) {
        assertThat(to.set(LEFT_VALUE, value)).isEqualTo(AccessResult.SUCCESS);
        assertThat(meter.left.value()).isEqualTo(value);
        assertThat(to.get(LEFT_VALUE)).isEqualTo(new Outcome.Value(value));
        assertThat(to.get(LEFT_VALUE, new Selection(2, value))).isEqualTo(new Outcome.Value(value));
        assertThat(
                to.set(
                    List.of(
                        whole(LEFT_VALUE),
                        whole(new AttributeRef(1, TestMeter.RIGHT, 2)),
                        whole(new AttributeRef(3, TestMeter.RIGHT, 2))),
                    List.of(SHORT, value, value)))
            .containsExactly(
                AccessResult.SUCCESS, AccessResult.SUCCESS, AccessResult.OBJECT_CLASS_INCONSISTENT);
        assertThat(
                to.get(
                    List.of(
                        whole(RIGHT_VALUE),
                        whole(new AttributeRef(1, ObisCode.parse("9.9.9.9.9.9"), 2)),
                        whole(LEFT_VALUE))))
            .containsExactly(
                new Outcome.Value(value),
                new Outcome.Refused(AccessResult.OBJECT_UNDEFINED),
                new Outcome.Value(SHORT));
        // a method that returns something is read with its parameters
        assertThat(to.action(ECHO_BACK, Optional.of(value)).returned())
            .contains(new Outcome.Value(value));
      }
      assertThat(to.action(new MethodRef(115, TestMeter.LEFT, 1), Optional.empty()).result())
          .isEqualTo(AccessResult.OBJECT_UNDEFINED);
      assertThat(to.get(new AttributeRef(1, TestMeter.LEFT, 1)))
          .isEqualTo(new Outcome.Value(DlmsData.OctetString.of(TestMeter.LEFT)));
    }
  }

  @Test
  @DisplayName("the object list is read once, and only when a name is needed")
  void objectListOnce() throws Exception {
    MemoryLink link = meter.link(16);
    try (Association to = Association.open(link, request(16))) {
      assertThat(link.sent).hasSize(1);
      to.get(LEFT_VALUE);
      to.get(RIGHT_VALUE);
      assertThat(link.tagsSent()).containsExactly(0x60, 5, 5, 5);
      // read-request of one variable-name, object_list of the association at 0xFA00
      assertThat(LinkVectors.hex(link.sent.get(1))).isEqualTo("0501" + "02fa08");
    }
  }

  @Test
  @DisplayName("UnconfirmedWrite writes and invokes, and nothing is answered")
  void unconfirmed() throws Exception {
    MemoryLink link = meter.link(17);
    try (Association to = Association.open(link, request(17))) {
      to.setUnconfirmed(LEFT_VALUE, SHORT);
      to.actionUnconfirmed(ECHO_BACK, Optional.of(SHORT));
      assertThat(link.tagsSent()).endsWith(22, 22);
      assertThat(link.coming).isEmpty();
      assertThat(meter.left.value()).isEqualTo(SHORT);
      assertThat(meter.echo.invocations()).isEqualTo(1);
      assertThatThrownBy(
              () -> to.setUnconfirmed(new AttributeRef(1, ObisCode.parse("9.9.9.9.9.9"), 2), SHORT))
          .hasMessageContaining("object undefined");
    }
  }

  @Test
  @DisplayName("a question longer than one APDU goes in several, or in blocks")
  void longQuestions() throws Exception {
    List<Service.Selected> many = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      many.add(whole(i % 2 == 0 ? LEFT_VALUE : RIGHT_VALUE));
    }
    try (Association to = Association.open(meter.link(17), request(17))) {
      to.set(RIGHT_VALUE, SHORT);
      assertThat(to.get(many)).hasSize(1_500).endsWith(new Outcome.Value(SHORT));
      assertThat(to.get(LEFT_VALUE, new Selection(2, LONG))).isEqualTo(new Outcome.Value(LONG));
    }
  }

  @ParameterizedTest
  @DisplayName("each class's methods stand where the Blue Book has them")
  @CsvSource({
    "3, 1, 0x28", "4, 1, 0x38", "5, 2, 0x50", "6, 3, 0x40", "7, 2, 0x60", "8, 1, 0x60",
    "8, 6, 0x88", "9, 1, 0x20", "10, 3, 0x30", "11, 2, 0x18", "12, 8, 0x58", "17, 1, 0x20",
    "18, 4, 0x58", "20, 1, 0x50", "64, 2, 0x38", "70, 1, 0x20", "70, 2, 0x28"
  })
  void methodNames(int classId, int method, String offset) {
    assertThat(MethodNames.offset(classId, method, 0)).hasValue(Integer.decode(offset));
  }

  @Test
  @DisplayName("one value in blocks may come as it is, or as a list of one")
  void blocksOfOne() throws Exception {
    byte[] aare =
        LinkVectors.hex(
            "6129A109060760857405080102A203020100A305A103020100BE10040E0800065F1F04001C1020"
                + "0800FA00");
    for (String body : List.of("0904AABBCCDD", "01" + "00" + "0904AABBCCDD")) {
      int half = 4;
      List<byte[]> answers =
          new ArrayList<>(
              List.of(
                  aare,
                  // the object list: base name 0x0100, class 1, version 0, a logical name
                  LinkVectors.hex(
                      "0C01"
                          + "00"
                          + "0101"
                          + "0204"
                          + "100100"
                          + "120001"
                          + "1100"
                          + "0906"
                          + LinkVectors.hex(TestMeter.LEFT.bytes())),
                  // blocks 1 and 2
                  LinkVectors.hex("0C01" + "02000001" + "04" + body.substring(0, 2 * half)),
                  LinkVectors.hex(
                      "0C01"
                          + "02010002"
                          + "%02X".formatted(body.length() / 2 - half)
                          + body.substring(2 * half))));
      try (Association to =
          Association.open(
              new MemoryLink(_ -> answers.isEmpty() ? List.of() : List.of(answers.removeFirst())),
              AssociationRequest.open().withShortNames())) {
        assertThat(to.get(LEFT_VALUE))
            .isEqualTo(new Outcome.Value(DlmsData.OctetString.of(LinkVectors.hex("AABBCCDD"))));
      }
    }
  }

  // --- the meter, APDU by APDU

  private MeterAssociation opened() throws Exception {
    MeterAssociation association = meter.association(17);
    Association.open(new MemoryLink(association::answer), request(17));
    return association;
  }

  private static Apdu ask(MeterAssociation association, Service question) throws DlmsException {
    return Apdus.decode(association.answer(Apdus.encode(question)).getFirst());
  }

  private static Apdu refused(AccessResult why) {
    return new ShortNameService.ReadResponse(List.of(new Read.Whole(new Outcome.Refused(why))));
  }

  @Test
  @DisplayName("names that stand for nothing, and between two names, are refused")
  void wrongNames() throws Exception {
    MeterAssociation association = opened();
    for (int name : List.of(0, 0x00F8, 0x0101, 0x0110 + 1, 0x7FF8, 0xFA04, 0xFA70, 0xFFF8)) {
      assertThat(
              ask(association, new ShortNameService.ReadRequest(List.of(new Variable.Name(name)))))
          .as("name %04X", name)
          .isEqualTo(refused(AccessResult.OBJECT_UNDEFINED));
      assertThat(
              ask(
                  association,
                  new ShortNameService.WriteRequest(
                      List.of(new Variable.Name(name)), List.of(SHORT))))
          .isEqualTo(
              new ShortNameService.WriteResponse(
                  List.of(new Written.Whole(AccessResult.OBJECT_UNDEFINED))));
    }
  }

  @Test
  @DisplayName("blocks out of order or without a beginning are refused, and write nothing")
  void wrongBlocks() throws Exception {
    MeterAssociation association = opened();
    meter.left.set(2, LONG);
    int left = 0x0100 + 8; // the first object's second attribute
    var read = new ShortNameService.ReadRequest(List.of(new Variable.Name(left)));
    var next = new ShortNameService.ReadRequest(List.of(new Variable.BlockNumber(1)));
    assertThat(ask(association, next)).isEqualTo(refused(AccessResult.NO_LONG_GET_IN_PROGRESS));
    assertThat(((ShortNameService.ReadResponse) ask(association, read)).results().getFirst())
        .isInstanceOf(Read.Block.class);
    assertThat(
            ask(
                association,
                new ShortNameService.ReadRequest(List.of(new Variable.BlockNumber(2)))))
        .isEqualTo(refused(AccessResult.DATA_BLOCK_NUMBER_INVALID));
    assertThat(ask(association, next)).isEqualTo(refused(AccessResult.NO_LONG_GET_IN_PROGRESS));
    var wrong =
        new ShortNameService.WriteRequest(
            List.of(new Variable.WriteBlock(true, 2)), List.of(DlmsData.OctetString.of((byte) 1)));
    assertThat(ask(association, wrong))
        .isEqualTo(
            new ShortNameService.WriteResponse(
                List.of(new Written.Whole(AccessResult.DATA_BLOCK_NUMBER_INVALID))));
    assertThat(
            ask(
                association,
                new ShortNameService.WriteRequest(
                    List.of(new Variable.WriteBlock(true, 1)), List.of(SHORT))))
        .isEqualTo(
            new ShortNameService.WriteResponse(
                List.of(new Written.Whole(AccessResult.TYPE_UNMATCHED))));
    assertThat(meter.left.value()).isEqualTo(LONG);
  }

  @Test
  @DisplayName("a list with other than one value for each name writes nothing")
  void uneven() throws Exception {
    MeterAssociation association = opened();
    ask(
        association,
        new ShortNameService.WriteRequest(
            List.of(new Variable.Name(0x0108)), List.of(SHORT, SHORT)));
    association.answer(
        Apdus.encode(
            new ShortNameService.UnconfirmedWriteRequest(
                List.of(new Variable.Name(0x0108)), List.of())));
    assertThat(meter.left.value()).isNotEqualTo(SHORT);
  }
}

package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.TestMeter.ECHO_BACK;
import static org.gridwarden.dlms.TestMeter.LEFT_VALUE;
import static org.gridwarden.dlms.TestMeter.RIGHT_VALUE;
import static org.gridwarden.dlms.TestMeter.longValue;
import static org.gridwarden.dlms.TestMeter.whole;

import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.client.Access;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ACCESS: mixed requests, done in order (IEC 62056-5-3, clause 9.3.5). */
class AccessTest {
  private static final DlmsData SEVEN = new DlmsData.Unsigned8(7);
  private static final DlmsData EIGHT = new DlmsData.Unsigned8(8);
  private static final DlmsData NOTHING = DlmsData.NullData.of();
  private static final AttributeRef MISSING = new AttributeRef(1, TestMeter.LEFT, 9);
  private final TestMeter meter = TestMeter.create();

  private Association open(int client) throws Exception {
    return meter.open(client, client == 18 ? meter.gmac() : AssociationRequest.open());
  }

  @ParameterizedTest
  @DisplayName("reads, writes and methods in one request are done in order, plain and ciphered")
  @ValueSource(ints = {17, 18})
  void inOrder(int client) throws Exception {
    try (Association to = open(client)) {
      List<Access.Done> done =
          to.access()
              .set(LEFT_VALUE, SEVEN)
              .get(LEFT_VALUE)
              .set(LEFT_VALUE, EIGHT)
              .get(LEFT_VALUE)
              .get(MISSING)
              .get(LEFT_VALUE, new Selection(2, SEVEN))
              .set(LEFT_VALUE, new Selection(2, SEVEN), SEVEN)
              .action(ECHO_BACK, SEVEN)
              .action(ECHO_BACK)
              .send();
      assertThat(done)
          .extracting(Access.Done::data)
          .containsExactly(NOTHING, SEVEN, NOTHING, EIGHT, NOTHING, SEVEN, NOTHING, SEVEN, NOTHING);
      assertThat(done)
          .extracting(d -> d.result().code())
          .containsExactly(0, 0, 0, 0, 4, 0, 13, 0, 0);
      assertThat(meter.left.value()).isEqualTo(EIGHT);
    }
  }

  @Test
  @DisplayName("where the first failure breaks off, what follows is not done")
  void breakOnError() throws Exception {
    try (Association to = open(17)) {
      assertThat(
              to.access()
                  .breakOnError()
                  .set(LEFT_VALUE, SEVEN)
                  .get(MISSING)
                  .set(RIGHT_VALUE, SEVEN)
                  .send())
          .extracting(Access.Done::result)
          .containsExactly(AccessResult.SUCCESS, AccessResult.OBJECT_UNDEFINED);
      assertThat(meter.right.value()).isNotEqualTo(SEVEN);
    }
  }

  @ParameterizedTest
  @DisplayName("long ones go by general block transfer, both ways")
  @ValueSource(ints = {17, 18})
  void longOnes(int client) throws Exception {
    MemoryLink link = meter.link(client);
    DlmsData longer = longValue(9_000);
    AssociationRequest request = client == 18 ? meter.gmac() : AssociationRequest.open();
    try (Association to = Association.open(link, request)) {
      assertThat(
              to.access().set(LEFT_VALUE, longer).get(LEFT_VALUE).action(ECHO_BACK, longer).send())
          .extracting(Access.Done::data)
          .containsExactly(NOTHING, longer, longer);
      assertThat(link.tagsSent().getLast()).isEqualTo(0xE0);
      // a short question with a long answer
      assertThat(to.access().get(LEFT_VALUE).send().getFirst().data()).isEqualTo(longer);
    }
  }

  @Test
  @DisplayName(
      "an unconfirmed one is done and not answered; one that is self-descriptive is repeated")
  void flags() throws Exception {
    MeterAssociation association = meter.association(17);
    try (Association to =
        Association.open(new MemoryLink(association::answer), AssociationRequest.open())) {
      to.access().set(LEFT_VALUE, SEVEN).tell();
      assertThat(meter.left.value()).isEqualTo(SEVEN);
      AccessService.Specification get = new AccessService.Specification.Get(whole(LEFT_VALUE));
      AccessService.Request request =
          new AccessService.Request(
              AccessService.CONFIRMED | AccessService.SELF_DESCRIPTIVE | 5,
              Optional.empty(),
              List.of(get),
              List.of(NOTHING));
      assertThat(Apdus.decode(association.answer(Apdus.encode(request)).getFirst()))
          .isEqualTo(
              new AccessService.Response(
                  AccessService.CONFIRMED | AccessService.SELF_DESCRIPTIVE | 5,
                  Optional.empty(),
                  Optional.of(List.of(get)),
                  List.of(SEVEN),
                  List.of(new AccessService.Result(1, AccessResult.SUCCESS))));
    }
  }

  @Test
  @DisplayName("a request with other than one value for each thing does nothing")
  void uneven() throws Exception {
    MeterAssociation association = meter.association(17);
    Association.open(new MemoryLink(association::answer), AssociationRequest.open());
    AccessService.Request request =
        new AccessService.Request(
            AccessService.CONFIRMED,
            Optional.empty(),
            List.of(new AccessService.Specification.Set(whole(LEFT_VALUE))),
            List.of(SEVEN, SEVEN));
    assertThat(Apdus.decode(association.answer(Apdus.encode(request)).getFirst()))
        .isInstanceOf(Service.ExceptionResponse.class);
    assertThat(meter.left.value()).isNotEqualTo(SEVEN);
  }
}

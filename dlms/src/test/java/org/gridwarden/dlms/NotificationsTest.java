package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.TestMeter.LEFT_VALUE;
import static org.gridwarden.dlms.TestMeter.RIGHT_VALUE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a meter says unasked, in the middle of a conversation. */
class NotificationsTest {
  private static final DlmsData SEVEN = new DlmsData.Unsigned8(7);
  private static final Apdu.DataNotification PUSH =
      new Apdu.DataNotification(0x4000_0005L, Optional.empty(), SEVEN);
  private final TestMeter meter = TestMeter.create();
  private final List<Apdu> heard = new ArrayList<>();

  @Test
  @DisplayName(
      "pushes and events are heard, confirmed where that is wanted, and taken for no answer")
  void inTheMiddle() throws Exception {
    MeterAssociation association = meter.association(17);
    MemoryLink link = new MemoryLink(association::answer);
    try (Association to =
        Association.open(link, AssociationRequest.open().withListener(heard::add))) {
      Apdu.DataNotification unconfirmed = new Apdu.DataNotification(6, Optional.empty(), SEVEN);
      link.coming.add(association.notification(RIGHT_VALUE).orElseThrow());
      link.coming.add(Apdus.encode(PUSH));
      link.coming.add(Apdus.encode(unconfirmed));
      to.set(LEFT_VALUE, SEVEN);
      assertThat(to.get(LEFT_VALUE)).isEqualTo(new Outcome.Value(SEVEN));
      assertThat(heard)
          .containsExactly(
              new Apdu.EventNotification(
                  Optional.empty(), 1, TestMeter.RIGHT, 2, new DlmsData.Unsigned8(0)),
              PUSH,
              unconfirmed);
      // one confirm, of the one push that wants it: 10, its invoke id, no time
      assertThat(link.sent).filteredOn(apdu -> apdu[0] == 0x10).hasSize(1);
      assertThat(LinkVectors.hex(link.sent.get(2))).isEqualTo("104000000500");
      link.coming.add(Apdus.encode(PUSH));
      to.listen(Duration.ofSeconds(1));
      assertThat(heard).hasSize(4);
    }
  }

  @Test
  @DisplayName("with short names the meter's report is heard")
  void informationReport() throws Exception {
    MeterAssociation association = meter.association(17);
    MemoryLink link = new MemoryLink(association::answer);
    try (Association to =
        Association.open(
            link, AssociationRequest.open().withShortNames().withListener(heard::add))) {
      link.coming.add(association.notification(LEFT_VALUE).orElseThrow());
      assertThat(to.get(RIGHT_VALUE)).isInstanceOf(Outcome.Value.class);
      assertThat(heard)
          .containsExactly(
              new ShortNameService.InformationReportRequest(
                  Optional.empty(),
                  List.of(new ShortNameService.Variable.Name(0x0108)),
                  List.of(new DlmsData.Unsigned8(0))));
    }
  }

  @Test
  @DisplayName("C7 in a ciphered association what comes in the clear is nobody's: it is not heard")
  void cleartext() throws Exception {
    MeterAssociation association = meter.association(18);
    MemoryLink link = new MemoryLink(association::answer);
    try (Association to = Association.open(link, meter.gmac().withListener(heard::add))) {
      link.coming.add(Apdus.encode(PUSH));
      link.coming.add(association.notification(LEFT_VALUE).orElseThrow());
      assertThat(to.get(RIGHT_VALUE)).isInstanceOf(Outcome.Value.class);
      assertThat(heard).hasExactlyElementsOfTypes(Apdu.EventNotification.class);
    }
  }

  @Test
  @DisplayName("C8 nobody is told what they may not read, or did not agree to be told")
  void notForEverybody() throws Exception {
    MeterAssociation association = meter.association(17);
    assertThat(association.notification(LEFT_VALUE)).as("no association").isEmpty();
    Association.open(
        new MemoryLink(association::answer),
        AssociationRequest.open().withConformance(Conformance.of(Conformance.Service.GET)));
    assertThat(association.notification(LEFT_VALUE)).isEmpty();
    assertThat(association.notification(new AttributeRef(1, TestMeter.LEFT, 9))).isEmpty();
  }
}

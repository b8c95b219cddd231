package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.TestMeter.LEFT_VALUE;
import static org.gridwarden.dlms.TestMeter.longValue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;

/** What goes through general block transfer comes out whole, or not at all, whatever is lost. */
class BlockConversationProperties {
  private static final Conformance ONLY_GENERAL =
      Conformance.of(
          Conformance.Service.GENERAL_BLOCK_TRANSFER,
          Conformance.Service.GET,
          Conformance.Service.SET);

  @Property(tries = 200)
  void longValuesBothWays(
      @ForAll @IntRange(max = 20_000) int length,
      @ForAll @IntRange(min = 64, max = 2_048) int maxPdu,
      @ForAll boolean ciphered)
      throws Exception {
    TestMeter meter = TestMeter.create();
    MemoryLink link = meter.link(ciphered ? 18 : 17);
    DlmsData value = longValue(length);
    AssociationRequest request = ciphered ? meter.gmac() : AssociationRequest.open();
    try (Association to =
        Association.open(link, request.withConformance(ONLY_GENERAL).withMaxPdu(maxPdu))) {
      link.received.clear(); // the AARE, which no maximum holds
      assertThat(to.set(LEFT_VALUE, value)).isEqualTo(AccessResult.SUCCESS);
      assertThat(to.get(LEFT_VALUE)).isEqualTo(new Outcome.Value(value));
      assertThat(link.received).allSatisfy(apdu -> assertThat(apdu.length).isLessThan(maxPdu + 1));
      assertThat(link.sent).allSatisfy(apdu -> assertThat(apdu.length).isLessThan(2_049));
    }
  }

  @Property(tries = 200)
  void lostBlocksAreSentAgain(
      @ForAll long seed,
      @ForAll @IntRange(min = 3_000, max = 12_000) int length,
      @ForAll @IntRange(max = 15) int percent)
      throws Exception {
    TestMeter meter = TestMeter.create();
    MemoryLink link = meter.link(17);
    DlmsData value = longValue(length);
    Random chance = new Random(seed);
    try (Association to =
        Association.open(
            link, AssociationRequest.open().withConformance(ONLY_GENERAL).withMaxPdu(200))) {
      link.losing(apdu -> apdu[0] == (byte) 0xE0 && chance.nextInt(100) < percent);
      for (int i = 0; i < 3; i++) {
        try {
          assertThat(to.set(LEFT_VALUE, value)).isEqualTo(AccessResult.SUCCESS);
          assertThat(to.get(LEFT_VALUE)).isEqualTo(new Outcome.Value(value));
        } catch (java.net.SocketTimeoutException e) {
          return; // the same block was lost four times: no answer, rather than a wrong one
        }
      }
    }
  }
}

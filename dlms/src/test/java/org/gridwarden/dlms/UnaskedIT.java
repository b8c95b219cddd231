package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.meter.UdpMeterServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a meter's port says unasked to whoever has an association open. */
@Timeout(60)
class UnaskedIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final MeterServer.Limits LIMITS = new MeterServer.Limits(100, SOON);
  private static final int QUESTIONS = 300;

  private final TestMeter meter = TestMeter.create();
  private final List<Apdu> heard = new CopyOnWriteArrayList<>();

  private AssociationRequest listening() {
    return AssociationRequest.open().withListener(heard::add);
  }

  private void hear(Association to, int wanted) throws Exception {
    while (heard.size() < wanted) {
      to.listen(Duration.ofMillis(50));
    }
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Test
  @DisplayName("over TCP, in the midst of questions: each is heard, and no answer is torn")
  void amidQuestions() throws Exception {
    try (MeterServer server = MeterServer.open(ANY, Map.of(1, meter.device()), LIMITS);
        Association to =
            Association.open(WrapperLink.connect(at(server.port()), 17, 1, SOON), listening())) {
      Thread teller =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < QUESTIONS; i++) {
                  assertThat(server.tell(1, TestMeter.LEFT_VALUE)).isEqualTo(1);
                }
              });
      for (int i = 0; i < QUESTIONS; i++) {
        assertThat(to.get(TestMeter.RIGHT_VALUE))
            .isEqualTo(new Outcome.Value(new DlmsData.Unsigned8(0)));
      }
      assertThat(teller.join(SOON)).isTrue();
      hear(to, QUESTIONS);
      assertThat(heard).hasSize(QUESTIONS).hasOnlyElementsOfType(Apdu.EventNotification.class);
      assertThat(server.tell(2, TestMeter.LEFT_VALUE)).as("another device").isZero();
    }
  }

  @Test
  @DisplayName("over UDP; and nobody is told after the release")
  void overUdp() throws Exception {
    try (UdpMeterServer server = UdpMeterServer.open(ANY, Map.of(1, meter.device()), LIMITS)) {
      try (Association to =
          Association.open(UdpLink.open(at(server.port()), 17, 1, 1_024), listening())) {
        assertThat(server.tell(1, TestMeter.LEFT_VALUE)).isEqualTo(1);
        hear(to, 1);
        assertThat(heard).hasSize(1);
      }
      assertThat(server.tell(1, TestMeter.LEFT_VALUE)).isZero();
    }
  }
}

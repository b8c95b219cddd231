package org.gridwarden.bench.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  private static Result result(String name, Object... figures) {
    Result result = new Result(name);
    for (int i = 0; i < figures.length; i += 2) {
      result.put((Figure) figures[i], ((Number) figures[i + 1]).doubleValue());
    }
    return result;
  }

  private static Claims.Claim claim(String words, Result... results) {
    return Claims.of(List.of(results)).stream()
        .filter(c -> c.claim().contains(words))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void withoutFiguresNothingIsSaidToBeMeasured() {
    assertThat(Claims.of(List.of()))
        .hasSize(10)
        .allMatch(c -> c.verdict() == Claims.Verdict.NOT_MEASURED);
  }

  @Test
  void threeToOneIsARatioOfOrders() {
    Result socket = result("websocket", Figure.DOWN_P50, 100);
    assertThat(claim("polling", socket, result("http-polling", Figure.DOWN_P50, 450)))
        .satisfies(c -> {
          assertThat(c.verdict()).isEqualTo(Claims.Verdict.BORNE_OUT);
          assertThat(c.measured()).contains("4.5 to one");
        });
    assertThat(claim("polling", socket, result("http-polling", Figure.DOWN_P50, 120)).verdict())
        .isEqualTo(Claims.Verdict.NOT_BORNE_OUT);
  }

  @Test
  void coapIsLossierInPartWhereConfirmedMessagesArrive() {
    Result mqtt = result("mqtt-qos0", Figure.DELIVERED_PERCENT, 100);
    Result non = result("coap-non", Figure.DELIVERED_PERCENT, 90);
    Result con = result("coap-con", Figure.DELIVERED_PERCENT, 100);
    assertThat(claim("loses more", mqtt, non, con).verdict()).isEqualTo(Claims.Verdict.PARTLY);
    Result lossy = result("coap-con", Figure.DELIVERED_PERCENT, 95);
    assertThat(claim("loses more", mqtt, non, lossy).verdict()).isEqualTo(Claims.Verdict.BORNE_OUT);
  }

  @Test
  void theOrderOf2017IsLookedAtInBothSteps() {
    Result non = result("coap-non", Figure.WIRE_BYTES, 200);
    Result zero = result("mqtt-qos0", Figure.WIRE_BYTES, 300);
    Result socket = result("websocket", Figure.WIRE_BYTES, 290);
    Claims.Claim claim = claim("then WebSocket", non, zero, socket);
    assertThat(claim.verdict()).isEqualTo(Claims.Verdict.PARTLY);
    assertThat(claim.measured()).contains("200, 300 and 290 bytes");
  }

  @Test
  void twoByteFramesAreJudgedByTheHeadsThatWereCaptured() {
    Result socket =
        result(
            "websocket",
            Figure.FRAME_HEAD_UP_BYTES,
            8,
            Figure.FRAME_HEAD_DOWN_BYTES,
            2,
            Figure.PROTOCOL_BYTES,
            14);
    assertThat(claim("2 bytes", socket).verdict()).isEqualTo(Claims.Verdict.PARTLY);
    assertThat(claim("2 bytes", socket).measured())
        .contains("2.0 bytes from the office and of 8.0 from a meter");
    Result both =
        result("websocket", Figure.FRAME_HEAD_UP_BYTES, 2, Figure.FRAME_HEAD_DOWN_BYTES, 2);
    assertThat(claim("2 bytes", both).verdict()).isEqualTo(Claims.Verdict.BORNE_OUT);
    Result without = result("websocket", Figure.PROTOCOL_BYTES, 1);
    assertThat(claim("2 bytes", without).verdict()).isEqualTo(Claims.Verdict.NOT_MEASURED);
  }

  @Test
  void xmppsMessageIsReckonedDownToTwelveBytesWithItsBase64() {
    Result xmpp = result("xmpp", Figure.PROTOCOL_BYTES, 400);
    xmpp.sealing(150); // 200 characters: 50 more
    Result mqtt = result("mqtt-qos0", Figure.PROTOCOL_BYTES, 48);
    Claims.Claim claim = claim("491 bytes", xmpp, mqtt);
    assertThat(claim.measured()).contains("366 by XMPP").contains("60 by MQTT").contains("6.1 to");
    assertThat(claim.verdict()).isEqualTo(Claims.Verdict.PARTLY);
  }

  @Test
  void amqpIsJudgedByWhatIsSettledAfterTheCommit() {
    Result once = result("amqp-qos0", Figure.OUTAGE_DELIVERED_PERCENT, 80);
    Result atLeastOnce = result("amqp-qos1", Figure.OUTAGE_DELIVERED_PERCENT, 100);
    Claims.Claim claim = claim("stores and forwards", once, atLeastOnce);
    assertThat(claim.verdict()).isEqualTo(Claims.Verdict.BORNE_OUT);
    assertThat(claim.measured()).contains("100.0 %", "80.0 % where it is settled when sent");
    assertThat(claim("stores and forwards", once).verdict()).isEqualTo(Claims.Verdict.NOT_MEASURED);
  }
}

package org.gridwarden.bench.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.gridwarden.bench.net.Link;
import org.junit.jupiter.api.Test;

class ZigbeeModelRowTest {
  private static Settings settings(boolean zigbee) {
    return new Settings(
        Variant.chosen("mqtt-qos1", "all"),
        5,
        Link.PERFECT,
        Duration.ofSeconds(5),
        Duration.ofSeconds(60),
        Duration.ZERO,
        0,
        Duration.ZERO,
        Duration.ZERO,
        1,
        false,
        false,
        zigbee,
        Optional.empty());
  }

  private static Result measured() {
    Result mqtt = new Result("mqtt-qos1");
    mqtt.saying(112);
    mqtt.sealing(165);
    return mqtt;
  }

  @Test
  void itCarriesTheOthersMessagesAndIsCalledAModel() {
    Result row = ZigbeeModelRow.of(settings(true), List.of(measured())).orElseThrow();
    assertThat(row.name()).isEqualTo("zigbee (model)");
    assertThat(row.get(Figure.MESSAGES)).contains(60.0);
    assertThat(row.get(Figure.DELIVERED_PERCENT)).contains(100.0);
    assertThat(row.get(Figure.PAYLOAD_BYTES)).contains(112.0);
    // the layers are all there is
    double parts =
        row.get(Figure.PAYLOAD_BYTES).orElseThrow()
            + row.get(Figure.SECURITY_BYTES).orElseThrow()
            + row.get(Figure.PROTOCOL_BYTES).orElseThrow();
    assertThat(parts).isCloseTo(row.get(Figure.WIRE_BYTES).orElseThrow(), within(1e-6));
    assertThat(row.get(Figure.ACKNOWLEDGED_P50).orElseThrow())
        .isGreaterThan(row.get(Figure.UP_P50).orElseThrow());
    // no link to an office was modelled, no processor measured
    assertThat(row.get(Figure.OFFICE_MICROS)).isEmpty();
  }

  @Test
  void itIsThereWhereItIsAskedForAndAnotherIsMeasured() {
    assertThat(ZigbeeModelRow.of(settings(false), List.of(measured()))).isEmpty();
    assertThat(ZigbeeModelRow.of(settings(true), List.of(new Result("dlms")))).isEmpty();
    assertThat(ZigbeeModelRow.isIn("all")).isTrue();
    assertThat(ZigbeeModelRow.isIn("mqtt, Zigbee")).isTrue();
    assertThat(ZigbeeModelRow.isIn("mqtt")).isFalse();
    assertThat(ZigbeeModelRow.without("mqtt,zigbee,coap")).isEqualTo("mqtt,coap");
    assertThatThrownBy(() -> ZigbeeModelRow.without("zigbee"))
        .hasMessageContaining("name one beside it");
  }
}

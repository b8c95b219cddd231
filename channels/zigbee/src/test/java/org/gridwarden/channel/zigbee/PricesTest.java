package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;

import com.zsmartsystems.zigbee.serialization.DefaultDeserializer;
import com.zsmartsystems.zigbee.zcl.ZclFieldDeserializer;
import com.zsmartsystems.zigbee.zcl.protocol.ZclDataType;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.junit.jupiter.api.Test;

/** Prices as displays are told of them. */
class PricesTest {
  /**
   * The library's reading of its own UTCTIME takes no byte at all, and PublishPrice's therefore.
   */
  private static final ZclDataType TIME = ZclDataType.UNSIGNED_32_BIT_INTEGER;

  private static final Instant NOW = Instant.parse("2026-11-26T00:15:02Z");

  private static Optional<PublishedPrice> price(long micro, String currency, Instant from) {
    return PublishedPrice.of(new Action.SetPrice(micro, currency, from), NOW);
  }

  @Test
  void aPublicationFieldByField() {
    byte[] now = price(275_000, "CHF", NOW).orElseThrow().bytes(NOW);
    assertThat(now)
        .isEqualTo(
            HexFormat.of()
                .parseHex(
                    "00000000" // provider
                        + "00" // no label
                        + event() // the seconds since 2000, lowest byte first
                        + event() // time: the same
                        + "00" // kWh
                        + "f402" // 756, CHF
                        + "30" // three digits behind the point
                        + "00" // no tiers
                        + "00000000" // from now on
                        + "ffff" // until changed
                        + "13010000" // 275
                        + "ff"
                        + "ffffffff"
                        + "ff")); // what is not used
  }

  private static String event() {
    long seconds = NOW.getEpochSecond() - Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
    return HexFormat.of().toHexDigits(Integer.reverseBytes((int) seconds));
  }

  /** The same bytes, read by the library's codecs of the fields' types. */
  @Test
  void theLibraryReadsTheSame() {
    Instant later = NOW.plusSeconds(3_600);
    byte[] bytes = price(1_234_567, "EUR", later).orElseThrow().bytes(NOW);
    int[] values = new int[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xFF;
    }
    ZclFieldDeserializer in = new ZclFieldDeserializer(new DefaultDeserializer(values));
    assertThat(next(in, ZclDataType.UNSIGNED_32_BIT_INTEGER)).isEqualTo(0);
    next(in, ZclDataType.OCTET_STRING);
    next(in, ZclDataType.UNSIGNED_32_BIT_INTEGER); // event
    next(in, TIME); // now
    assertThat(next(in, ZclDataType.ENUMERATION_8_BIT)).isEqualTo(0);
    assertThat(next(in, ZclDataType.UNSIGNED_16_BIT_INTEGER)).isEqualTo(978);
    assertThat(next(in, ZclDataType.BITMAP_8_BIT)).isEqualTo(0x60);
    assertThat(next(in, ZclDataType.BITMAP_8_BIT)).isEqualTo(0);
    assertThat(next(in, TIME)) // from when on
        .isEqualTo((int) (later.getEpochSecond() - 946_684_800L));
    assertThat(next(in, ZclDataType.UNSIGNED_16_BIT_INTEGER)).isEqualTo(0xFFFF);
    assertThat(next(in, ZclDataType.UNSIGNED_32_BIT_INTEGER)).isEqualTo(1_234_567);
  }

  private static Object next(ZclFieldDeserializer in, ZclDataType type) {
    return in.<Object>deserialize(type);
  }

  @Test
  void whatZigbeeHasNoWordsForIsNotPublished() {
    assertThat(price(-1, "EUR", NOW)).as("below zero").isEmpty();
    assertThat(price(4_294_967_295L, "EUR", NOW)).as("invalid in 32 bits").isEmpty();
    assertThat(price(4_294_967_294L, "EUR", NOW)).isPresent();
    assertThat(price(4_294_967_300L, "EUR", NOW)).as("two digits fewer").isPresent();
    assertThat(price(1, "QQQ", NOW)).as("no currency").isEmpty();
    assertThat(price(1, "EUR", Instant.EPOCH)).as("before Zigbee's time").isEmpty();
    assertThat(price(0, "EUR", NOW).orElseThrow().digits()).isZero();
    assertThat(price(1, "EUR", NOW.plusSeconds(1)).orElseThrow().holds(NOW)).isFalse();
  }
}

package org.gridwarden.channel.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.simulator.xmpp.XmppCarrier;
import org.junit.jupiter.api.Test;

class JidTest {
  private static MeterDirectory knowing(String... ids) {
    return new MeterDirectory() {
      @Override
      public Optional<Meter> byId(MeterId id) {
        return Set.of(ids).contains(id.value())
            ? Optional.of(
                new Meter(
                    id,
                    id.value(),
                    new byte[0],
                    "street",
                    ZoneId.of("UTC"),
                    Meter.State.ACTIVE,
                    Meter.PushPolicy.AUTHENTICATED))
            : Optional.empty();
      }

      @Override
      public Optional<Meter> bySystemTitle(byte[] title) {
        return Optional.empty();
      }

      @Override
      public Optional<Meter> bySerial(String serial) {
        return Optional.empty();
      }
    };
  }

  @Test
  void addressesArePartsAndText() {
    assertThat(Jid.of("gw-1@meters.example/a@b/c"))
        .contains(new Jid("gw-1", "meters.example", "a@b/c"));
    assertThat(Jid.of("office.meters.example").map(Jid::isServer)).contains(true);
    assertThat(Jid.of("gw-1@Meters.example").map(Jid::toString)).contains("gw-1@meters.example");
    assertThat(Jid.of("")).isEmpty();
    assertThat(Jid.of("@meters.example")).isEmpty();
    assertThat(Jid.of("gw-1@")).isEmpty();
    assertThat(Jid.of("a".repeat(4_000))).isEmpty();
  }

  @Test
  void metersHaveTheirIdsAsAccounts() {
    MeterId meter = new MeterId("GW:00-1.x_Z");
    assertThat(Jid.local(meter)).isEqualTo("gw\\3a00-1.x_z").isEqualTo(XmppCarrier.account(meter));
    assertThat(Jid.meter("gw\\3a1", knowing("GW:1"))).contains(new MeterId("GW:1"));
    assertThat(Jid.meter("gw-1", knowing("gw-1"))).contains(new MeterId("gw-1"));
    assertThat(Jid.meter("123", knowing("123"))).contains(new MeterId("123"));
    assertThat(Jid.meter("gw-2", knowing("GW-1"))).isEmpty();
    assertThat(Jid.meter("g w", knowing("GW-1"))).isEmpty();
    // which of the two would it be?
    assertThat(Jid.meter("gw-1", knowing("GW-1", "gw-1"))).isEmpty();
    assertThat(new Jid("gw-1", "m", "").isOf(new MeterId("GW-1"))).isTrue();
    assertThat(new Jid("gw-1", "m", "").isOf(new MeterId("GW-2"))).isFalse();
  }
}

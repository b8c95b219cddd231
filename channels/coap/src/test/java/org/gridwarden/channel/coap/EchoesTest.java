package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EchoesTest {
  private final InetSocketAddress here = new InetSocketAddress("127.0.0.1", 1_000);
  private final AtomicLong now = new AtomicLong(Duration.ofHours(3).toNanos());
  private final Echoes echoes = new Echoes(now::get);

  @Test
  @DisplayName("C40: a value is good for its place, for a minute, unchanged, and of this office")
  void goodForItsPlaceAndTime() {
    byte[] value = echoes.make(here);
    assertThat(echoes.isFresh(value, here)).isTrue();
    assertThat(echoes.isFresh(value, new InetSocketAddress("127.0.0.1", 1_001))).isFalse();
    assertThat(echoes.isFresh(value, new InetSocketAddress("127.0.0.2", 1_000))).isFalse();
    assertThat(new Echoes(now::get).isFresh(value, here)).isFalse();
    for (int i = 0; i < value.length; i++) {
      byte[] other = value.clone();
      other[i] ^= 1;
      assertThat(echoes.isFresh(other, here)).isFalse();
    }
    assertThat(echoes.isFresh(new byte[0], here)).isFalse();
    now.addAndGet(Duration.ofSeconds(60).toNanos());
    assertThat(echoes.isFresh(value, here)).isTrue();
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(echoes.isFresh(value, here)).isFalse();
  }
}

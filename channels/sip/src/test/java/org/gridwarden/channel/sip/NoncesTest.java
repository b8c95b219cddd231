package org.gridwarden.channel.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NoncesTest {
  private final Nonces nonces = new Nonces(Duration.ofMinutes(5));

  @Test
  @DisplayName("C40: a challenge holds for the address that it went to, and for this office")
  void isOfOneAddress() throws Exception {
    InetAddress here = InetAddress.getByName("192.0.2.1");
    String nonce = nonces.make(here);
    assertThat(nonces.check(nonce, here)).isPresent();
    assertThat(nonces.check(nonce, InetAddress.getByName("192.0.2.2"))).isEmpty();
    assertThat(new Nonces(Duration.ofMinutes(5)).check(nonce, here)).isEmpty();
    assertThat(nonces.check("z" + nonce.substring(1), here)).isEmpty();
    assertThat(nonces.check("", here)).isEmpty();
    assertThat(nonces.check("?".repeat(27), here)).isEmpty();
  }

  @Test
  void endsWithItsTime() throws Exception {
    InetAddress here = InetAddress.getByName("192.0.2.1");
    Nonces brief = new Nonces(Duration.ofNanos(1));
    assertThat(brief.check(brief.make(here), here)).isEmpty();
  }

  @Test
  @DisplayName("C1: a count is taken once, in ascending order")
  void countsAreTakenOnce() {
    long made = System.nanoTime();
    assertThat(nonces.use(made, 1)).isTrue();
    assertThat(nonces.use(made, 1)).isFalse();
    assertThat(nonces.use(made, 3)).isTrue();
    assertThat(nonces.use(made, 2)).isFalse();
    assertThat(nonces.use(made + 1, 1)).isTrue();
  }

  @Test
  @DisplayName("C1: where a count had to be forgotten, its nonce and older ones are stale")
  void whatIsForgottenIsStale() {
    long first = System.nanoTime();
    assertThat(nonces.use(first + 1, 5)).isTrue();
    for (int i = 2; i <= Nonces.REMEMBERED + 1; i++) {
      assertThat(nonces.use(first + i, 1)).isTrue();
    }
    assertThat(nonces.use(first + 1, 6)).isFalse();
    assertThat(nonces.use(first, 1)).isFalse();
    assertThat(nonces.use(first + Nonces.REMEMBERED + 2, 1)).isTrue();
  }
}

package org.gridwarden.headend.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Signing;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the policy says of power strips' outlets. */
class VerdictTest {
  private static Verdict of(String attribute, int value, Optional<String> protection) {
    return Verdict.of(
        new Action.Configure(attribute, new byte[] {0x03, (byte) value}),
        CommandPolicy.FIRST,
        new Facts(Meter.State.ACTIVE, Signing.COSE, protection, 0, 0, 0));
  }

  @Test
  @DisplayName(
      "C12, C16: a protected consumer's outlet is not switched off; others need two persons")
  void anOutletIsSwitchedLikeABreaker() {
    Optional<String> medical = Optional.of("a respirator");
    assertThat(of("0.3.96.3.10.255:70:2", 0, medical)).isInstanceOf(Verdict.Refuse.class);
    assertThat(of("0.3.96.3.10.255:70:2", 1, medical)).isInstanceOf(Verdict.Quarantine.class);
    assertThat(of("0.3.96.3.10.255:70:4", 0, medical)).isInstanceOf(Verdict.Quarantine.class);
    assertThat(of("0.3.96.3.10.255:70:2", 0, Optional.empty()))
        .isInstanceOf(Verdict.Quarantine.class);
  }
}

package org.gridwarden.security.oscore;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** C39: bytes are an option that reads back what it writes, or none. */
class OscoreOptionFuzz {
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    try {
      assertThat(OscoreOption.parse(input).bytes()).isEqualTo(input);
    } catch (OscoreException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}

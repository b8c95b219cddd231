package org.gridwarden.security.certificate;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.DisplayName;

class CsrFuzz {
  @FuzzTest(maxDuration = "10s")
  @DisplayName("C39: whatever a request for a certificate holds, it is read or refused")
  void anyBytes(byte[] bytes) {
    try {
      Csr csr = Csr.read(bytes);
      if (csr.name().isEmpty() && csr.key() == null) {
        throw new IllegalStateException("a request without a key was read");
      }
    } catch (Csr.Refused e) {
      // as it should
    }
  }
}

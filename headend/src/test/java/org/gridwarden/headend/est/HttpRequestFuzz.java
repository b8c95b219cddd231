package org.gridwarden.headend.est;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;

class HttpRequestFuzz {
  @FuzzTest(maxDuration = "10s")
  @DisplayName(
      "C39: whatever comes to the enrolment port is a request or refused, within its limits")
  void anyBytes(byte[] bytes) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    try {
      Optional<HttpRequest> request = HttpRequest.read(in);
      if (request.isPresent()
          && (request.get().body().length > HttpRequest.MOST_BODY
              || !request.get().path().startsWith("/"))) {
        throw new IllegalStateException("a request outside the limits was read");
      }
    } catch (HttpRequest.Bad e) {
      // as it should
    }
  }
}

package org.gridwarden.headend.work;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;

class WorkPolicyFuzz {
  @FuzzTest(maxDuration = "10s")
  @DisplayName("C39: a file of work orders is read, or refused with its place")
  void anyText(byte[] bytes) throws IOException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      WorkPolicy.read(new StringReader(text), "fuzz");
    } catch (IllegalArgumentException e) {
      if (e.getMessage() == null || e.getMessage().isBlank()) {
        throw new IllegalStateException("a refusal says nothing", e);
      }
    }
  }
}

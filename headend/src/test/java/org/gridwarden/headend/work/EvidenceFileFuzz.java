package org.gridwarden.headend.work;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

class EvidenceFileFuzz {
  private static final Set<String> KEPT =
      Set.of("image/jpeg", "image/png", "image/webp", "application/pdf");

  @FuzzTest(maxDuration = "10s")
  @DisplayName("C39: whatever is brought as evidence is of a kept type or refused, without a path")
  void anyFile(byte[] content) {
    String name = new String(content, StandardCharsets.UTF_8);
    EvidenceFile.typeOf(content)
        .ifPresent(type -> {
          if (!KEPT.contains(type)) {
            throw new IllegalStateException("a file of the type " + type);
          }
        });
    String plain = EvidenceFile.plain(name);
    if (plain.isEmpty() || plain.length() > 100 || plain.matches("(?s).*[/\\\\<>\"\\p{Cntrl}].*")) {
      throw new IllegalStateException("a name such as " + plain);
    }
  }
}

package org.gridwarden.server.ssh;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;

class ExchangeNameFuzz {
  @FuzzTest
  void staysInside(FuzzedDataProvider data) {
    String path = data.consumeRemainingAsString();
    Path root = Path.of("/exchange/olga");
    ExchangeName.of(path)
        .ifPresent(name -> {
          Path place = Path.of(root + name.path()).normalize();
          if (!place.startsWith(root) || place.getNameCount() > root.getNameCount() + 2) {
            throw new AssertionError(path + " leads to " + place);
          }
        });
  }
}

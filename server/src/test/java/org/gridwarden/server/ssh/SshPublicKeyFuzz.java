package org.gridwarden.server.ssh;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Base64;

class SshPublicKeyFuzz {
  @FuzzTest
  void refusesOrReads(FuzzedDataProvider data) {
    String kind = data.consumeBoolean() ? "ssh-ed25519 " : "ecdsa-sha2-nistp256 ";
    String line =
        data.consumeBoolean()
            ? kind + Base64.getEncoder().encodeToString(data.consumeRemainingAsBytes())
            : data.consumeRemainingAsString();
    try {
      SshPublicKey key = SshPublicKey.parse(line);
      if (key.fingerprint().length() != 50) {
        throw new AssertionError(key.fingerprint());
      }
    } catch (IllegalArgumentException e) {
      // the only way to refuse
    }
  }
}

package org.gridwarden.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.certificate.Csr;
import org.gridwarden.security.certificate.KeyPairs;

/** A machine's key on P-256, made here: its private half goes into a file, and nowhere else. */
final class MachineKey {
  private MachineKey() {}

  /**
   * Makes a key.
   *
   * @param file where its private half goes, as PEM (PKCS #8), for its owner only
   * @return a request for a certificate (PKCS #10), as PEM
   * @throws Failure where the file is there already, or cannot be written
   */
  static String requestFor(String name, Path file) {
    if (Files.exists(file)) {
      throw new Failure(
          file + " is there already: name another file, or ask with --request for its key",
          Gridwarden.WRONG_INPUT);
    }
    KeyPair pair = KeyPairs.make();
    try {
      SecretFiles.write(
          file,
          pem("PRIVATE KEY", pair.getPrivate().getEncoded()).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new Failure(file + " cannot be written: " + e.getMessage());
    }
    return pem("CERTIFICATE REQUEST", Csr.make(name, pair));
  }

  private static String pem(String label, byte[] der) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, lines.encodeToString(der), label);
  }
}

package org.gridwarden.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Reads the office's public key as it hands it out: PEM, {@code BEGIN PUBLIC KEY} (RFC 7468). */
final class OfficeKeyFile {
  private OfficeKeyFile() {}

  /**
   * From a file.
   *
   * @throws Failure where it is none
   */
  static PublicKey read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new Failure("cannot read the office's key in " + file, Gridwarden.WRONG_INPUT);
    }
  }

  /**
   * From its text.
   *
   * @param from what to call the place in an error
   * @throws Failure where it is none
   */
  static PublicKey parse(String pem, String from) {
    try {
      String base64 = pem.replaceAll("-----[A-Z ]+-----", "");
      byte[] der = Base64.getMimeDecoder().decode(base64);
      return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new Failure(
          from + " holds no RSA public key in PEM; './gridwarden keys office' prints it",
          Gridwarden.WRONG_INPUT);
    }
  }
}

package org.gridwarden.security.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;

/**
 * A checkpoint under the office's signature (ECDSA with SHA-256, P-256). As text: the checkpoint's
 * four lines, an empty line, and the signature in base64, all that a witness has to keep.
 */
public record SignedCheckpoint(Checkpoint checkpoint, String signature) {
  private static final String ALGORITHM = "SHA256withECDSA";
  private static final int LONGEST = 2_048;

  /** Signs. */
  public static SignedCheckpoint sign(Checkpoint checkpoint, PrivateKey key) {
    try {
      Signature signer = Signature.getInstance(ALGORITHM);
      signer.initSign(key);
      signer.update(checkpoint.text().getBytes(StandardCharsets.UTF_8));
      return new SignedCheckpoint(checkpoint, Base64.getEncoder().encodeToString(signer.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the log's key does not sign", e);
    }
  }

  /**
   * From its text, its signature checked.
   *
   * @throws LogException where it is none, or the signature is not by that key
   */
  public static SignedCheckpoint open(String text, PublicKey key) throws LogException {
    int gap = text.indexOf("\n\n");
    if (text.length() > LONGEST || gap < 0) {
      throw new LogException("a signed checkpoint is four lines, an empty one and a signature");
    }
    String body = text.substring(0, gap + 1);
    String signature = text.substring(gap + 2).strip();
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(body.getBytes(StandardCharsets.UTF_8));
      if (!verifier.verify(Base64.getDecoder().decode(signature))) {
        throw new LogException("the checkpoint's signature is not by this key");
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new LogException("the checkpoint's signature is not by this key");
    }
    return new SignedCheckpoint(Checkpoint.parse(body), signature);
  }

  /** For the file. */
  public String text() {
    return checkpoint.text() + "\n" + signature + "\n";
  }
}

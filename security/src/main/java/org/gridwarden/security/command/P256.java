package org.gridwarden.security.command;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** Public keys on P-256 as bytes: operators' and meters'. Pure functions. */
public final class P256 {
  private static final int LONGEST = 512;
  private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String END = "-----END PUBLIC KEY-----";

  private P256() {}

  /**
   * The key that bytes are.
   *
   * @param spki a SubjectPublicKeyInfo (RFC 5480)
   * @throws CommandException where they are none, one on another curve, or not written in the one
   *     way
   */
  public static PublicKey publicKey(byte[] spki) throws CommandException {
    try {
      if (spki.length <= LONGEST
          && KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki))
              instanceof ECPublicKey key
          && key.getParams().getOrder().bitLength() == 256
          && Arrays.equals(key.getEncoded(), spki)) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      // said below
    }
    throw new CommandException("the key is no SubjectPublicKeyInfo of a key on P-256");
  }

  /**
   * The key that a text is.
   *
   * @param pem a PEM block PUBLIC KEY (RFC 7468)
   * @throws CommandException where it is none, or not of a key on P-256
   */
  public static PublicKey publicKey(String pem) throws CommandException {
    int from = pem.indexOf(BEGIN);
    int to = pem.indexOf(END);
    if (from < 0 || to < from || pem.length() > 4 * LONGEST) {
      throw new CommandException("there is no PEM block PUBLIC KEY");
    }
    try {
      return publicKey(Base64.getMimeDecoder().decode(pem.substring(from + BEGIN.length(), to)));
    } catch (IllegalArgumentException e) {
      throw new CommandException("the PEM block PUBLIC KEY is not base64");
    }
  }

  /** A key as PEM. */
  public static String pem(PublicKey key) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return BEGIN + "\n" + lines.encodeToString(key.getEncoded()) + "\n" + END + "\n";
  }
}

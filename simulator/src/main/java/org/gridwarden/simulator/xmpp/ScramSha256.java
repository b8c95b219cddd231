package org.gridwarden.simulator.xmpp;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.callback.CallbackHandler;
import org.jivesoftware.smack.SmackException.SmackSaslException;
import org.jivesoftware.smack.sasl.SASLMechanism;

/**
 * SCRAM-SHA-256 (RFC 7677) without channel binding, which TLS 1.3 has none of that Prosody knows;
 * Smack has SHA-1 alone. One log-in.
 */
final class ScramSha256 extends SASLMechanism {
  static final String NAME = "SCRAM-SHA-256";
  private static final String HMAC = "HmacSHA256";
  private static final String NO_BINDING = "n,,";

  /** RFC 7677's least, and more than a server should ask of a meter. */
  private static final int FEWEST_ITERATIONS = 4_096;

  private static final int MOST_ITERATIONS = 1 << 20;

  private String firstBare = "";
  private String nonce = "";
  private byte[] expected = {};
  private boolean proven;

  @Override
  protected void authenticateInternal(CallbackHandler handler) {
    throw new UnsupportedOperationException("a meter has a password");
  }

  @Override
  protected byte[] getAuthenticationText() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    nonce = Base64.getUrlEncoder().encodeToString(random);
    firstBare = "n=" + authenticationId.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    return ascii(NO_BINDING + firstBare);
  }

  @Override
  protected byte[] evaluateChallenge(byte[] challenge) throws SmackSaslException {
    String said = new String(challenge, StandardCharsets.US_ASCII);
    try {
      if (expected.length == 0) {
        return answer(said);
      }
      proven = MessageDigest.isEqual(expected, Base64.getDecoder().decode(attribute(said, 'v')));
      if (!proven) {
        throw new SmackSaslException("the server does not know this meter's password");
      }
      return new byte[0];
    } catch (IllegalArgumentException e) {
      throw new SmackSaslException("the server says what is no SCRAM: " + e.getMessage());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has PBKDF2 and HMAC", e);
    }
  }

  /** RFC 5802, clause 3. */
  private byte[] answer(String first) throws SmackSaslException, GeneralSecurityException {
    String whole = attribute(first, 'r');
    int iterations = Integer.parseInt(attribute(first, 'i'));
    if (!whole.startsWith(nonce) || whole.equals(nonce)) {
      throw new SmackSaslException("the server's nonce does not go on with this meter's");
    }
    if (iterations < FEWEST_ITERATIONS || iterations > MOST_ITERATIONS) {
      throw new SmackSaslException("the server asks for " + iterations + " iterations");
    }
    PBEKeySpec spec =
        new PBEKeySpec(
            password.toCharArray(),
            Base64.getDecoder().decode(attribute(first, 's')),
            iterations,
            256);
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    spec.clearPassword();
    byte[] clientKey = hmac(salted, "Client Key");
    byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
    String last = "c=" + Base64.getEncoder().encodeToString(ascii(NO_BINDING)) + ",r=" + whole;
    String message = firstBare + "," + first + "," + last;
    byte[] proof = hmac(storedKey, message);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= clientKey[i];
    }
    expected = hmac(hmac(salted, "Server Key"), message);
    Arrays.fill(salted, (byte) 0);
    return ascii(last + ",p=" + Base64.getEncoder().encodeToString(proof));
  }

  private static String attribute(String message, char name) {
    for (String part : message.split(",", -1)) {
      if (part.length() > 2 && part.charAt(0) == name && part.charAt(1) == '=') {
        return part.substring(2);
      }
    }
    throw new IllegalArgumentException("there is no '" + name + "' in it");
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(HMAC);
    mac.init(new SecretKeySpec(key, HMAC));
    return mac.doFinal(ascii(text));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  protected void checkIfSuccessfulOrThrow() throws SmackSaslException {
    if (!proven) {
      throw new SmackSaslException("the server has not proven that it knows this meter");
    }
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public int getPriority() {
    return 100;
  }

  @Override
  protected SASLMechanism newInstance() {
    return new ScramSha256();
  }
}

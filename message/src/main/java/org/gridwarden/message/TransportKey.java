package org.gridwarden.message;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;

/**
 * The key that a meter and the office share for the security of a transport. It follows from the
 * meter's key for messages by a word of its own, so that nothing more need be shipped, and tells
 * nothing of it.
 */
public enum TransportKey {
  /** DTLS with a shared key (RFC 4279): 43 letters of base64url, to be typed where it must be. */
  DTLS("gridwarden dtls 1 ") {
    @Override
    byte[] form(byte[] hash) {
      return Base64.getUrlEncoder().withoutPadding().encode(hash);
    }
  },
  /** OSCORE's Master Secret (RFC 8613): 32 bytes. */
  OSCORE("gridwarden oscore 1 ") {
    @Override
    byte[] form(byte[] hash) {
      return hash.clone();
    }
  };

  private static final String HMAC = "HmacSHA256";

  private final String label;

  TransportKey(String label) {
    this.label = label;
  }

  abstract byte[] form(byte[] hash);

  /**
   * The key.
   *
   * @param set the meter's key for messages
   */
  public Secret of(MeterId meter, KeySet set) {
    byte[] key = set.encryption().copy();
    byte[] hash = {};
    byte[] form = {};
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      mac.update((label + meter.value() + " ").getBytes(StandardCharsets.US_ASCII));
      hash = mac.doFinal(set.keyId());
      form = form(hash);
      return new Secret(form);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(hash, (byte) 0);
      Arrays.fill(form, (byte) 0);
    }
  }
}

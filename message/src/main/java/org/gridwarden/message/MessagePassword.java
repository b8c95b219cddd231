package org.gridwarden.message;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;

/**
 * A meter's password on channels that ask for one: made from its key for messages, so that there is
 * no other secret to bring into the meter and none to keep here. Who overhears it can connect as
 * the meter, and neither read nor say anything as it. Pure functions.
 */
public final class MessagePassword {
  private static final String HMAC = "HmacSHA256";
  private static final String LABEL = "gridwarden password 1 ";
  private static final int BYTES = 24;

  private MessagePassword() {}

  /** 32 letters of base64url; the caller wipes the copy that it takes out. */
  public static Secret of(MeterId meter, KeySet set) {
    byte[] key = set.encryption().copy();
    byte[] full = {};
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      mac.update((LABEL + meter.value() + " ").getBytes(StandardCharsets.US_ASCII));
      full = mac.doFinal(set.keyId());
      byte[] text = Base64.getUrlEncoder().encode(Arrays.copyOf(full, BYTES));
      Secret password = new Secret(text);
      Arrays.fill(text, (byte) 0);
      return password;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(full, (byte) 0);
    }
  }

  /** Whether a password is that meter's; takes as long whichever letter is wrong. */
  public static boolean matches(MeterId meter, KeySet set, byte[] password) {
    try (Secret right = of(meter, set)) {
      byte[] copy = right.copy();
      try {
        return MessageDigest.isEqual(copy, password);
      } finally {
        Arrays.fill(copy, (byte) 0);
      }
    }
  }
}

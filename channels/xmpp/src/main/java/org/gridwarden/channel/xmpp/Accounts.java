package org.gridwarden.channel.xmpp;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.Channel;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.message.MessagePassword;

/**
 * What a server needs to let a meter log in by SCRAM (RFC 5802, 7677): no password and nothing that
 * one could log in with, so that the server keeps no accounts. Thread-safe.
 */
final class Accounts {
  /** RFC 7677's least. Passwords are 192 random bits: no number of rounds makes them better. */
  static final int ITERATIONS = 4_096;

  private static final int REMEMBERED = 16_384;
  private static final int SALT = 16;

  private final Channel.Host host;
  private final Map<String, Verifier> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Verifier> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Of meters whose key is being changed: whether the next attempt is asked with the new one. */
  private final Map<MeterId, Boolean> next = new ConcurrentHashMap<>();

  /** The hash functions that SCRAM is offered with. */
  enum Hash {
    SHA1("SHA-1", "HmacSHA1"),
    SHA256("SHA-256", "HmacSHA256");

    private final String digest;
    private final String hmac;

    Hash(String digest, String hmac) {
      this.digest = digest;
      this.hmac = hmac;
    }

    static Optional<Hash> of(String name) {
      return Arrays.stream(values()).filter(h -> h.digest.equals(name)).findFirst();
    }
  }

  /** RFC 5802, clause 3: what a server stores. All in base64. */
  record Verifier(String salt, String storedKey, String serverKey) {
    @Override
    public String toString() {
      return "Verifier";
    }
  }

  Accounts(Channel.Host host) {
    this.host = host;
  }

  /**
   * A meter's verifier. While its key is being changed it is one key's and the other's in turn, as
   * SCRAM can ask for one password only: of two attempts one succeeds.
   *
   * @return empty where there is no such meter, or it has no key for messages
   */
  Optional<Verifier> find(String local, Hash hash) {
    return Jid.meter(local, host.meters())
        .flatMap(meter -> key(meter).map(set -> remembered(meter, set, hash)));
  }

  private Optional<KeySet> key(MeterId meter) {
    Optional<KeySet> inForce = host.keys().keys(meter, Purpose.MESSAGE);
    Optional<KeySet> pending = host.keys().pending(meter, Purpose.MESSAGE);
    if (pending.isEmpty()) {
      next.remove(meter);
      return inForce;
    }
    boolean other = Boolean.TRUE.equals(next.merge(meter, false, (was, _) -> !was));
    return other ? pending : inForce;
  }

  private Verifier remembered(MeterId meter, KeySet set, Hash hash) {
    String name = hash + " " + meter + " " + HexFormat.of().formatHex(set.keyId());
    synchronized (known) {
      Verifier verifier = known.get(name);
      if (verifier != null) {
        return verifier;
      }
    }
    Verifier fresh;
    try (Secret password = MessagePassword.of(meter, set)) {
      byte[] copy = password.copy();
      try {
        fresh = verifier(copy, salt(name), ITERATIONS, hash);
      } finally {
        Arrays.fill(copy, (byte) 0);
      }
    }
    synchronized (known) {
      known.put(name, fresh);
    }
    return fresh;
  }

  /** The same each time: a meter may keep what it has computed. */
  private static byte[] salt(String name) {
    try {
      return Arrays.copyOf(
          MessageDigest.getInstance("SHA-256")
              .digest(("gridwarden xmpp salt 1 " + name).getBytes(StandardCharsets.US_ASCII)),
          SALT);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** RFC 5802, clause 3. */
  static Verifier verifier(byte[] password, byte[] salt, int iterations, Hash hash) {
    char[] letters = new char[password.length];
    for (int i = 0; i < letters.length; i++) {
      letters[i] = (char) (password[i] & 0x7F);
    }
    byte[] salted = {};
    PBEKeySpec spec = new PBEKeySpec(letters, salt, iterations, hash == Hash.SHA1 ? 160 : 256);
    try {
      salted =
          SecretKeyFactory.getInstance("PBKDF2With" + hash.hmac).generateSecret(spec).getEncoded();
      byte[] client = hmac(hash, salted, "Client Key");
      byte[] stored = MessageDigest.getInstance(hash.digest).digest(client);
      Arrays.fill(client, (byte) 0);
      Base64.Encoder base64 = Base64.getEncoder();
      return new Verifier(
          base64.encodeToString(salt),
          base64.encodeToString(stored),
          base64.encodeToString(hmac(hash, salted, "Server Key")));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has PBKDF2 and HMAC", e);
    } finally {
      spec.clearPassword();
      Arrays.fill(letters, '\0');
      Arrays.fill(salted, (byte) 0);
    }
  }

  private static byte[] hmac(Hash hash, byte[] key, String words) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(hash.hmac);
    mac.init(new SecretKeySpec(key, hash.hmac));
    return mac.doFinal(words.getBytes(StandardCharsets.US_ASCII));
  }
}

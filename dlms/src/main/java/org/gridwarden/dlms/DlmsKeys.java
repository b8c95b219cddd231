package org.gridwarden.dlms;

import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * The keys that open and protect a meter's APDUs. Copies what it is given, prints nothing of it,
 * and is wiped by {@link #close}. Thread-safe until closed.
 */
public final class DlmsKeys implements AutoCloseable {
  private final AesKey encryption;
  private final AesKey broadcast;
  private final AesKey dedicated;
  private final byte[] authentication;

  private DlmsKeys(AesKey encryption, AesKey broadcast, AesKey dedicated, byte[] authentication) {
    this.encryption = encryption;
    this.broadcast = broadcast;
    this.dedicated = dedicated;
    this.authentication = authentication;
  }

  /**
   * The global unicast encryption key (GUEK) and the authentication key (GAK).
   *
   * @param encryption 16 or 32 bytes, or none
   * @param authentication 16 or 32 bytes, or none
   * @throws IllegalArgumentException where a key has another length
   */
  public static DlmsKeys of(byte[] encryption, byte[] authentication) {
    checkLength(authentication, "authentication key");
    return new DlmsKeys(
        new AesKey(encryption, "encryption key"), AesKey.NONE, AesKey.NONE, authentication.clone());
  }

  /** These, with the global broadcast encryption key (GBEK). */
  public DlmsKeys withBroadcast(byte[] key) {
    return new DlmsKeys(
        encryption.copy(),
        new AesKey(key, "broadcast key"),
        dedicated.copy(),
        authentication.clone());
  }

  /** These, with an association's dedicated key. */
  public DlmsKeys withDedicated(byte[] key) {
    return new DlmsKeys(
        encryption.copy(),
        broadcast.copy(),
        new AesKey(key, "dedicated key"),
        authentication.clone());
  }

  /** Whether there is an authentication key. */
  public boolean canAuthenticate() {
    return authentication.length > 0;
  }

  /** These, with another key in the place of the global unicast one: one message's own. */
  public DlmsKeys withEncryption(byte[] key) {
    return new DlmsKeys(
        new AesKey(key, "encryption key"),
        broadcast.copy(),
        dedicated.copy(),
        authentication.clone());
  }

  /** These, with another authentication key. */
  public DlmsKeys withAuthentication(byte[] key) {
    checkLength(key, "authentication key");
    return new DlmsKeys(encryption.copy(), broadcast.copy(), dedicated.copy(), key.clone());
  }

  /** The same keys, to be closed for themselves. */
  public DlmsKeys copy() {
    return new DlmsKeys(
        encryption.copy(), broadcast.copy(), dedicated.copy(), authentication.clone());
  }

  /** Whether this is the global unicast key, in a time that does not depend on where it differs. */
  public boolean isEncryption(byte[] key) {
    return MessageDigest.isEqual(encryption.bytes, key);
  }

  /** Whether this is the global broadcast key. */
  public boolean isBroadcast(byte[] key) {
    return MessageDigest.isEqual(broadcast.bytes, key);
  }

  /** Whether this is the authentication key. */
  public boolean isAuthentication(byte[] key) {
    return MessageDigest.isEqual(authentication, key);
  }

  /** The key for a use, checked against the suite. */
  AesKey encryptionFor(SecurityControl control, KeyUse use) throws DlmsException {
    AesKey key =
        switch (use) {
          case UNICAST, ONE_MESSAGE -> encryption;
          case BROADCAST -> broadcast;
          case DEDICATED -> dedicated;
        };
    return key.require(use.words(), control);
  }

  /** The authentication key, checked against the suite. Not a copy. */
  byte[] authenticationFor(SecurityControl control) throws DlmsException {
    if (authentication.length == 0) {
      throw new DlmsException(
          DlmsException.Kind.NO_KEY,
          0,
          "the APDU is authenticated, but no authentication key is given");
    }
    if (authentication.length != control.keyLength()) {
      throw wrongLength("authentication key", authentication.length, control);
    }
    return authentication;
  }

  /** Overwrites the keys with zeros. */
  @Override
  public void close() {
    encryption.destroy();
    broadcast.destroy();
    dedicated.destroy();
    Arrays.fill(authentication, (byte) 0);
  }

  @Override
  public String toString() {
    return "DlmsKeys[redacted]";
  }

  private static void checkLength(byte[] key, String name) {
    if (key.length != 0 && key.length != 16 && key.length != 32) {
      throw new IllegalArgumentException(
          "the " + name + " has 16 or 32 bytes (32 or 64 hex digits), not " + key.length);
    }
  }

  private static DlmsException wrongLength(String name, int length, SecurityControl control) {
    return new DlmsException(
        DlmsException.Kind.NO_KEY,
        0,
        "suite "
            + control.suite()
            + " takes a "
            + name
            + " of "
            + control.keyLength()
            + " bytes, not "
            + length);
  }

  /** An AES key that can be wiped and is not printed. */
  @SuppressWarnings("serial") // refuses serialization below
  static final class AesKey implements SecretKey {
    private static final long serialVersionUID = 1L;
    static final AesKey NONE = new AesKey(new byte[0], "");
    private final byte[] bytes;

    AesKey(byte[] bytes, String name) {
      checkLength(bytes, name);
      this.bytes = bytes.clone();
    }

    AesKey copy() {
      return new AesKey(bytes, "");
    }

    AesKey require(String name, SecurityControl control) throws DlmsException {
      if (bytes.length == 0) {
        throw new DlmsException(
            DlmsException.Kind.NO_KEY,
            0,
            "the APDU is protected with the " + name + ", which is not given");
      }
      if (bytes.length != control.keyLength()) {
        throw wrongLength(name, bytes.length, control);
      }
      return this;
    }

    @Override
    public String getAlgorithm() {
      return "AES";
    }

    @Override
    public String getFormat() {
      return "RAW";
    }

    @Override
    public byte[] getEncoded() {
      return bytes.clone();
    }

    @Override
    public void destroy() {
      Arrays.fill(bytes, (byte) 0);
    }

    private void writeObject(java.io.ObjectOutputStream out) throws java.io.IOException {
      throw new java.io.NotSerializableException("a key");
    }

    @Override
    public String toString() {
      return "AesKey[redacted]";
    }
  }
}

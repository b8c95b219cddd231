package org.gridwarden.dlms.security;

import java.security.MessageDigest;
import java.util.Map;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;

/**
 * Global keys that are valid together, each encryption key with its counters. Prints no key;
 * thread-safe until closed.
 */
public final class KeyGeneration implements AutoCloseable {
  private final DlmsKeys keys;
  private final byte[] master;
  private final KeyCounters unicast;
  private final KeyCounters broadcast;

  private KeyGeneration(DlmsKeys keys, byte[] master, KeyCounters unicast, KeyCounters broadcast) {
    this.keys = keys;
    this.master = master;
    this.unicast = unicast;
    this.broadcast = broadcast;
  }

  /**
   * Keys without a master key.
   *
   * @param keys used, and closed with this
   */
  public static KeyGeneration of(DlmsKeys keys, KeyCounters unicast, KeyCounters broadcast) {
    return new KeyGeneration(keys, new byte[0], unicast, broadcast);
  }

  /** These, with a master key of 16 or 32 bytes. */
  public KeyGeneration withMaster(byte[] key) {
    return new KeyGeneration(keys, key.clone(), unicast, broadcast);
  }

  /**
   * These with some of them changed. A key that does not change keeps its counters: with new ones
   * it would protect two APDUs with one initialization vector.
   *
   * @param counters for each encryption key that changes
   */
  KeyGeneration with(Map<GlobalKey, byte[]> changed, Map<GlobalKey, KeyCounters> counters) {
    DlmsKeys next = keys.copy();
    byte[] nextMaster = master.clone();
    for (var key : changed.entrySet()) {
      switch (key.getKey()) {
        case UNICAST -> next = next.withEncryption(key.getValue());
        case BROADCAST -> next = next.withBroadcast(key.getValue());
        case AUTHENTICATION -> next = next.withAuthentication(key.getValue());
        case MASTER -> nextMaster = key.getValue().clone();
      }
    }
    return new KeyGeneration(
        next,
        nextMaster,
        counters(GlobalKey.UNICAST, changed, counters, unicast),
        counters(GlobalKey.BROADCAST, changed, counters, broadcast));
  }

  private static KeyCounters counters(
      GlobalKey key,
      Map<GlobalKey, byte[]> changed,
      Map<GlobalKey, KeyCounters> counters,
      KeyCounters before) {
    if (!changed.containsKey(key)) {
      return before;
    }
    KeyCounters own = counters.get(key);
    if (own == null) {
      throw new IllegalStateException("a new key without counters of its own");
    }
    return own;
  }

  /** Whether a key is this one, in a time that does not depend on where it differs. */
  boolean holds(GlobalKey which, byte[] key) {
    return switch (which) {
      case MASTER -> MessageDigest.isEqual(master, key);
      case UNICAST -> keys.isEncryption(key);
      case BROADCAST -> keys.isBroadcast(key);
      case AUTHENTICATION -> keys.isAuthentication(key);
    };
  }

  DlmsKeys keys() {
    return keys;
  }

  KeyCounters unicast() {
    return unicast;
  }

  KeyCounters broadcast() {
    return broadcast;
  }

  /**
   * The master key. Not a copy.
   *
   * @throws DlmsException NO_KEY where there is none
   */
  byte[] master() throws DlmsException {
    if (master.length == 0) {
      throw new DlmsException(DlmsException.Kind.NO_KEY, 0, "there is no master key");
    }
    return master;
  }

  /** Overwrites the keys with zeros. */
  @Override
  public void close() {
    keys.close();
    java.util.Arrays.fill(master, (byte) 0);
  }

  @Override
  public String toString() {
    return "KeyGeneration[redacted]";
  }
}

package org.gridwarden.core;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Lends a meter's keys to the channel that needs them now. Thread-safe; quick after the first time.
 */
public interface KeyAccess {
  /** The keys in force for a purpose. */
  Optional<KeySet> keys(MeterId meter, Purpose purpose);

  /**
   * The keys that are accepted beside those in force: an order has carried them to the meter, which
   * has not said yet that it uses them. Whoever hears a meter under them tells intake so by their
   * id, which puts them in force.
   */
  default Optional<KeySet> pending(MeterId meter, Purpose purpose) {
    return Optional.empty();
  }

  /** What a key is for. */
  enum Purpose {
    DLMS_GLOBAL_UNICAST,
    DLMS_GLOBAL_BROADCAST,
    /** The head-end's seal on commands: 32 bytes, shared with the one meter. */
    COMMAND_SEAL,
    /** The key encryption key, 16 or 32 bytes: other keys are wrapped under it on their way. */
    DLMS_MASTER,
    /** From which the keys of secured messages are derived, 16 or 32 bytes; never used itself. */
    MESSAGE;

    /**
     * Under which name the counters of such a key are kept, the office's own and its windows on the
     * meter's: keys of different purposes that were shipped together have the same id.
     */
    public byte[] counterName(byte[] keyId) {
      String before =
          switch (this) {
            case COMMAND_SEAL -> "seal/";
            case MESSAGE -> "message/";
            default -> "";
          };
      byte[] name = new byte[before.length() + keyId.length];
      System.arraycopy(before.getBytes(StandardCharsets.US_ASCII), 0, name, 0, before.length());
      System.arraycopy(keyId, 0, name, before.length(), keyId.length);
      return name;
    }
  }

  /**
   * A pair of keys.
   *
   * @param keyId names this version of the key; changes when the key changes
   * @param encryption 16 or 32 bytes
   * @param authentication 16 or 32 bytes; of length 0 where the meter has none
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  record KeySet(byte[] keyId, Secret encryption, Secret authentication) {
    public KeySet {
      keyId = keyId.clone();
    }

    @Override
    public byte[] keyId() {
      return keyId.clone();
    }
  }
}

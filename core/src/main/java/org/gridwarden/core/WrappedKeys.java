package org.gridwarden.core;

import java.util.Optional;

/**
 * Where meters' keys lie, wrapped to the office's public key. Implemented in store; unwrapped in
 * security only.
 */
public interface WrappedKeys {
  /** The wrapped keys in force for a purpose. */
  Optional<Wrapped> find(MeterId meter, KeyAccess.Purpose purpose);

  /** The wrapped keys that a key change has made and whose meter has not confirmed. */
  default Optional<Wrapped> findPending(MeterId meter, KeyAccess.Purpose purpose) {
    return Optional.empty();
  }

  /**
   * A wrapped pair of keys.
   *
   * @param keyId names this version of the key
   * @param encryption the wrapped encryption key
   * @param authentication the wrapped authentication key; of length 0 where the meter has none
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  record Wrapped(byte[] keyId, byte[] encryption, byte[] authentication) {
    public Wrapped {
      keyId = keyId.clone();
      encryption = encryption.clone();
      authentication = authentication.clone();
    }

    @Override
    public byte[] keyId() {
      return keyId.clone();
    }

    @Override
    public byte[] encryption() {
      return encryption.clone();
    }

    @Override
    public byte[] authentication() {
      return authentication.clone();
    }
  }
}

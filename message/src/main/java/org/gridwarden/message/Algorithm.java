package org.gridwarden.message;

import java.util.Optional;

/** How a message is encrypted and authenticated (RFC 9053, clause 4): a tag of 128 bits always. */
public enum Algorithm {
  /** AES-GCM with a key of 128 bits, for meters that were shipped a key of 16 bytes. */
  A128GCM(1, 16),
  /** AES-GCM with a key of 256 bits. */
  A256GCM(3, 32),
  /** ChaCha20 and Poly1305 (RFC 8439), for meters without AES in hardware. */
  CHACHA20_POLY1305(24, 32);

  /** A nonce's bytes. */
  static final int NONCE = 12;

  /** A tag's bytes. */
  static final int TAG = 16;

  private final int number;
  private final int keyLength;

  Algorithm(int number, int keyLength) {
    this.number = number;
    this.keyLength = keyLength;
  }

  /** COSE's number for it. */
  public int number() {
    return number;
  }

  /** A key's bytes; the meter's own key has as many, so that nobody chooses a shorter one. */
  public int keyLength() {
    return keyLength;
  }

  /** What is taken with a meter's key of so many bytes where nothing is chosen. */
  public static Algorithm usual(int keyLength) {
    return keyLength == A128GCM.keyLength ? A128GCM : A256GCM;
  }

  static Optional<Algorithm> of(long number) {
    for (Algorithm algorithm : values()) {
      if (algorithm.number == number) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }
}

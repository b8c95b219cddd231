package org.gridwarden.security.fips;

/** AES key wrap of NIST SP 800-38F, as RFC 3394 has it. */
final class KeyWrapCipher extends DelegatingCipher {
  KeyWrapCipher() {
    super("AESKW");
  }
}

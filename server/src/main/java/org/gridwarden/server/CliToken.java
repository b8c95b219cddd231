package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import org.gridwarden.security.access.Permission;
import org.gridwarden.security.access.StandardRole;

/**
 * What the command line on this machine shows: a new token each start, in a file that only the
 * server's own user may read.
 */
final class CliToken {
  /** It reads and takes meters in; users it does not manage. */
  static final Set<Permission> PERMISSIONS = StandardRole.OPERATOR.permissions();

  private final String text;

  CliToken() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    text = HexFormat.of().formatHex(bytes);
  }

  /** Compares in constant time. */
  boolean is(String shown) {
    return MessageDigest.isEqual(
        text.getBytes(StandardCharsets.US_ASCII), shown.getBytes(StandardCharsets.UTF_8));
  }

  /** For the file. */
  byte[] forFile() {
    return (text + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "CliToken";
  }
}

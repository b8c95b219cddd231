package org.gridwarden.server;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.security.OfficeKey;

/**
 * What the doors beside HTTP show to the API in the name of a user who came in there: so that its
 * rules, and no others, say what the user may. In memory only, each for as long as its session.
 * Thread-safe.
 */
final class DoorTokens {
  private final SecureRandom random = OfficeKey.random();
  private final Map<String, Login> logins = new ConcurrentHashMap<>();

  /** A new token for a user. */
  String issue(Login login) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    String token = HexFormat.of().formatHex(bytes);
    logins.put(token, login);
    return token;
  }

  /** Whose token this is. */
  Optional<Login> of(String token) {
    return Optional.ofNullable(logins.get(token));
  }

  void revoke(String token) {
    logins.remove(token);
  }

  @Override
  public String toString() {
    return "DoorTokens[" + logins.size() + "]";
  }
}

package org.gridwarden.server;

/** Makes and checks password hashes. Thread-safe. */
interface PasswordHashing {
  /** A new random password for a first login. */
  String random();

  /** A hash with its salt and parameters. */
  String hash(String password);

  /** Whether the password is the hash's. */
  boolean matches(String password, String hash);

  /** Whether the hash was made in a weaker way than new ones are. */
  boolean outdated(String hash);
}

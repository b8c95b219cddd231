package org.gridwarden.server.ssh;

import java.net.URI;
import java.util.Optional;

/**
 * A user who came in, and how the server is asked in their name. What it shows for that is worth as
 * much as a password while the session lasts, and is not printed. Thread-safe.
 */
public final class Caller {
  private final String user;
  private final URI office;
  private final Optional<String> fingerprint;
  private final String bearer;

  /**
   * @param user the name
   * @param office where the API is
   * @param fingerprint the SHA-256 of its certificate, hex; empty where it speaks plain HTTP
   * @param bearer what is shown there
   */
  public Caller(String user, URI office, Optional<String> fingerprint, String bearer) {
    this.user = user;
    this.office = office;
    this.fingerprint = fingerprint;
    this.bearer = bearer;
  }

  public String user() {
    return user;
  }

  /** Where the API is. */
  public URI office() {
    return office;
  }

  /** The SHA-256 of its certificate, hex. */
  public Optional<String> fingerprint() {
    return fingerprint;
  }

  /** What is shown to the API, a secret. */
  public String bearer() {
    return bearer;
  }

  @Override
  public String toString() {
    return "Caller[" + user + "]";
  }
}

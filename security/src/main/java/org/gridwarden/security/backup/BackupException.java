package org.gridwarden.security.backup;

/**
 * A key file, a passphrase or something of a backup is not what it must be. The message is one line
 * that names the place and the remedy; it holds no secret.
 */
public final class BackupException extends Exception {
  private static final long serialVersionUID = 1L;

  public BackupException(String line) {
    super(line);
  }

  public BackupException(String line, Throwable cause) {
    super(line, cause);
  }
}

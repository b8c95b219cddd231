package org.gridwarden.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.security.SecretFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first administrator's password, kept in a file until it is changed. */
final class FirstAdministrator {
  private static final Logger LOG = LoggerFactory.getLogger(FirstAdministrator.class);

  private final Path file;

  FirstAdministrator(Path data) {
    this.file = data.resolve("first-admin-password");
  }

  /** Makes the user where there is none; its password is in the answer and in the file. */
  Optional<String> make(Accounts accounts) throws IOException {
    Optional<String> password = accounts.firstStart();
    if (password.isPresent()) {
      SecretFiles.write(file, (password.get() + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    return password;
  }

  /** The file has done its work. */
  void passwordChanged(String user) {
    if (!user.toLowerCase(Locale.ROOT).equals(Accounts.FIRST_ADMINISTRATOR)) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} could not be deleted; its password is of no use any more", file);
    }
  }
}

package org.gridwarden.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.gridwarden.core.Secret;

/**
 * Follows the references that stand in the configuration in place of secrets.
 *
 * @param folder where relative paths begin
 * @param environment the process's variables
 */
record Secrets(Path folder, Map<String, String> environment) {
  private static final int MAX_BYTES = 64 * 1024;

  /** A path, relative to the configuration's folder. */
  Path resolve(String path) {
    return folder.resolve(path).toAbsolutePath().normalize();
  }

  /**
   * Reads {@code file:PATH} (one line end at its end is not part of it) or {@code env:NAME}.
   *
   * @throws ConfigException without a place, where it is neither or cannot be read
   */
  Secret read(String reference) {
    if (reference.startsWith("env:")) {
      String name = reference.substring(4);
      String value = environment.get(name);
      if (value == null || value.isEmpty()) {
        throw new ConfigException("points to the variable " + name + ", which is not set: set it");
      }
      return new Secret(value.getBytes(StandardCharsets.UTF_8));
    }
    if (!reference.startsWith("file:")) {
      // what stands here may be the secret itself: it is not repeated
      throw new ConfigException(
          "is a reference, file:PATH or env:NAME: a secret never stands in the configuration");
    }
    Path file = resolve(reference.substring(5));
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ConfigException("points to " + file + ", which is too long for a secret");
      }
      return new Secret(Files.readString(file).stripTrailing().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new ConfigException("points to " + file + ", which cannot be read: " + why(e), e);
    }
  }

  private static String why(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "");
  }
}

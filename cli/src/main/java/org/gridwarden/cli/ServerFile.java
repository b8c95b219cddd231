package org.gridwarden.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a running server tells of itself in its data folder.
 *
 * @param url where its API is
 * @param fingerprint the SHA-256 of its certificate in hex; empty where it speaks plain HTTP
 * @param pid its process
 * @param dlmsTcp the TCP port that takes pushes
 */
record ServerFile(String url, Optional<String> fingerprint, long pid, int dlmsTcp) {
  static final String NAME = "server.json";
  static final String TOKEN_NAME = "cli-token";

  /**
   * Reads it.
   *
   * @throws Failure where it is not there or not so
   */
  static ServerFile read(Path file) {
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
      String fingerprint = json.path("fingerprint").asString("");
      return new ServerFile(
          json.required("url").asString(),
          fingerprint.matches("[0-9a-fA-F:]{64,95}(,[0-9a-fA-F:]{64,95})?")
              ? Optional.of(fingerprint)
              : Optional.empty(),
          json.path("pid").asLong(0),
          json.path("ports").path("dlmsTcp").asInt(0));
    } catch (NoSuchFileException e) {
      throw new Failure(
          "no server is running on "
              + file.toAbsolutePath().getParent()
              + " (it has no "
              + NAME
              + "); start one, or name its folder with --data");
    } catch (IOException | JacksonException e) {
      throw new Failure("cannot read " + file + "; is it yours? " + e.getMessage());
    }
  }
}

package org.gridwarden.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.simulator.MeterCertificates;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The options by which a simulated street comes by TLS. */
final class StreetCertificates {
  private StreetCertificates() {}

  /** Empty where nothing is said of TLS. */
  static Optional<MeterCertificates> of(SimulateCommand command) throws IOException {
    String est = command.est;
    Path root = command.root;
    if (est == null || root == null) {
      if (est != null || root != null || command.invitations != null) {
        throw new Failure("to come by TLS give --est and --root", Gridwarden.WRONG_INPUT);
      }
      return Optional.empty();
    }
    return Optional.of(
        MeterCertificates.of(
            HostPort.parse(est),
            root,
            secrets(command.invitations),
            Optional.ofNullable(command.certificates)));
  }

  /** By serial number. */
  private static Map<String, String> secrets(@org.jspecify.annotations.Nullable Path file) {
    Map<String, String> secrets = new HashMap<>();
    if (file == null) {
      return secrets;
    }
    try {
      for (JsonNode one : JsonMapper.shared().readTree(Files.readAllBytes(file)).path("items")) {
        secrets.put(one.path("name").asString(), one.path("secret").asString());
      }
      return secrets;
    } catch (IOException | JacksonException e) {
      throw new Failure(
          file + " is not what 'certificates invite --json' printed", Gridwarden.WRONG_INPUT);
    }
  }
}

package org.gridwarden.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command finds the running server and shows that it may ask it. */
final class OfficeOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The running server's data folder, where it leaves its address and a token for this "
              + "machine. Default: GRIDWARDEN_DATA, else ./gridwarden-data, else the demo's folder.")
  private @Nullable Path data;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Another server's address; with --token-file.")
  private @Nullable String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The file that holds the token for --url.")
  private @Nullable Path tokenFile;

  /** Connects to the server meant. */
  OfficeClient connect() {
    Path token = tokenFile;
    String address = url;
    if (address != null) {
      if (token == null) {
        throw new Failure("--url needs --token-file, too", Gridwarden.WRONG_INPUT);
      }
      return OfficeClient.of(address, Optional.empty(), token);
    }
    Path folder = folder();
    ServerFile server = ServerFile.read(folder.resolve(ServerFile.NAME));
    return OfficeClient.of(
        server.url(),
        server.fingerprint(),
        token != null ? token : folder.resolve(ServerFile.TOKEN_NAME));
  }

  private Path folder() {
    if (data != null) {
      return data;
    }
    String environment = System.getenv("GRIDWARDEN_DATA");
    if (environment != null && !environment.isBlank()) {
      return Path.of(environment);
    }
    Path usual = Path.of("gridwarden-data");
    if (!Files.exists(usual.resolve(ServerFile.NAME))
        && Files.exists(DemoFolder.usual().resolve(ServerFile.NAME))) {
      return DemoFolder.usual();
    }
    return usual;
  }
}

package org.gridwarden.cli;

import java.io.Console;
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
          "The running server's data folder, where it leaves its address and a token for this"
              + " machine. Default: GRIDWARDEN_DATA, else ./gridwarden-data, else the demo's"
              + " folder.")
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

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description =
          "Acts for this user, who logs in: for what the token of this machine's command line "
              + "may not do. Default: GRIDWARDEN_USER.")
  private @Nullable String user;

  @Option(
      names = "--password",
      paramLabel = "PLACE",
      description =
          "Where the user's password is: file:PATH or env:NAME. Without it, it is asked for.")
  private @Nullable String password;

  @Option(
      names = "--code",
      paramLabel = "PLACE",
      description =
          "Where the code of the user's second factor is: file:PATH or env:NAME. Without it, it is "
              + "asked for where the server wants one.")
  private @Nullable String code;

  @Option(
      names = "--new-password",
      paramLabel = "PLACE",
      description = "The user's password from now on: file:PATH or env:NAME.")
  private @Nullable String newPassword;

  /** Connects to the server meant. */
  OfficeClient connect() {
    if (AtDesk.NOW.isBound()) {
      return AtDesk.NOW.get().client();
    }
    String person = user != null ? user : System.getenv("GRIDWARDEN_USER");
    if (person == null || person.isBlank()) {
      return connectByToken();
    }
    String address = url;
    Optional<String> fingerprint = Optional.empty();
    if (address == null) {
      ServerFile server = ServerFile.read(folder().resolve(ServerFile.NAME));
      address = server.url();
      fingerprint = server.fingerprint();
    }
    Optional<String> fresh =
        Optional.ofNullable(newPassword).map(place -> secret("--new-password", place));
    return OfficeClient.login(
        address, fingerprint, person, password(person), fresh, () -> code(person));
  }

  private Optional<String> code(String person) {
    if (code != null) {
      return Optional.of(secret("--code", code));
    }
    Console console = System.console();
    return console != null && console.isTerminal()
        ? Optional.ofNullable(console.readLine("Code of %s's second factor: ", person))
        : Optional.empty();
  }

  private String password(String person) {
    if (password != null) {
      return secret("--password", password);
    }
    Console console = System.console();
    char[] typed =
        console != null && console.isTerminal()
            ? console.readPassword("Password of %s: ", person)
            : null;
    if (typed == null) {
      throw new Failure(
          "nobody is there to type the password of "
              + person
              + "; give --password file:PATH or env:NAME",
          Gridwarden.WRONG_INPUT);
    }
    return new String(typed);
  }

  private static String secret(String option, String place) {
    if (!place.startsWith("file:") && !place.startsWith("env:")) {
      throw new Failure(
          option + " takes file:PATH or env:NAME: what is given here stands in the process list",
          Gridwarden.WRONG_INPUT);
    }
    return KeyArgument.text(option, place);
  }

  private OfficeClient connectByToken() {
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

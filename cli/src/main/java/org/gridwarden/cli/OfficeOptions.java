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

  /** Where a person logs in. */
  private record Door(String url, Optional<String> fingerprint) {}

  /** Connects to the server meant. */
  OfficeClient connect() {
    if (AtDesk.NOW.isBound()) {
      return AtDesk.NOW.get().client();
    }
    Optional<String> person = person();
    if (person.isEmpty()) {
      return connectByToken();
    }
    Door door = door();
    Optional<OfficeClient> kept =
        password == null && newPassword == null
            ? OfficeClient.kept(door.url(), door.fingerprint(), person.get())
            : Optional.empty();
    return kept.orElseGet(() -> login(door, person.get()));
  }

  private OfficeClient login(Door door, String person) {
    Optional<String> fresh =
        Optional.ofNullable(newPassword).map(place -> secret("--new-password", place));
    return OfficeClient.login(
        door.url(),
        door.fingerprint(),
        person,
        password(person),
        fresh,
        () -> code(person),
        () -> first(person));
  }

  /**
   * Logs the person in and keeps the session, in the place of an older one.
   *
   * @return who it is
   */
  String keep() {
    String person = needed();
    Door door = door();
    OfficeClient.kept(door.url(), door.fingerprint(), person)
        .ifPresent(old -> {
          old.end();
          old.close();
        });
    try (OfficeClient client = login(door, person)) {
      client.keep(person);
    }
    return person;
  }

  /**
   * Ends the session that is kept.
   *
   * @return whose it was
   */
  String endKept() {
    String person = needed();
    Door door = door();
    OfficeClient client =
        OfficeClient.kept(door.url(), door.fingerprint(), person)
            .orElseThrow(() -> new Failure(person + " is not logged in at " + door.url()));
    try (client) {
      client.end();
    }
    return person;
  }

  /**
   * Changes the person's own password; the session that is kept ends with it.
   *
   * @return whose it is
   */
  String changePassword() {
    String person = needed();
    Door door = door();
    String fresh = newPassword != null ? secret("--new-password", newPassword) : "";
    OfficeClient.login(
            door.url(),
            door.fingerprint(),
            person,
            password(person),
            Optional.of(fresh.isEmpty() ? typedTwice(person) : fresh),
            () -> code(person),
            Optional::empty)
        .close();
    return person;
  }

  private Optional<String> person() {
    String person = user != null ? user : System.getenv("GRIDWARDEN_USER");
    return person == null || person.isBlank() ? Optional.empty() : Optional.of(person);
  }

  private String needed() {
    return person().orElseThrow(() -> new Failure("who? give --user NAME", Gridwarden.WRONG_INPUT));
  }

  private Door door() {
    if (url != null) {
      return new Door(url, Optional.empty());
    }
    ServerFile server = ServerFile.read(folder().resolve(ServerFile.NAME));
    return new Door(server.url(), server.fingerprint());
  }

  /** A first password is good for one thing: another one. */
  private static Optional<String> first(String person) {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return Optional.empty();
    }
    console.printf("%s has a first password, which is changed now.%n", person);
    return Optional.of(typedTwice(person));
  }

  private static String typedTwice(String person) {
    return new String(Passwords.of("--new-password", null, "", "New password of " + person, true));
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

package org.gridwarden.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.gridwarden.security.command.Signer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** With which key an operator signs: one in a file (PKCS#12) or one in a token (PKCS#11). */
final class SignerOptions {
  @Option(
      names = "--key",
      paramLabel = "FILE.p12",
      description = "Signs with the key in this file. Default: GRIDWARDEN_KEY.")
  private @Nullable Path file;

  @Option(
      names = "--token",
      paramLabel = "LIBRARY[:SLOT]",
      description =
          "Signs with the key in this PKCS#11 token, such as /usr/lib/softhsm/libsofthsm2.so. "
              + "Default: GRIDWARDEN_TOKEN.")
  private @Nullable String token;

  @Option(
      names = "--alias",
      paramLabel = "NAME",
      description = "Which key, where there are several.")
  private @Nullable String alias;

  @Option(
      names = "--key-password",
      paramLabel = "PLACE",
      description =
          "Where the file's password or the token's PIN is: file:PATH or env:NAME. Default: "
              + "GRIDWARDEN_KEY_PASSWORD; without it, it is asked for.")
  private @Nullable String password;

  /** Whether one was named. */
  boolean given() {
    return file() != null || token() != null;
  }

  /** Where the key lies: file or token. */
  String kind() {
    return token() == null ? "file" : "token";
  }

  /**
   * The key, ready to sign.
   *
   * @throws Failure where none was named, or it cannot be opened
   */
  Signer open() {
    String library = token();
    if (library != null) {
      return OperatorToken.of(library)
          .open(secret("PIN of the token " + library), Optional.ofNullable(alias));
    }
    Path path = file();
    if (path == null) {
      throw new Failure(
          "which key signs? name --key FILE.p12 or --token LIBRARY[:SLOT]", Gridwarden.WRONG_INPUT);
    }
    return OperatorKeyFile.open(path, secret("Password of " + path), Optional.ofNullable(alias));
  }

  private @Nullable Path file() {
    if (file != null || token != null) {
      return file;
    }
    String usual = System.getenv("GRIDWARDEN_KEY");
    return usual == null || usual.isBlank() ? null : Path.of(usual);
  }

  private @Nullable String token() {
    if (file != null || token != null) {
      return token;
    }
    String usual = System.getenv("GRIDWARDEN_TOKEN");
    return usual == null || usual.isBlank() ? null : usual;
  }

  private char[] secret(String what) {
    return Passwords.of("--key-password", password, "GRIDWARDEN_KEY_PASSWORD", what, false);
  }
}

package org.gridwarden.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.InvocationCounter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What proves who one is to a meter, or to a client. No message repeats any of it. */
final class DlmsSecurityOptions {
  private static final SecureRandom RANDOM = new SecureRandom();

  @Option(
      names = "--password",
      paramLabel = "TEXT",
      description = "For lls: text, file:PATH or env:NAME. Also GRIDWARDEN_DLMS_PASSWORD.")
  private @Nullable String password;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The encryption key (GUEK). Also GRIDWARDEN_DLMS_KEY.")
  private @Nullable String key;

  @Option(
      names = "--auth-key",
      paramLabel = "KEY",
      description = "The authentication key (GAK). Also GRIDWARDEN_DLMS_AUTH_KEY.")
  private @Nullable String authKey;

  @Option(
      names = "--system-title",
      paramLabel = "HEX",
      description = "The own system title; with --counter-file. Default: a random one each time.")
  private @Nullable String systemTitle;

  @Option(
      names = "--counter-file",
      paramLabel = "FILE",
      description = "Keeps the invocation counter of --system-title, so that none comes twice.")
  private @Nullable Path counterFile;

  /** Empty where there is none. */
  byte[] password() {
    String text = password != null ? password : System.getenv("GRIDWARDEN_DLMS_PASSWORD");
    return text == null
        ? new byte[0]
        : KeyArgument.text("--password", text).getBytes(StandardCharsets.UTF_8);
  }

  boolean hasKeys() {
    return keyBytes().length > 0;
  }

  private byte[] keyBytes() {
    return KeyArgument.bytes("--key", key, "GRIDWARDEN_DLMS_KEY", 16);
  }

  DlmsKeys keys() {
    byte[] encryption = keyBytes();
    byte[] authentication =
        KeyArgument.bytes("--auth-key", authKey, "GRIDWARDEN_DLMS_AUTH_KEY", 16);
    if (encryption.length == 0 || authentication.length == 0) {
      throw new Failure("gmac takes --key and --auth-key", Gridwarden.WRONG_INPUT);
    }
    return DlmsKeys.of(encryption, authentication);
  }

  /** A key and title with a counter never used before: all of a random title's are. */
  byte[] title(String maker) {
    byte[] given = KeyArgument.bytes("--system-title", systemTitle, null, 8);
    if (given.length > 0) {
      if (counterFile == null) {
        throw new Failure(
            "--system-title goes with --counter-file: its counters must never come twice",
            Gridwarden.WRONG_INPUT);
      }
      return given;
    }
    byte[] title = new byte[8];
    RANDOM.nextBytes(title);
    System.arraycopy(maker.getBytes(StandardCharsets.US_ASCII), 0, title, 0, 3);
    return title;
  }

  InvocationCounter counter() {
    Path file = counterFile;
    if (file != null) {
      return new FileCounter(file);
    }
    // with the five random bytes of the title, another start has others even in the same second
    AtomicLong next = new AtomicLong(Instant.now().getEpochSecond());
    return next::getAndIncrement;
  }
}

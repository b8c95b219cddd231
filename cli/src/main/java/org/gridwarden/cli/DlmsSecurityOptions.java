package org.gridwarden.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.InvocationCounter;
import org.gridwarden.dlms.security.Hls;
import org.gridwarden.dlms.security.SecurityContext;
import org.gridwarden.dlms.security.SecuritySuite;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What proves who one is to a meter, or to a client. No message repeats any of it. */
final class DlmsSecurityOptions {
  private static final SecureRandom RANDOM = new SecureRandom();

  @Option(
      names = "--password",
      paramLabel = "TEXT",
      description =
          "For lls, and the secret of md5, sha1 and sha256: text, file:PATH or env:NAME. Also"
              + " GRIDWARDEN_DLMS_PASSWORD.")
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

  @Option(
      names = "--suite",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The security suite, 0 to 2: keys have 16 bytes, in suite 2 32. Default:"
              + " ${DEFAULT-VALUE}.")
  private int suite;

  @Option(
      names = "--sign-key",
      paramLabel = "PEM",
      description = "For ecdsa: the own private key for signatures, PKCS #8.")
  private @Nullable Path signKey;

  @Option(
      names = "--cert",
      paramLabel = "PEM",
      description = "For ecdsa: the other side's certificate or public key.")
  private @Nullable Path certificate;

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

  SecuritySuite suite() {
    try {
      return SecuritySuite.of(suite);
    } catch (DlmsException e) {
      throw new Failure("--suite is 0, 1 or 2, not " + suite, Gridwarden.WRONG_INPUT);
    }
  }

  private byte[] keyBytes() {
    return KeyArgument.bytes("--key", key, "GRIDWARDEN_DLMS_KEY", suite().keyLength());
  }

  /** The keys in a suite, for one who has this title. */
  SecurityContext context(byte[] title, DlmsKeys keys, InvocationCounter counter) {
    return SecurityContext.of(title, keys, counter).withSuite(suite());
  }

  /** The secret of a mechanism that hashes one. */
  byte[] secret(String mechanism) {
    byte[] secret = password();
    if (secret.length == 0) {
      throw new Failure(mechanism + " takes --password, its secret", Gridwarden.WRONG_INPUT);
    }
    return secret;
  }

  boolean hasSignKey() {
    return signKey != null && certificate != null;
  }

  /** Proof by signatures. */
  HlsProver ecdsa() {
    Path own = signKey;
    Path theirs = certificate;
    if (own == null || theirs == null || suite().curve().isEmpty()) {
      throw new Failure(
          "ecdsa takes --suite 1 or 2, --sign-key and --cert", Gridwarden.WRONG_INPUT);
    }
    try {
      return Hls.ecdsa(
          suite(), PemFile.privateKey("--sign-key", own), PemFile.publicKey("--cert", theirs));
    } catch (IllegalArgumentException e) {
      throw new Failure("--sign-key, --cert: " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  DlmsKeys keys() {
    byte[] encryption = keyBytes();
    byte[] authentication =
        KeyArgument.bytes("--auth-key", authKey, "GRIDWARDEN_DLMS_AUTH_KEY", suite().keyLength());
    if (encryption.length == 0 || authentication.length == 0) {
      throw new Failure("gmac and --ciphered take --key and --auth-key", Gridwarden.WRONG_INPUT);
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

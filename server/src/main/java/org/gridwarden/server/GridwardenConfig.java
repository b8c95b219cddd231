package org.gridwarden.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Secret;
import org.gridwarden.headend.CollectionSettings;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.certificate.PublicPlace;
import org.gridwarden.security.keys.KeyCustodian;
import org.gridwarden.security.keys.Pkcs11Token;
import org.gridwarden.server.ssh.SshSettings;

/**
 * The whole configuration: read from one YAML file and {@code GRIDWARDEN_SECTION_KEY} variables and
 * checked before anything starts. {@link #sample} shows every key with its default.
 *
 * @param data the folder that holds everything the server keeps
 * @param demo whether this is a demonstration: plaintext meter keys may be imported
 * @param database which PostgreSQL
 * @param console the REST interface and the console
 * @param est where devices enrol
 * @param channels one section a channel, handed as it is to the {@code ChannelFactory} of its name
 * @param intake the bounds of what waits between the channels and the database
 * @param collection when meters are read, and how many at once
 * @param retention how long what is kept
 * @param keys where the office's own private key lies
 * @param audit who else keeps what the audit log was
 * @param ssh the SSH door
 * @param backup which backups the server makes
 * @param analytics from when on a group of households is told of
 * @param logging what is logged, and where to
 */
public record GridwardenConfig(
    Path data,
    boolean demo,
    Database database,
    Console console,
    Est est,
    Map<String, Map<String, Object>> channels,
    Intake intake,
    CollectionSettings collection,
    Retention retention,
    Audit audit,
    Keys keys,
    SshSettings ssh,
    BackupSettings backup,
    Analytics analytics,
    Logging logging) {
  private static final String SAMPLE = "gridwarden.yaml";

  public GridwardenConfig {
    data = data.toAbsolutePath().normalize();
    channels = Map.copyOf(channels);
  }

  /**
   * Which PostgreSQL.
   *
   * @param url {@code embedded}, or a {@code jdbc:postgresql:} address
   * @param port of the embedded one, 0 for any free port
   * @param user at an external one
   * @param password at an external one; of length 0 where it asks for none
   * @param withoutChecksums takes an external one without data checksums
   */
  public record Database(
      String url, int port, String user, Secret password, boolean withoutChecksums) {
    /** Whether the server runs its own. */
    public boolean embedded() {
      return url.equals("embedded");
    }
  }

  /**
   * The REST interface and the console.
   *
   * @param bind the address to listen on
   * @param port the port, 0 for any free one
   * @param tls the certificate, or the one made at first start
   * @param plaintext HTTP without TLS, on a loopback address only
   * @param idleTimeout after which a silent session ends
   * @param sessionLimit after which any session ends
   * @param sessions how many a user may have at once
   * @param secondFactor names of the roles that open nothing without a second factor
   * @param clientCertificates whether TLS asks for a machine's certificate
   * @param oidc who else says who somebody is
   * @param maxImport how large a shipment file may be, bytes
   */
  public record Console(
      InetAddress bind,
      int port,
      Tls tls,
      boolean plaintext,
      Duration idleTimeout,
      Duration sessionLimit,
      int sessions,
      Set<String> secondFactor,
      boolean clientCertificates,
      Oidc oidc,
      long maxImport) {
    /**
     * @throws ConfigException where plaintext is asked for beyond this machine
     */
    public Console {
      if (plaintext && !bind.isLoopbackAddress()) {
        throw new ConfigException(
            "console.plaintext is for a loopback address only: set console.bind to 127.0.0.1,"
                + " or leave plaintext out");
      }
    }
  }

  /**
   * An OpenID Connect provider.
   *
   * @param issuer its address; empty where there is none
   * @param client what this office is called there
   * @param secret what it shows there; of length 0 for a public client
   * @param label what the way in is called
   * @param userClaim which claim is the user's name here
   * @param factor words of amr or acr that stand for a second factor
   */
  public record Oidc(
      String issuer,
      String client,
      Secret secret,
      String label,
      String userClaim,
      Set<String> factor) {
    /** Whether there is one. */
    public boolean on() {
      return !issuer.isEmpty();
    }
  }

  /** Where the console's certificate comes from. */
  public sealed interface Tls {
    /** Made at first start, self-signed, kept in the data folder. */
    record Auto() implements Tls {}

    /**
     * Given, as PEM files.
     *
     * @param certificate the chain, the server's own first
     * @param key its private key, PKCS #8
     */
    record Given(Path certificate, Path key) implements Tls {}
  }

  /**
   * Where devices enrol (RFC 7030).
   *
   * @param on whether the port is opened
   * @param bind the address to listen on
   * @param port 0 for any free one
   * @param patience how long a connection may last
   * @param place under which address others reach the lists of what is revoked; stands in
   *     certificates
   */
  public record Est(
      boolean on, InetAddress bind, int port, Duration patience, Optional<PublicPlace> place) {}

  /**
   * The bounds of what waits between the channels and the database.
   *
   * @param partitions how many batches may be committed side by side; meters are shared out by hash
   * @param queuedMessages how many messages may wait in all
   * @param queuedBytes how many bytes may wait in all
   * @param batchMessages how many messages one commit holds at most
   * @param batchBytes how many bytes one commit holds at most
   * @param linger how long a message waits for others to share its commit, at most
   */
  public record Intake(
      int partitions,
      int queuedMessages,
      long queuedBytes,
      int batchMessages,
      long batchBytes,
      Duration linger) {}

  /**
   * How long what is kept.
   *
   * @param evidence raw messages
   * @param readings values and all that was made of them; zero for ever
   */
  public record Retention(Duration evidence, Duration readings) {}

  /**
   * Who else keeps what the audit log was.
   *
   * @param witness signed checkpoints are added to this file; empty path for the data folder's own
   */
  public record Audit(Path witness) {}

  /**
   * Where the office's own private key lies.
   *
   * @param custodian {@link #FILE}, {@code pkcs11}, or another kind on the class path
   * @param passphrase under which the file is; of length 0 where a key beside it is
   * @param pin what the custodian asks for; of length 0 for nothing
   * @param settings the custodian's own
   * @param issuing the token that holds the key that certifies; empty where it is a file
   * @param issuingPin what that token asks for
   */
  public record Keys(
      String custodian,
      Secret passphrase,
      Secret pin,
      Map<String, String> settings,
      Map<String, String> issuing,
      Secret issuingPin) {
    /** In the data folder. */
    public static final String FILE = "file";

    public Keys {
      settings = Map.copyOf(settings);
      issuing = Map.copyOf(issuing);
    }

    /**
     * Opens the token that holds the issuing authority's key; empty where a file does.
     *
     * @throws IOException where it does not open; the message names the remedy
     */
    Optional<KeyPair> openIssuing() throws IOException {
      return issuing.isEmpty()
          ? Optional.empty()
          : Optional.of(Pkcs11Token.signing("gridwarden-issuing", issuing, issuingPin));
    }

    /**
     * Opens the office key, or makes it where the folder has none.
     *
     * @throws IOException where it does not open; the message names the remedy
     */
    public OfficeKey open(Path folder) throws IOException {
      if (!custodian.equals(FILE)) {
        return OfficeKey.open(folder, KeyCustodian.open(custodian, settings, pin));
      }
      return passphrase.length() == 0 ? OfficeKey.open(folder) : OfficeKey.open(folder, passphrase);
    }
  }

  /**
   * From when on a group of households is told of (C32).
   *
   * @param leastGroup how many they are at least; never below 10
   * @param largestShare one household's part at most, in percent
   * @param user the role that analytics read an external database with; empty where there is none
   * @param password its password
   */
  public record Analytics(int leastGroup, int largestShare, String user, Secret password) {}

  /**
   * What is logged, and where to.
   *
   * @param level the least level
   * @param console lines for a person on standard error
   * @param file JSON lines go there; empty path for none
   */
  public record Logging(Level level, boolean console, Path file) {
    /** How much. */
    public enum Level {
      ERROR,
      WARN,
      INFO,
      DEBUG
    }

    /** Whether a file is written. */
    public boolean toFile() {
      return !file.toString().isEmpty();
    }
  }

  /** What is in force where nobody says otherwise. */
  public static GridwardenConfig defaults() {
    return parse("", "defaults", Map.of());
  }

  /**
   * Reads a file and the overrides.
   *
   * @throws ConfigException naming the place, the key and the remedy in one line
   */
  public static GridwardenConfig load(Path file, Map<String, String> environment) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new ConfigException(
          file + ": cannot be read (" + e.getClass().getSimpleName() + "): name a YAML file", e);
    }
    Path folder = file.toAbsolutePath().getParent();
    return read(text, file.toString(), folder == null ? Path.of("") : folder, environment);
  }

  /**
   * The same from a text; relative paths begin in the working folder.
   *
   * @param source what the text is called in error lines
   */
  public static GridwardenConfig parse(
      String yaml, String source, Map<String, String> environment) {
    return read(yaml, source, Path.of(""), environment);
  }

  /** A commented configuration with every key at its default. */
  public static String sample() {
    try (InputStream in = GridwardenConfig.class.getResourceAsStream(SAMPLE)) {
      if (in == null) {
        throw new IllegalStateException(SAMPLE + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GridwardenConfig read(
      String yaml, String source, Path folder, Map<String, String> environment) {
    ConfigNode.Mapping root = ConfigYaml.read(yaml, source);
    ConfigOverrides.apply(root, environment, ConfigYaml.read(sample(), SAMPLE));
    return ConfigReader.read(new ConfigSection("", root, new Secrets(folder, environment)));
  }

  /** The same with another data folder. */
  public GridwardenConfig withData(Path folder) {
    return new GridwardenConfig(
        folder,
        demo,
        database,
        console,
        est,
        channels,
        intake,
        collection,
        retention,
        audit,
        keys,
        ssh,
        backup,
        analytics,
        logging);
  }
}

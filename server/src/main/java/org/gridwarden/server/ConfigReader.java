package org.gridwarden.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.gridwarden.headend.ClockLimits;
import org.gridwarden.headend.CollectionSettings;
import org.gridwarden.security.access.Role;
import org.gridwarden.security.certificate.PublicPlace;
import org.gridwarden.server.GridwardenConfig.Audit;
import org.gridwarden.server.GridwardenConfig.Console;
import org.gridwarden.server.GridwardenConfig.Database;
import org.gridwarden.server.GridwardenConfig.Intake;
import org.gridwarden.server.GridwardenConfig.Keys;
import org.gridwarden.server.GridwardenConfig.Logging;
import org.gridwarden.server.GridwardenConfig.Retention;
import org.gridwarden.server.GridwardenConfig.Tls;
import org.gridwarden.server.ssh.SshSettings;

/** Makes the record tree from the written sections: every key, its default and its range. */
final class ConfigReader {
  private static final long MIB = 1L << 20;

  private ConfigReader() {}

  static GridwardenConfig read(ConfigSection root) {
    Path data = root.file("data", Path.of("gridwarden-data"));
    boolean demo = root.flag("demo", false);
    Database database = database(root.section("database"));
    Console console = console(root.section("console"));
    GridwardenConfig.Est est = est(root.section("est"), root.has("est"));
    Map<String, Map<String, Object>> channels = new LinkedHashMap<>(root.sections("channels"));
    if (!root.has("channels")) {
      channels.put("dlms", Map.of());
    }
    Intake intake = intake(root.section("intake"));
    CollectionSettings collection = collection(root.section("collection"));
    Retention retention = retention(root.section("retention"));
    Audit audit = audit(root.section("audit"));
    Keys keys = keys(root.section("keys"));
    SshSettings ssh = ssh(root.section("ssh"));
    BackupSettings backup = BackupSettings.read(root.section("backup"));
    GridwardenConfig.Analytics analytics = analytics(root.section("analytics"));
    Logging logging = logging(root.section("logging"));
    root.done();
    return new GridwardenConfig(
        data,
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

  private static Database database(ConfigSection section) {
    String url = section.text("url", "embedded");
    if (!url.equals("embedded") && !url.startsWith("jdbc:postgresql:")) {
      throw section.wrong("url", "is embedded, or jdbc:postgresql://host:port/database");
    }
    if (url.contains("password=")) {
      throw section.wrong("url", "holds no password: point database.password to it with file:");
    }
    Database database =
        new Database(
            url,
            section.port("port", 0),
            section.text("user", "gridwarden"),
            section.secret("password"),
            section.flag("withoutChecksums", false));
    section.done();
    return database;
  }

  private static Console console(ConfigSection section) {
    Tls tls = new Tls.Auto();
    if (section.holdsSection("tls")) {
      ConfigSection given = section.section("tls");
      for (String key : new String[] {"certificate", "key"}) {
        if (!given.has(key)) {
          throw section.wrong("tls", "names a certificate and a key, or is the word auto");
        }
      }
      tls = new Tls.Given(given.file("certificate", Path.of("")), given.file("key", Path.of("")));
      given.done();
    } else if (!section.text("tls", "auto").equals("auto")) {
      throw section.wrong("tls", "is auto, or holds the keys certificate and key");
    }
    try {
      Console console =
          new Console(
              section.address("bind", "127.0.0.1"),
              section.port("port", 8443),
              tls,
              section.flag("plaintext", false),
              section.duration(
                  "idleTimeout", Duration.ofMinutes(30), Duration.ofMinutes(1), Duration.ofDays(1)),
              section.duration(
                  "sessionLimit", Duration.ofHours(12), Duration.ofMinutes(1), Duration.ofDays(30)),
              section.integer("sessions", 10, 1, 1_000),
              roles(section.text("secondFactor", "none")),
              section.flag("clientCertificates", false),
              oidc(section.section("oidc")),
              section.size("maxImport", 64 * MIB, 1024, 1024 * MIB));
      section.done();
      return console;
    } catch (ConfigException e) {
      String message = String.valueOf(e.getMessage());
      if (message.startsWith("console.plaintext")) {
        throw section.wrong("plaintext", message.substring("console.plaintext ".length()));
      }
      throw e;
    }
  }

  private static GridwardenConfig.Oidc oidc(ConfigSection section) {
    String issuer = section.text("issuer", "none");
    if (!issuer.matches("none|https://.+|http://(localhost|127\\.0\\.0\\.1)[:/].*")) {
      throw section.wrong("issuer", "is none, or the provider's address by https");
    }
    GridwardenConfig.Oidc oidc =
        new GridwardenConfig.Oidc(
            issuer.equals("none") ? "" : issuer,
            section.text("client", "gridwarden"),
            section.secret("clientSecret"),
            section.text("label", "Single sign-on"),
            section.text("userClaim", "preferred_username"),
            Arrays.stream(section.text("factor", "mfa, otp, hwk").split(",", -1))
                .map(String::strip)
                .collect(Collectors.toUnmodifiableSet()));
    section.done();
    return oidc;
  }

  private static Set<String> roles(String words) {
    return Arrays.stream(words.split(",", -1))
        .filter(word -> !word.isBlank() && !word.equals("none"))
        .map(Role::named)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static GridwardenConfig.Est est(ConfigSection section, boolean on) {
    GridwardenConfig.Est est =
        new GridwardenConfig.Est(
            on,
            section.address("bind", "0.0.0.0"),
            section.port("port", 8447),
            section.duration(
                "patience", Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofMinutes(10)),
            place(section));
    section.done();
    return est;
  }

  private static Optional<PublicPlace> place(ConfigSection section) {
    String url = section.text("publicUrl", "");
    try {
      return url.isEmpty() ? Optional.empty() : Optional.of(new PublicPlace(url));
    } catch (IllegalArgumentException e) {
      throw section.wrong("publicUrl", String.valueOf(e.getMessage()));
    }
  }

  private static Intake intake(ConfigSection section) {
    Intake intake =
        new Intake(
            section.integer("partitions", 2, 1, 64),
            section.integer("queuedMessages", 40_000, 64, 10_000_000),
            section.size("queuedBytes", 128 * MIB, MIB, 16 * 1024 * MIB),
            section.integer("batchMessages", 4_000, 1, 100_000),
            section.size("batchBytes", 16 * MIB, 64 * 1024, 1024 * MIB),
            section.duration(
                "linger", Duration.ofMillis(40), Duration.ZERO, Duration.ofMillis(200)));
    section.done();
    return intake;
  }

  private static CollectionSettings collection(ConfigSection section) {
    CollectionSettings usual = CollectionSettings.defaults();
    Duration minute = Duration.ofMinutes(1);
    Duration day = Duration.ofDays(1);
    ConfigSection clock = section.section("clock");
    ClockLimits limits =
        new ClockLimits(
            clock.duration(
                "tolerance",
                usual.clock().tolerance(),
                Duration.ofSeconds(1),
                minute.multipliedBy(15)),
            clock.duration(
                "correction",
                usual.clock().correction(),
                Duration.ofSeconds(1),
                minute.multipliedBy(15)),
            clock.duration("rest", usual.clock().rest(), minute, day.multipliedBy(30)));
    clock.done();
    try {
      CollectionSettings settings =
          new CollectionSettings(
              section.flag("enabled", usual.enabled()),
              section.duration("billing", usual.billingEvery(), minute, day.multipliedBy(31)),
              section.duration("profiles", usual.profilesEvery(), minute, day.multipliedBy(31)),
              section.duration("spread", usual.spread(), Duration.ZERO, day),
              section.duration("backfill", usual.backfill(), minute, day.multipliedBy(400)),
              section.duration("settling", usual.settling(), Duration.ZERO, day),
              section.integer("sessions", usual.sessions(), 1, 20_000),
              section.integer("perLink", usual.perLink(), 1, 20_000),
              section.numbers("links", 1, 20_000),
              section.duration("session", usual.session(), Duration.ofSeconds(1), day),
              section.duration("firstRetry", usual.firstRetry(), Duration.ofSeconds(1), day),
              section.duration("lastRetry", usual.lastRetry(), Duration.ofSeconds(1), day),
              section.integer("vain", usual.vain(), 1, 1_000),
              limits);
      section.done();
      return settings;
    } catch (IllegalArgumentException e) {
      throw section.wrong("firstRetry", "does not fit: " + e.getMessage());
    }
  }

  private static Retention retention(ConfigSection section) {
    Retention retention =
        new Retention(
            section.duration(
                "evidence", Duration.ofDays(400), Duration.ofDays(1), Duration.ofDays(36_500)),
            section.duration("readings", Duration.ZERO, Duration.ZERO, Duration.ofDays(36_500)));
    if (!retention.readings().isZero()
        && retention.readings().compareTo(retention.evidence()) < 0) {
      throw section.wrong(
          "readings",
          "is 0 (for ever), or at least retention.evidence: raw messages tell them, too");
    }
    section.done();
    return retention;
  }

  private static Audit audit(ConfigSection section) {
    Audit audit =
        new Audit(section.has("witness") ? section.file("witness", Path.of("")) : Path.of(""));
    section.done();
    return audit;
  }

  private static GridwardenConfig.Analytics analytics(ConfigSection section) {
    GridwardenConfig.Analytics analytics =
        new GridwardenConfig.Analytics(
            section.integer("leastGroup", 10, 10, 100_000),
            section.integer("largestShare", 25, 10, 50),
            section.text("user", ""),
            section.secret("password"));
    section.done();
    return analytics;
  }

  private static SshSettings ssh(ConfigSection section) {
    SshSettings ssh =
        new SshSettings(
            section.flag("enabled", false),
            section.address("bind", "127.0.0.1"),
            section.port("port", 2022),
            section.duration(
                "idleTimeout", Duration.ofMinutes(15), Duration.ofSeconds(5), Duration.ofDays(1)),
            section.integer("sessions", 64, 1, 10_000),
            section.integer("perUser", 4, 1, 1_000),
            section.flag("exchange", true),
            section.size("file", 64 * MIB, 1024, 1024 * MIB),
            section.size("quota", 256 * MIB, 1024, 1024 * 1024 * MIB),
            section.integer("files", 1_000, 1, 100_000));
    section.done();
    return ssh;
  }

  private static Keys keys(ConfigSection section) {
    Keys keys =
        new Keys(
            section.text("custodian", Keys.FILE),
            section.secret("passphrase"),
            section.secret("pin"),
            section.texts("settings"),
            section.texts("issuing"),
            section.secret("issuingPin"));
    if (keys.custodian().equals(Keys.FILE) && !keys.settings().isEmpty()) {
      throw section.wrong("settings", "are a custodian's: name it, as in `custodian: pkcs11`");
    }
    if (!keys.custodian().equals(Keys.FILE) && keys.passphrase().length() > 0) {
      throw section.wrong("passphrase", "is for the file; a custodian has a pin");
    }
    section.done();
    return keys;
  }

  private static Logging logging(ConfigSection section) {
    Logging logging =
        new Logging(
            section.choice("level", Logging.Level.class, Logging.Level.INFO),
            section.flag("console", true),
            section.has("file") ? section.file("file", Path.of("")) : Path.of(""));
    section.done();
    return logging;
  }
}

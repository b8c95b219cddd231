package org.gridwarden.channel.mqtt;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SettingsSection;
import org.gridwarden.message.Secured;

/**
 * The section {@code channels.mqtt.broker} of the configuration, checked: a broker of somebody
 * else's that the office reads from.
 *
 * @param host its name, which its certificate must have
 * @param tls how TLS is spoken with it; empty where the configuration wants none
 * @param user the office's name there, and its password
 * @param clientId under which the broker keeps what comes while the office is away: each office
 *     process has its own
 * @param group the shared subscription's name: all offices of one group share the readings
 * @param inFlight how many messages may wait for their commit
 * @param maxPacket the longest packet, in bytes
 * @param session how long the broker keeps what comes while the office is away
 * @param heard how long after its last message a meter counts as reached
 */
record BrokerSettings(
    String host,
    int port,
    Optional<Tls> tls,
    Optional<Login> user,
    String clientId,
    String group,
    int inFlight,
    int maxPacket,
    Duration session,
    Duration heard) {
  private static final Duration USUAL_SESSION = Duration.ofDays(7);

  /** A name and its password. */
  record Login(String name, Secret password) {
    @Override
    public String toString() {
      return "Login[" + name + "]";
    }
  }

  /**
   * Files in PEM.
   *
   * @param trust who certifies the broker; empty for whom this Java trusts
   * @param own the office's certificate with its chain, and its key in PKCS#8
   */
  record Tls(Optional<Path> trust, Optional<Own> own) {}

  /** The office's own certificate and key. */
  record Own(Path certificate, Path key) {}

  /**
   * @throws IllegalArgumentException naming the key and what it should be
   */
  static BrokerSettings of(SettingsSection section) {
    section.only(
        "host",
        "port",
        "tls",
        "trust",
        "certificate",
        "key",
        "user",
        "password",
        "client",
        "group",
        "inFlight",
        "maxPacket",
        "session",
        "heard");
    boolean secure = !isPlain(section);
    Optional<Secret> password = section.secret("password");
    Optional<String> user = section.text("user");
    if (user.isPresent() != password.isPresent()) {
      throw section.wrong(
          user.isPresent() ? "password" : "user", "there: a user and a password come together");
    }
    String group = section.text("group").orElse("gridwarden");
    if (group.isEmpty() || group.matches(".*[/+#].*")) {
      throw section.wrong("group", "a name without '/', '+' and '#'");
    }
    return new BrokerSettings(
        section.text("host").orElseThrow(() -> section.wrong("host", "the broker's name")),
        section.number("port", secure ? MqttSettings.TLS_PORT : MqttSettings.PORT, 1, 65_535),
        secure ? Optional.of(tls(section)) : Optional.empty(),
        user.map(name -> new Login(name, password.orElseThrow())),
        section.text("client").orElse("gridwarden"),
        group,
        section.number("inFlight", 1_024, 1, 65_535),
        section.number("maxPacket", Secured.LONGEST + 512, 256, 1 << 20),
        section.duration("session", USUAL_SESSION),
        section.duration("heard", Duration.ofHours(1)));
  }

  /** Whether the configuration wants no TLS. */
  static boolean isPlain(SettingsSection section) {
    return section.oneOf("tls", "required", "required", "off").equals("off");
  }

  private static Tls tls(SettingsSection section) {
    Optional<Path> certificate = section.path("certificate");
    Optional<Path> key = section.path("key");
    if (certificate.isPresent() != key.isPresent()) {
      throw section.wrong(
          certificate.isPresent() ? "key" : "certificate",
          "there: a certificate and its key come together");
    }
    return new Tls(
        section.path("trust"), certificate.map(file -> new Own(file, key.orElseThrow())));
  }

  /** For people: where it is. */
  String place() {
    return host + ":" + port;
  }
}

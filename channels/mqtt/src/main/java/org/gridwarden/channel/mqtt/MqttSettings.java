package org.gridwarden.channel.mqtt;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.SettingsSection;
import org.gridwarden.message.Secured;

/**
 * The section {@code channels.mqtt} of the configuration, checked.
 *
 * @param tcp where to listen without TLS
 * @param tls where to listen with TLS
 * @param broker which broker of somebody else's to read from
 * @param limits what a session may take
 */
record MqttSettings(
    Optional<Listener> tcp,
    Optional<Listener> tls,
    Optional<BrokerSettings> broker,
    Limits limits) {
  /** The ports that IANA gives to MQTT. */
  static final int PORT = 1883;

  static final int TLS_PORT = 8883;

  /**
   * A network listener.
   *
   * @param port 0 takes any free one
   * @param passwords whether who shows no certificate may give a password
   */
  record Listener(String bind, int port, boolean passwords) {}

  /**
   * @param maxSessions how many connections one listener holds at most
   * @param maxPacket the longest packet, in bytes
   * @param maxConnect the longest CONNECT, with all that comes before it is accepted
   * @param inFlight how many messages of one session may wait for their commit
   * @param connect how long a connection may take until it is accepted
   * @param keepAlive how long a client may be silent, whatever it asks for
   */
  record Limits(
      int maxSessions,
      int maxPacket,
      int maxConnect,
      int inFlight,
      Duration connect,
      Duration keepAlive) {}

  /**
   * @throws IllegalArgumentException naming the key and what it should be
   */
  static MqttSettings of(Map<String, Object> settings) {
    SettingsSection top = SettingsSection.of(settings);
    top.only(
        "tcp",
        "tls",
        "broker",
        "plaintext",
        "maxSessions",
        "maxPacket",
        "maxConnect",
        "inFlight",
        "connect",
        "keepAlive");
    top.oneOf("plaintext", "refused", "refused", "allowed");
    Limits limits =
        new Limits(
            top.number("maxSessions", 50_000, 1, 1_000_000),
            top.number("maxPacket", Secured.LONGEST + 512, 256, 1 << 20),
            top.number("maxConnect", 4_096, 256, 1 << 16),
            top.number("inFlight", 32, 1, 65_535),
            top.duration("connect", Duration.ofSeconds(10)),
            top.duration("keepAlive", Duration.ofMinutes(30)));
    if (limits.keepAlive().toSeconds() < 1 || limits.keepAlive().toSeconds() > 65_535) {
      throw top.wrong("keepAlive", "a time from 1s to 65535s");
    }
    return new MqttSettings(
        tcp(top), tls(top), top.section("broker").map(BrokerSettings::of), limits);
  }

  private static Optional<Listener> tcp(SettingsSection top) {
    return top.section("tcp")
        .map(section -> {
          section.only("bind", "port");
          return listener(section, PORT, true);
        });
  }

  private static Optional<Listener> tls(SettingsSection top) {
    return top.section("tls")
        .map(section -> {
          section.only("bind", "port", "passwords");
          String passwords = section.oneOf("passwords", "refused", "refused", "allowed");
          return listener(section, TLS_PORT, passwords.equals("allowed"));
        });
  }

  private static Listener listener(SettingsSection section, int port, boolean passwords) {
    return new Listener(
        section.text("bind").orElse("0.0.0.0"), section.number("port", port, 0, 65_535), passwords);
  }
}

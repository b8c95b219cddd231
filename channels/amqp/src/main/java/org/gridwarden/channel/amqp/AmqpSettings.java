package org.gridwarden.channel.amqp;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.SettingsSection;
import org.gridwarden.message.Secured;

/**
 * The section {@code channels.amqp} of the configuration, checked.
 *
 * @param tcp where to listen without TLS
 * @param tls where to listen with mutual TLS
 * @param broker a broker of somebody else's, from which to take messages
 * @param limits what a connection may take
 */
record AmqpSettings(
    Optional<Listener> tcp, Optional<Listener> tls, Optional<Broker> broker, Limits limits) {
  /** The ports that IANA gives to AMQP. */
  static final int PORT = 5672;

  static final int TLS_PORT = 5671;

  /** The least that every AMQP 1.0 frame may be long. */
  private static final int LEAST_FRAME = 512;

  /** A network listener. Port 0 takes any free one. */
  record Listener(String bind, int port) {}

  /**
   * A broker that speaks AMQP 1.0.
   *
   * @param tls whether it is spoken to under TLS
   * @param trust a PEM file with the certificates that it must lead to; empty for those that the
   *     runtime trusts
   * @param user by which the office logs in
   * @param password a reference to it, file:PATH or env:NAME
   * @param up the address that meters' messages lie at
   * @param down the address for a meter's orders, with {@code {meter}} for its id; empty where none
   *     go this way
   * @param seen how long after its last message through the broker a meter counts as reached
   * @param again how long to wait before a broker is tried again, or gives a message again that
   *     could not be taken yet
   */
  record Broker(
      String host,
      int port,
      boolean tls,
      Optional<String> trust,
      String user,
      String password,
      String up,
      Optional<String> down,
      Duration seen,
      Duration again) {
    @Override
    public String toString() {
      return "Broker[" + user + "@" + host + ":" + port + "]";
    }
  }

  /**
   * @param maxSessions how many connections one listener holds at most
   * @param maxFrame the longest frame, in bytes
   * @param maxMessage the longest message, in bytes
   * @param maxUnproven how many bytes a connection may send until it is proven whose it is
   * @param inFlight how many messages of one link may wait for their commit: its credit
   * @param connect how long a connection may take until that is proven
   * @param keepAlive how long a connection may be silent
   * @param grace how long after a meter's link has ended it still counts as reached
   * @param rate how many messages a second a meter may send on the long run
   * @param burst how many it may send at once
   */
  record Limits(
      int maxSessions,
      int maxFrame,
      int maxMessage,
      int maxUnproven,
      int inFlight,
      Duration connect,
      Duration keepAlive,
      Duration grace,
      int rate,
      int burst) {}

  /**
   * @throws IllegalArgumentException naming the key and what it should be
   */
  static AmqpSettings of(Map<String, Object> settings) {
    SettingsSection top = SettingsSection.of(settings);
    top.only(
        "tcp",
        "tls",
        "broker",
        "plaintext",
        "maxSessions",
        "maxFrame",
        "maxMessage",
        "maxUnproven",
        "inFlight",
        "connect",
        "keepAlive",
        "grace",
        "rate",
        "burst");
    top.oneOf("plaintext", "refused", "refused", "allowed");
    Limits limits =
        new Limits(
            top.number("maxSessions", 50_000, 1, 1_000_000),
            top.number("maxFrame", 16 << 10, LEAST_FRAME, 1 << 20),
            top.number("maxMessage", Secured.LONGEST + 1_024, 256, 1 << 20),
            top.number("maxUnproven", 2_048, 1_024, 1 << 16),
            top.number("inFlight", 32, 1, 10_000),
            top.duration("connect", Duration.ofSeconds(10)),
            top.duration("keepAlive", Duration.ofMinutes(30)),
            top.duration("grace", Duration.ofSeconds(15)),
            top.number("rate", 50, 1, 1_000_000),
            top.number("burst", 400, 1, 1_000_000));
    return new AmqpSettings(
        listener(top, "tcp", PORT),
        listener(top, "tls", TLS_PORT),
        top.section("broker").map(AmqpSettings::broker),
        limits);
  }

  private static Optional<Listener> listener(SettingsSection top, String name, int port) {
    return top.section(name)
        .map(section -> {
          section.only("bind", "port");
          return new Listener(
              section.text("bind").orElse("0.0.0.0"), section.number("port", port, 0, 65_535));
        });
  }

  private static Broker broker(SettingsSection section) {
    section.only("host", "port", "tls", "trust", "user", "password", "up", "down", "seen", "again");
    boolean tls = section.oneOf("tls", "true", "true", "false").equals("true");
    Optional<String> down = section.text("down");
    if (down.isPresent() && !down.get().contains("{meter}")) {
      throw section.wrong("down", "an address with {meter} in it");
    }
    return new Broker(
        needed(section, "host", "the broker's host"),
        section.number("port", tls ? TLS_PORT : PORT, 1, 65_535),
        tls,
        section.text("trust"),
        needed(section, "user", "the name that the office logs in by"),
        needed(section, "password", "a reference, file:PATH or env:NAME"),
        needed(section, "up", "the address that meters' messages lie at"),
        down,
        section.duration("seen", Duration.ofMinutes(20)),
        section.duration("again", Duration.ofSeconds(5)));
  }

  private static String needed(SettingsSection section, String key, String should) {
    return section
        .text(key)
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> section.wrong(key, should));
  }
}

package org.gridwarden.channel.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.SettingsSection;

/**
 * The section {@code channels.http} of the configuration, checked.
 *
 * @param tcp where to listen without TLS
 * @param tls where to listen with mutual TLS
 * @param limits what a connection may take
 */
record HttpSettings(Optional<Listener> tcp, Optional<Listener> tls, Limits limits) {
  static final int PORT = 8084;
  static final int TLS_PORT = 8444;

  /** A network listener. Port 0 takes any free one. */
  record Listener(String bind, int port) {}

  /**
   * @param maxSessions how many connections one listener holds at most
   * @param maxHeader the longest request line, and the longest fields of a request, in bytes
   * @param maxBody the longest body, or WebSocket message, in bytes
   * @param maxUnproven how many bytes a connection may send until it has proven a meter
   * @param inFlight how many messages of one connection may wait for their commit, and how many
   *     HTTP/2 streams it may hold
   * @param connect how long a connection may take until it has proven a meter
   * @param request how long a request may take to arrive
   * @param keepAlive how long a connection may be silent
   * @param longestWait how long a question for orders is held at most
   * @param grace how long after such a question its meter still counts as reached
   * @param rate how many messages a second a meter may send on the long run
   * @param burst how many it may send at once
   */
  record Limits(
      int maxSessions,
      int maxHeader,
      int maxBody,
      int maxUnproven,
      int inFlight,
      Duration connect,
      Duration request,
      Duration keepAlive,
      Duration longestWait,
      Duration grace,
      int rate,
      int burst) {}

  /**
   * @throws IllegalArgumentException naming the key and what it should be
   */
  static HttpSettings of(Map<String, Object> settings) {
    SettingsSection top = SettingsSection.of(settings);
    top.only(
        "tcp",
        "tls",
        "plaintext",
        "maxSessions",
        "maxHeader",
        "maxBody",
        "maxUnproven",
        "inFlight",
        "connect",
        "request",
        "keepAlive",
        "wait",
        "grace",
        "rate",
        "burst");
    top.oneOf("plaintext", "refused", "refused", "allowed");
    Limits limits =
        new Limits(
            top.number("maxSessions", 50_000, 1, 1_000_000),
            top.number("maxHeader", 4_096, 256, 1 << 16),
            top.number("maxBody", 24 << 10, 256, 1 << 20),
            top.number("maxUnproven", 8_192, 512, 1 << 17),
            top.number("inFlight", 32, 1, 1_000),
            top.duration("connect", Duration.ofSeconds(10)),
            top.duration("request", Duration.ofSeconds(10)),
            top.duration("keepAlive", Duration.ofMinutes(30)),
            top.duration("wait", Duration.ofSeconds(60)),
            top.duration("grace", Duration.ofSeconds(15)),
            top.number("rate", 50, 1, 1_000_000),
            top.number("burst", 400, 1, 1_000_000));
    return new HttpSettings(listener(top, "tcp", PORT), listener(top, "tls", TLS_PORT), limits);
  }

  private static Optional<Listener> listener(SettingsSection top, String name, int port) {
    return top.section(name)
        .map(section -> {
          section.only("bind", "port");
          return new Listener(
              section.text("bind").orElse("0.0.0.0"), section.number("port", port, 0, 65_535));
        });
  }
}

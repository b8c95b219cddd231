package org.gridwarden.channel.sip;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.SettingsSection;

/**
 * The section {@code channels.sip} of the configuration, checked.
 *
 * @param udp where to listen for datagrams
 * @param tcp where to listen without TLS
 * @param tls where to listen with TLS
 * @param terms how meters are known
 * @param limits what they may take
 */
record SipSettings(
    Optional<Listener> udp,
    Optional<Listener> tcp,
    Optional<Listener> tls,
    Terms terms,
    Limits limits) {
  /** The ports that IANA gives to SIP. */
  static final int PORT = 5060;

  static final int TLS_PORT = 5061;

  /**
   * A network listener.
   *
   * @param port 0 takes any free one
   * @param passwords whether under TLS who shows no certificate may answer a digest
   */
  record Listener(String bind, int port, boolean passwords) {}

  /** What becomes of digests by MD5, which stacks before RFC 8760 know alone. */
  enum Md5 {
    REFUSED,
    /** Asked for behind SHA-256. */
    ALLOWED,
    /** Asked for before it: there are stacks that look at the first challenge alone. */
    FIRST
  }

  /**
   * @param host what the office calls itself; empty: the address that was called
   * @param realm in which passwords hold
   * @param md5 whether a digest by MD5 is taken, too
   * @param nonce how long a challenge may be answered
   * @param longest the longest registration or subscription
   * @param ping silence after which a meter is asked whether it lives
   */
  record Terms(
      Optional<String> host,
      String realm,
      Md5 md5,
      Duration nonce,
      Duration longest,
      Duration ping) {}

  /**
   * @param maxSessions how many connections one listener holds at most
   * @param maxHead the longest start line with all fields, in bytes
   * @param maxBody the longest body, in bytes
   * @param maxDatagram the longest datagram, in bytes
   * @param maxUnproven how many bytes a connection may send until it has proven a meter
   * @param inFlight how many messages of one connection may wait for their commit
   * @param waiting how many datagrams may be looked at, or wait for their commit
   * @param connect how long a connection may take until it has proven a meter
   * @param request how long a message may take to arrive
   * @param keepAlive how long a connection may be silent
   * @param rate how many messages a second a meter may send on the long run
   * @param burst how many it may send at once
   */
  record Limits(
      int maxSessions,
      int maxHead,
      int maxBody,
      int maxDatagram,
      int maxUnproven,
      int inFlight,
      int waiting,
      Duration connect,
      Duration request,
      Duration keepAlive,
      int rate,
      int burst) {}

  /**
   * @throws IllegalArgumentException naming the key and what it should be
   */
  static SipSettings of(Map<String, Object> settings) {
    SettingsSection top = SettingsSection.of(settings);
    top.only(
        "udp",
        "tcp",
        "tls",
        "plaintext",
        "host",
        "realm",
        "md5",
        "nonce",
        "expires",
        "ping",
        "maxSessions",
        "maxHead",
        "maxBody",
        "maxDatagram",
        "maxUnproven",
        "inFlight",
        "waiting",
        "connect",
        "request",
        "keepAlive",
        "rate",
        "burst");
    top.oneOf("plaintext", "refused", "refused", "allowed");
    Limits limits =
        new Limits(
            top.number("maxSessions", 50_000, 1, 1_000_000),
            top.number("maxHead", 4_096, 512, 1 << 16),
            top.number("maxBody", 24 << 10, 256, 1 << 20),
            top.number("maxDatagram", 4_096, 512, 65_507),
            top.number("maxUnproven", 8_192, 512, 1 << 17),
            top.number("inFlight", 32, 1, 1_000),
            top.number("waiting", 4_096, 1, 65_536),
            top.duration("connect", Duration.ofSeconds(10)),
            top.duration("request", Duration.ofSeconds(10)),
            top.duration("keepAlive", Duration.ofMinutes(30)),
            top.number("rate", 50, 1, 1_000_000),
            top.number("burst", 400, 1, 1_000_000));
    return new SipSettings(plain(top, "udp"), plain(top, "tcp"), tls(top), terms(top), limits);
  }

  private static Terms terms(SettingsSection top) {
    Optional<String> host = top.text("host");
    if (host.filter(h -> !h.matches("[A-Za-z0-9.\\[\\]:-]{1,128}")).isPresent()) {
      throw top.wrong("host", "a name or an address");
    }
    String realm = top.text("realm").orElse("gridwarden");
    if (!realm.matches("[A-Za-z0-9._ -]{1,64}")) {
      throw top.wrong("realm", "1 to 64 letters, digits, spaces and . _ -");
    }
    Duration longest = top.duration("expires", Duration.ofHours(1));
    if (longest.toSeconds() < Agent.SHORTEST) {
      throw top.wrong("expires", "a time of " + Agent.SHORTEST + "s or more");
    }
    return new Terms(
        host,
        realm,
        Md5.valueOf(
            top.oneOf("md5", "refused", "refused", "allowed", "first").toUpperCase(Locale.ROOT)),
        top.duration("nonce", Duration.ofMinutes(5)),
        longest,
        top.duration("ping", Duration.ofMinutes(2)));
  }

  private static Optional<Listener> plain(SettingsSection top, String name) {
    return top.section(name)
        .map(section -> {
          section.only("bind", "port");
          return listener(section, PORT, false);
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

package org.gridwarden.channel.coap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.channel.coap.mapping.Target;
import org.gridwarden.core.SettingsSection;

/**
 * The section {@code channels.coap} of the configuration, checked.
 *
 * @param udp where to listen without DTLS
 * @param dtls where to listen with DTLS
 * @param group where requests to a group come in, beside {@code udp}
 * @param proxy where HTTP is taken to the same resources
 * @param limits what callers may take
 */
record CoapSettings(
    Optional<Listener> udp,
    Optional<Listener> dtls,
    Optional<Group> group,
    Optional<Proxy> proxy,
    Limits limits) {
  /** The ports that IANA gives to CoAP. */
  static final int PORT = 5683;

  static final int DTLS_PORT = 5684;

  static final int PROXY_PORT = 8085;

  private static final String LOOPBACK = "127.0.0.1";

  /** IANA's group of all that speak CoAP. */
  private static final String ALL_NODES = "224.0.1.187";

  /** A network listener. Port 0 takes any free one. */
  record Listener(String bind, int port) {}

  /**
   * A group that is joined.
   *
   * @param address its multicast address
   * @param on the network interface that it is joined on
   */
  record Group(InetAddress address, int port, NetworkInterface on) {}

  /**
   * A reverse proxy from HTTP.
   *
   * @param tls whether by TLS
   * @param own as which the office is named in CoAP URIs; it asks no other
   * @param maxSessions how many connections it holds at most
   */
  record Proxy(Listener listener, boolean tls, Target.Authority own, int maxSessions) {}

  /**
   * @param maxAssociations how many DTLS associations stand at once
   * @param handshake the time for a handshake in all
   * @param idle silence after which an association may have to make room
   * @param maxTransfers how many block-wise transfers are under way at once
   * @param transfer how long one of them may be silent
   * @param block the longest block, and the longest answer that is not cut, in bytes
   * @param inFlight how many messages of one caller may wait for their commit
   * @param waiting how many of all callers may
   * @param piggyback how long an acknowledgement waits for the commit; then it goes alone, and the
   *     answer follows
   * @param leisure within which time a request to a group is answered
   */
  record Limits(
      int maxAssociations,
      Duration handshake,
      Duration idle,
      int maxTransfers,
      Duration transfer,
      int block,
      int inFlight,
      int waiting,
      Duration piggyback,
      Duration leisure) {}

  /**
   * @throws IllegalArgumentException naming the key and what it should be
   */
  static CoapSettings of(Map<String, Object> settings) {
    SettingsSection top = SettingsSection.of(settings);
    top.only(
        "udp",
        "dtls",
        "plaintext",
        "maxAssociations",
        "handshake",
        "idle",
        "maxTransfers",
        "transfer",
        "block",
        "inFlight",
        "waiting",
        "piggyback",
        "multicast",
        "leisure",
        "proxy");
    top.oneOf("plaintext", "refused", "refused", "allowed");
    Limits limits =
        new Limits(
            top.number("maxAssociations", 50_000, 1, 1_000_000),
            top.duration("handshake", Duration.ofSeconds(20)),
            top.duration("idle", Duration.ofHours(1)),
            top.number("maxTransfers", 4_096, 1, 65_536),
            top.duration("transfer", Duration.ofSeconds(60)),
            Integer.parseInt(
                top.oneOf("block", "512", "16", "32", "64", "128", "256", "512", "1024")),
            top.number("inFlight", 16, 1, 1_024),
            top.number("waiting", 4_096, 1, 65_536),
            top.duration("piggyback", Duration.ofMillis(500)),
            top.duration("leisure", Duration.ofSeconds(5)));
    Optional<Listener> udp = listener(top, "udp", PORT);
    Optional<Group> group = top.section("multicast").map(CoapSettings::group);
    if (group.isPresent() && udp.isEmpty()) {
      throw top.wrong("multicast", "beside udp, since groups ask without DTLS");
    }
    return new CoapSettings(
        udp,
        listener(top, "dtls", DTLS_PORT),
        group,
        top.section("proxy").map(CoapSettings::proxy),
        limits);
  }

  /** Whether a proxy that is asked for would speak in the clear. */
  static boolean isPlainProxy(Map<String, Object> settings) {
    return SettingsSection.of(settings)
        .section("proxy")
        .filter(section -> section.text("security").filter("none"::equals).isPresent())
        .isPresent();
  }

  private static Proxy proxy(SettingsSection section) {
    section.only("bind", "port", "security", "authority", "maxSessions");
    Target.Authority own;
    try {
      own = Target.Authority.of(section.text("authority").orElse("localhost"));
    } catch (IllegalArgumentException e) {
      throw section.wrong("authority", "as which CoAP URIs name the office: host, or host:port");
    }
    return new Proxy(
        new Listener(
            section.text("bind").orElse(LOOPBACK), section.number("port", PROXY_PORT, 0, 65_535)),
        section.oneOf("security", "tls", "tls", "none").equals("tls"),
        own,
        section.number("maxSessions", 50_000, 1, 1_000_000));
  }

  private static Group group(SettingsSection section) {
    section.only("group", "port", "interface");
    String address = section.text("group").orElse(ALL_NODES);
    String name = section.text("interface").orElse("");
    try {
      InetAddress group = InetAddress.getByName(address);
      NetworkInterface on = NetworkInterface.getByName(name);
      if (!group.isMulticastAddress()) {
        throw section.wrong("group", "a multicast address such as " + ALL_NODES);
      }
      if (on == null) {
        throw section.wrong("interface", "the name of a network interface such as eth0");
      }
      return new Group(group, section.number("port", PORT, 1, 65_535), on);
    } catch (IOException e) {
      throw section.wrong("group", "a multicast address such as " + ALL_NODES);
    }
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

package org.gridwarden.channel.xmpp;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.SettingsSection;

/**
 * The section {@code channels.xmpp} of the configuration, checked.
 *
 * @param component how the office joins the server
 * @param domain where meters have their accounts
 * @param pubSub the node whose items are taken, too
 * @param limits what may wait and how fast
 */
record XmppSettings(Component component, String domain, Optional<PubSub> pubSub, Limits limits) {
  /** Where Prosody and others listen for components. */
  static final int PORT = 5347;

  /**
   * A component of a server (XEP-0114).
   *
   * @param name the office's own address
   * @param secretFile holds what server and component share
   */
  record Component(String host, int port, String name, Path secretFile) {
    /** Whether the link stays within this machine: it has no TLS. */
    boolean isLocal() {
      String where = host.toLowerCase(Locale.ROOT);
      return where.equals("localhost") || where.equals("::1") || where.matches("127(\\.\\d+){3}");
    }
  }

  /** A node of a publish-subscribe service (XEP-0060). */
  record PubSub(String service, String node) {}

  /**
   * @param inFlight how many messages may wait for their commit
   * @param rate how many messages a second a meter may send on the long run
   * @param burst how many it may send at once
   * @param ping how long a meter may be silent until it is asked whether it is there; when as long
   *     again has passed it is not
   * @param grace how long a meter may be away until that counts as a hint at an outage
   */
  record Limits(int inFlight, int rate, int burst, Duration ping, Duration grace) {}

  /**
   * @throws IllegalArgumentException naming the key and what it should be
   */
  static XmppSettings of(Map<String, Object> settings) {
    SettingsSection top = SettingsSection.of(settings);
    top.only(
        "component", "domain", "pubsub", "plaintext", "inFlight", "rate", "burst", "ping", "grace");
    String plaintext = top.oneOf("plaintext", "refused", "refused", "allowed");
    Component component =
        top.section("component")
            .map(XmppSettings::component)
            .orElseThrow(() ->
                top.wrong("component", "there: {name: office.meters.example, secretFile: FILE}"));
    if (!component.isLocal() && plaintext.equals("refused")) {
      throw top.wrong(
          "component.host",
          "this machine, since links of components have no TLS: 127.0.0.1; or decide for it by"
              + " 'plaintext: allowed', with IPsec beneath");
    }
    String domain =
        top.text("domain")
            .orElseGet(() -> component.name().substring(component.name().indexOf('.') + 1));
    return new XmppSettings(
        component,
        name(top, "domain", domain),
        top.section("pubsub").map(XmppSettings::pubSub),
        new Limits(
            top.number("inFlight", 512, 1, 10_000),
            top.number("rate", 50, 1, 1_000_000),
            top.number("burst", 400, 1, 1_000_000),
            top.duration("ping", Duration.ofMinutes(5)),
            top.duration("grace", Duration.ofSeconds(30))));
  }

  private static Component component(SettingsSection section) {
    section.only("host", "port", "name", "secretFile");
    String name = required(section, "name", "the office's address, office.meters.example say");
    String file = required(section, "secretFile", "a file with what server and office share");
    try {
      return new Component(
          section.text("host").orElse("127.0.0.1"),
          section.number("port", PORT, 1, 65_535),
          name(section, "name", name),
          Path.of(file));
    } catch (InvalidPathException e) {
      throw section.wrong("secretFile", "a path");
    }
  }

  private static PubSub pubSub(SettingsSection section) {
    section.only("service", "node");
    String service = required(section, "service", "a service's address, pubsub.meters.example say");
    return new PubSub(name(section, "service", service), section.text("node").orElse("gridwarden"));
  }

  private static String required(SettingsSection section, String key, String should) {
    return section
        .text(key)
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> section.wrong(key, should));
  }

  private static String name(SettingsSection section, String key, String name) {
    String small = name.strip().toLowerCase(Locale.ROOT);
    if (!small.matches("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63}){0,8}")) {
      throw section.wrong(key, "a domain's name");
    }
    return small;
  }
}

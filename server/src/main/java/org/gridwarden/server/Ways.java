package org.gridwarden.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the channels that the configuration asks for, and opens them. */
final class Ways {
  private static final Logger LOG = LoggerFactory.getLogger(Ways.class);
  private static final Pattern PORT = Pattern.compile("(tcp|tls|udp|dtls)-([0-9]{1,5})");

  private Ways() {}

  /**
   * @param demo whether listeners without TLS need not be asked for
   * @throws ConfigException where a section has no channel of its name, a wrong key, or a listener
   *     without TLS that nobody decided for
   */
  static List<Channel> create(Map<String, Map<String, Object>> sections, boolean demo) {
    Map<String, ChannelFactory> factories = new HashMap<>();
    for (ChannelFactory factory : ServiceLoader.load(ChannelFactory.class)) {
      factories.put(factory.name(), factory);
    }
    List<Channel> channels = new ArrayList<>();
    sections.forEach((name, settings) -> {
      ChannelFactory factory = factories.get(name);
      if (factory == null) {
        throw new ConfigException(
            "channels."
                + name
                + " is not a channel of this program: there are "
                + new TreeSet<>(factories.keySet()));
      }
      decided(name, factory, settings, demo);
      try {
        channels.addAll(factory.create(settings));
      } catch (IllegalArgumentException e) {
        throw new ConfigException("channels." + name + ": " + e.getMessage(), e);
      }
    });
    return channels;
  }

  /** C25: nothing listens in the clear that the configuration does not allow to. */
  private static void decided(
      String name, ChannelFactory factory, Map<String, Object> settings, boolean demo) {
    List<String> plain = factory.plaintext(settings);
    if (plain.isEmpty() || demo) {
      return;
    }
    String where = "channels." + name + "." + String.join(", channels." + name + ".", plain);
    if (!"allowed".equals(String.valueOf(settings.get("plaintext")))) {
      throw new ConfigException(
          where
              + " would listen without TLS: use channels."
              + name
              + (plain.contains("udp")
                  ? ".dtls"
                  : plain.contains("proxy") ? ".proxy with security: tls" : ".tls")
              + ", or decide for it by channels."
              + name
              + ".plaintext: allowed");
    }
    LOG.warn(
        "{} listen without TLS, as the configuration allows: what protects is the protocol's own"
            + " ciphering alone",
        where);
  }

  /**
   * Opens one.
   *
   * @throws ServerException where its port is taken or its device missing
   */
  static void open(Channel channel, Channel.Host host) {
    try {
      channel.start(host);
    } catch (ChannelException e) {
      throw new ServerException(e.fault().where() + ": " + e.fault().remedy(), e);
    }
  }

  /**
   * The port of the first listener of a channel and kind, as its instance names it; 0 where none
   * is.
   */
  static int port(List<Channel> channels, String name, String kind) {
    for (Channel channel : channels) {
      Matcher matcher = PORT.matcher(channel.id().instance());
      if (channel.id().name().equals(name) && matcher.matches() && matcher.group(1).equals(kind)) {
        return Integer.parseInt(matcher.group(2));
      }
    }
    return 0;
  }
}

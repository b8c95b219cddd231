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

/** Makes the channels that the configuration asks for, and opens them. */
final class Ways {
  private static final Pattern PORT = Pattern.compile("(tcp|udp)-([0-9]{1,5})");

  private Ways() {}

  /**
   * @throws ConfigException where a section has no channel of its name, or a wrong key
   */
  static List<Channel> create(Map<String, Map<String, Object>> sections) {
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
      try {
        channels.addAll(factory.create(settings));
      } catch (IllegalArgumentException e) {
        throw new ConfigException("channels." + name + ": " + e.getMessage(), e);
      }
    });
    return channels;
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

  /** The port of the first DLMS listener of a kind, as its instance names it; 0 where none is. */
  static int dlmsPort(List<Channel> channels, String kind) {
    for (Channel channel : channels) {
      Matcher matcher = PORT.matcher(channel.id().instance());
      if (channel.id().name().equals("dlms")
          && matcher.matches()
          && matcher.group(1).equals(kind)) {
        return Integer.parseInt(matcher.group(2));
      }
    }
    return 0;
  }
}

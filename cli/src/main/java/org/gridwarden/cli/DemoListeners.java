package org.gridwarden.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.gridwarden.simulator.channels.MeterChannel;

/**
 * Where the demo's office listens for meters, on the loopback address alone.
 *
 * @param yaml the lines below {@code channels:}, in its configuration's form
 */
record DemoListeners(String yaml) {
  private static final int DLMS_PORT = 4059;

  /**
   * Finds a port for each channel that is chosen; channels of one listener share it. DLMS listens
   * in any case: the console and the command line know its port.
   *
   * @param servers those that the office joins, already at work
   */
  static DemoListeners choose(
      DemoCommand command, ChannelChoice choice, DemoServers servers, PrintWriter err) {
    int dlms =
        DemoPorts.choose(
            "the head-end",
            "--dlms-port",
            command.dlmsPort == null
                ? asked(ChannelChoice.DLMS, choice.dlms().orElse("")).orElse(null)
                : command.dlmsPort,
            DLMS_PORT,
            err);
    Map<String, String> sections = new LinkedHashMap<>();
    sections.put(ChannelChoice.DLMS, listener("tcp", dlms) + ", " + listener("udp", dlms));
    choice
        .others()
        .forEach((channel, said) -> {
          Optional<Integer> port = asked(channel.name(), said);
          Optional<String> joined = servers.section(channel);
          if (joined.isPresent()) {
            sections.put(channel.section(), joined.get());
          } else if (!sections.containsKey(channel.section()) || port.isPresent()) {
            sections.put(channel.section(), listener(channel.listener(), port(channel, port, err)));
          }
        });
    return new DemoListeners(
        sections.entrySet().stream()
            .map(e -> "  " + e.getKey() + ": {" + e.getValue() + "}")
            .collect(Collectors.joining("\n")));
  }

  static int port(MeterChannel channel, Optional<Integer> asked, PrintWriter err) {
    return DemoPorts.choose(
        channel.name(),
        "--channels " + channel.name() + "=PORT",
        asked.orElse(null),
        channel.usualPort(),
        err);
  }

  private static String listener(String kind, int port) {
    return kind + ": {bind: 127.0.0.1, port: " + port + "}";
  }

  static Optional<Integer> asked(String name, String said) {
    if (said.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Integer.valueOf(said));
    } catch (NumberFormatException e) {
      throw new Failure(
          "--channels " + name + "=" + said + ": a port follows the equals sign",
          Gridwarden.WRONG_INPUT);
    }
  }
}

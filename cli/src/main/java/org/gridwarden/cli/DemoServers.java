package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.gridwarden.simulator.channels.MeterChannel;
import org.gridwarden.simulator.xmpp.Prosody;
import tools.jackson.databind.json.JsonMapper;

/**
 * Other programs' servers that the demo's office joins, started for it: Prosody for XMPP. They end
 * with the demo.
 */
final class DemoServers implements AutoCloseable {
  private static final String HERE = "127.0.0.1";
  private static final String XMPP = "xmpp";

  private final Optional<Prosody> prosody;

  private DemoServers(Optional<Prosody> prosody) {
    this.prosody = prosody;
  }

  /**
   * Starts those that are needed.
   *
   * @param data the demo's folder, where each has its own
   * @throws IOException where one is not installed or does not start; the message has the remedy
   */
  static DemoServers start(ChannelChoice choice, Path data, PrintWriter err)
      throws IOException, InterruptedException {
    for (MeterChannel channel : choice.others().keySet()) {
      if (channel.name().equals(XMPP)) {
        Optional<String> missing = channel.missing();
        if (missing.isPresent()) {
          throw new IOException(missing.get());
        }
        Optional<Integer> asked =
            DemoListeners.asked(channel.name(), choice.others().getOrDefault(channel, ""));
        return new DemoServers(
            Optional.of(
                Prosody.start(
                    data.resolve("prosody"), HERE, DemoListeners.port(channel, asked, err))));
      }
    }
    return new DemoServers(Optional.empty());
  }

  /** What the office's configuration says of a channel that it joins; empty for the others. */
  Optional<String> section(MeterChannel channel) {
    return its(channel)
        .map(server ->
            server.section().entrySet().stream()
                // JSON is YAML
                .map(e -> e.getKey() + ": " + JsonMapper.shared().writeValueAsString(e.getValue()))
                .collect(Collectors.joining(", ")));
  }

  /** Where a channel's meters log in; empty where they go to the office itself. */
  Optional<MeterChannel.Target> target(MeterChannel channel) {
    return its(channel)
        .map(server ->
            MeterChannel.Target.joined(
                new InetSocketAddress(HERE, server.clients()), server.certificate()));
  }

  private Optional<Prosody> its(MeterChannel channel) {
    return channel.name().equals(XMPP) ? prosody : Optional.empty();
  }

  @Override
  public void close() {
    prosody.ifPresent(Prosody::close);
  }
}

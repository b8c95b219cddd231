package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.simulator.MeterCertificates;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.StreetStats;
import org.gridwarden.simulator.channels.MeterChannel;
import picocli.CommandLine.ParameterException;

/** Runs {@code simulate}; apart from the command, which is loaded with every other one. */
final class SimulateRun {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int OPEN_CONNECTIONS = 1_000;

  private final SimulateCommand command;

  SimulateRun(SimulateCommand command) {
    this.command = command;
  }

  int run() throws InterruptedException {
    Path shipment = command.shipment;
    Path officeKey = command.officeKey;
    if ((shipment == null) != (officeKey == null)) {
      throw wrong("--shipment and --office-key belong together");
    }
    if (shipment == null && command.to == null) {
      throw wrong("say what to do: --to HOST:PORT to push, or --shipment FILE to ship");
    }
    if (command.to == null && command.seed == null && command.state == null) {
      throw wrong("a street that is only shipped must come back with its keys: give --state FILE");
    }
    ChannelChoice choice = ChannelChoice.parse(command.channels, MeterChannel.allDirect());
    try (MixedStreet street = MixedStreet.of(choice, command.street.meters, this::settings)) {
      if (shipment != null && officeKey != null) {
        for (MixedStreet.Kind kind : street.kinds()) {
          Path file = MixedStreet.beside(shipment, kind.name());
          kind.ship().write(file, OfficeKeyFile.read(officeKey), 0);
          err().println("wrote " + file + " with " + kind.meters() + " meters");
        }
        err().flush();
      }
      String to = command.to;
      return to == null ? Gridwarden.OK : push(street, choice, HostPort.parse(to));
    } catch (IOException e) {
      throw new Failure(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private int push(MixedStreet street, ChannelChoice choice, InetSocketAddress headEnd)
      throws IOException, InterruptedException {
    StopSignal stop = StopSignal.install();
    StatusLine line = new StatusLine(err(), command.street.meters);
    long begun = System.nanoTime();
    Optional<Duration> limit = Optional.ofNullable(command.street.time);
    Optional<MeterCertificates> certificates = StreetCertificates.of(command);
    street.dlms().ifPresent(dlms -> dlms.start(headEnd, certificates));
    Optional<MeterChannel.Group> group = group();
    street.start(channel -> {
      MeterChannel.Target target =
          MeterChannel.Target.plain(
              address(channel, choice.others().getOrDefault(channel, ""), headEnd));
      return group.map(target::hearing).orElse(target);
    });
    while (!stop.await(TICK)) {
      line.show(street.stats());
      if (limit.isPresent() && System.nanoTime() - begun >= limit.get().toNanos()) {
        break;
      }
    }
    street.close();
    StreetStats stats = street.stats();
    line.show(stats);
    line.end();
    double seconds = (System.nanoTime() - begun) / 1e9;
    PrintWriter out = command.spec.commandLine().getOut();
    if (command.street.json) {
      out.printf(
          Locale.ROOT,
          "{\"meters\":%d,\"seconds\":%.1f,\"sent\":%d,\"confirmed\":%d,\"resent\":%d,"
              + "\"acknowledged_readings\":%d,\"p50_ms\":%.2f,\"p95_ms\":%.2f,\"p99_ms\":%.2f}%n",
          command.street.meters,
          seconds,
          stats.sent(),
          stats.confirmed(),
          stats.retried(),
          stats.readings(),
          stats.p50Millis(),
          stats.p95Millis(),
          stats.p99Millis());
    } else {
      Table.print(
          out,
          List.of("meters", "seconds", "sent", "confirmed", "resent", "readings", "p50", "p95"),
          List.of(
              List.of(
                  String.valueOf(command.street.meters),
                  String.format(Locale.ROOT, "%.1f", seconds),
                  String.valueOf(stats.sent()),
                  String.valueOf(stats.confirmed()),
                  String.valueOf(stats.retried()),
                  String.valueOf(stats.readings()),
                  String.format(Locale.ROOT, "%.1f ms", stats.p50Millis()),
                  String.format(Locale.ROOT, "%.1f ms", stats.p95Millis()))));
    }
    out.flush();
    int meters = command.street.meters;
    if (stats.confirmed() == 0 && certificates.filter(c -> c.held() < meters).isPresent()) {
      throw new Failure(
          certificates.get().held()
              + " of "
              + meters
              + " meters have a certificate; is "
              + command.est
              + " where devices enrol, and is each invitation there and unused?");
    }
    for (MixedStreet.Kind kind : street.kinds()) {
      if (!kind.name().equals(ChannelChoice.DLMS) && kind.stats().get().confirmed() == 0) {
        throw new Failure(
            "nothing was acknowledged over "
                + kind.name()
                + "; does the head-end listen there without TLS, and has it imported these"
                + " meters?");
      }
    }
    if (!command.udp && stats.confirmed() == 0) {
      throw new Failure(
          "no push was confirmed by "
              + headEnd
              + "; is a head-end running there, and has it imported these meters?");
    }
    return Gridwarden.OK;
  }

  private Optional<MeterChannel.Group> group() {
    String group = command.group;
    String on = command.on;
    if ((group == null) != (on == null)) {
      throw wrong("--group and --on belong together");
    }
    return group == null || on == null
        ? Optional.empty()
        : Optional.of(
            new MeterChannel.Group(GroupAddress.parse("--group", group), GroupAddress.on(on)));
  }

  private static InetSocketAddress address(
      MeterChannel channel, String said, InetSocketAddress headEnd) {
    return said.isEmpty()
        ? new InetSocketAddress(headEnd.getAddress(), channel.usualPort())
        : HostPort.parse(said);
  }

  private Path its(Path file, String channel) {
    return MixedStreet.beside(file, channel);
  }

  private StreetSettings settings(String channel, int meters) {
    Long seed = command.seed;
    try {
      return new StreetSettings(
          meters,
          seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
          Optional.ofNullable(command.state).map(file -> its(file, channel)),
          ZoneId.of("Europe/Zurich"),
          command.street.history,
          command.street.every,
          transport(),
          !command.connectEach && meters <= OPEN_CONNECTIONS,
          Math.min(command.skewed, meters),
          command.patience,
          Optional.ofNullable(command.journal).map(file -> its(file, channel)),
          Optional.ofNullable(command.operators),
          command.operators != null);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private StreetSettings.Transport transport() {
    if (command.dtls && (command.udp || command.est == null)) {
      throw wrong("--dtls goes with --est and --root, and not with --udp");
    }
    return command.dtls
        ? StreetSettings.Transport.DTLS
        : command.udp ? StreetSettings.Transport.UDP : StreetSettings.Transport.TCP;
  }

  private ParameterException wrong(String line) {
    return new ParameterException(command.spec.commandLine(), line);
  }

  private PrintWriter err() {
    return command.spec.commandLine().getErr();
  }
}

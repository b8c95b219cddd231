package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.server.ConfigException;
import org.gridwarden.server.GridwardenConfig;
import org.gridwarden.server.GridwardenServer;
import org.gridwarden.server.RunningServer;
import org.gridwarden.server.ServerException;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.StreetStats;
import org.gridwarden.simulator.channels.MeterChannel;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import org.gridwarden.store.StoreSettings;
import tools.jackson.databind.JsonNode;

/** Runs {@code demo}; apart from the command, which is loaded with every other one. */
final class DemoRun {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int CONSOLE_PORT = 8443;

  private final DemoCommand command;
  private final PrintWriter err;
  private final DemoFolder folder;

  DemoRun(DemoCommand command) {
    this.command = command;
    this.err = command.spec.commandLine().getErr();
    this.folder = new DemoFolder(command.data == null ? DemoFolder.usual() : command.data);
  }

  int run() throws InterruptedException {
    StopSignal stop = StopSignal.install();
    try {
      folder.prepare(command.fresh);
      return run(stop);
    } catch (ServerException | ConfigException | StoreException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private int run(StopSignal stop) throws IOException, InterruptedException {
    ChannelChoice choice = ChannelChoice.parse(command.channels, MeterChannel.all());
    if (command.channels.contains("all")) {
      MeterChannel.all().forEach(c -> c.missing().ifPresent(why -> err.println("without " + why)));
    }
    MixedStreet.forget(folder.journal());
    try (DemoServers servers = DemoServers.start(choice, folder.path(), err)) {
      return run(stop, choice, servers);
    }
  }

  private int run(StopSignal stop, ChannelChoice choice, DemoServers servers)
      throws IOException, InterruptedException {
    DemoListeners listeners = DemoListeners.choose(command, choice, servers, err);
    GridwardenConfig config = config(listeners);
    List<DemoSummary.Part> parts = new ArrayList<>();
    StreetStats stats;
    OptionalLong first;
    double seconds;
    StreetHand hand = new StreetHand();
    try (RunningServer server = GridwardenServer.start(config, hand);
        MixedStreet street = MixedStreet.of(choice, command.street.meters, this::settings)) {
      street.dlms().ifPresent(hand::reach);
      importMeters(server, street);
      welcome(server, choice, servers);
      long begun = System.nanoTime();
      street.dlms().ifPresent(dlms -> dlms.start(here(server.dlmsTcpPort())));
      street.start(channel -> target(server, servers, channel));
      watch(street, stop, begun);
      street.close();
      stats = street.stats();
      first = street.firstConfirmed();
      seconds = (System.nanoTime() - begun) / 1e9;
      for (MixedStreet.Kind kind : street.kinds()) {
        parts.add(new DemoSummary.Part(kind.name(), kind.meters(), kind.stats().get()));
      }
    }
    return judge(new DemoSummary(command.street.meters, seconds, stats, sinceStart(first), parts));
  }

  private static MeterChannel.Target target(
      RunningServer server, DemoServers servers, MeterChannel channel) {
    return servers
        .target(channel)
        .orElseGet(() ->
            MeterChannel.Target.plain(here(server.port(channel.section(), channel.listener()))));
  }

  private static InetSocketAddress here(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private StreetSettings settings(String channel, int meters) {
    return StreetSettings.of(meters)
        .withHistory(command.street.history)
        .withEvery(command.street.every)
        .withState(MixedStreet.beside(folder.state(), channel))
        .withJournal(MixedStreet.beside(folder.journal(), channel))
        .withOperators(folder.operators())
        .withSigning();
  }

  /** Opens the database anew, as after a restart, and looks for all that was acknowledged. */
  private int judge(DemoSummary summary) throws IOException, InterruptedException {
    err.println(
        "looking up " + summary.stats().readings() + " acknowledged readings in the database");
    err.flush();
    Verdict verdict = Verdict.NONE;
    try (Store store = Store.open(StoreSettings.embedded(folder.path()))) {
      Judge judge = new Judge(store.readings());
      for (DemoSummary.Part part : summary.parts()) {
        verdict = verdict.and(judge.judge(MixedStreet.beside(folder.journal(), part.channel())));
      }
    }
    PrintWriter out = command.spec.commandLine().getOut();
    if (command.street.json) {
      summary.printJson(out, verdict);
    } else {
      summary.printTable(out, verdict);
    }
    for (DemoSummary.Part part : summary.parts()) {
      if (part.stats().confirmed() == 0) {
        throw new Failure(
            "nothing was acknowledged over "
                + part.channel()
                + "; "
                + folder.log()
                + " may say why");
      }
    }
    if (!verdict.good()) {
      throw new Failure(
          verdict.missing()
              + " acknowledged readings are missing and "
              + verdict.doubled()
              + " doubled, such as "
              + verdict.example());
    }
    return Gridwarden.OK;
  }

  private GridwardenConfig config(DemoListeners listeners) {
    int console = DemoPorts.choose("the console", "--port", command.port, CONSOLE_PORT, err);
    String yaml =
        """
        demo: true
        console: {bind: 127.0.0.1, port: %d, plaintext: true}
        channels:
        %s
        logging: {level: info, console: false, file: "%s"}
        """
            .formatted(console, listeners.yaml(), folder.log().toString().replace("\\", "\\\\"));
    return GridwardenConfig.parse(yaml, "the demo's configuration", Map.of())
        .withData(folder.path());
  }

  /** Ships the meters that the office does not know yet, the way a factory's would come. */
  private void importMeters(RunningServer server, MixedStreet street) throws IOException {
    try (OfficeClient office =
        OfficeClient.of(
            server.url().toString(),
            server.certificateFingerprint(),
            folder.path().resolve(ServerFile.TOKEN_NAME))) {
      for (MixedStreet.Kind kind : street.kinds()) {
        importMeters(office, kind);
      }
    }
  }

  private void importMeters(OfficeClient office, MixedStreet.Kind kind) throws IOException {
    int known = office.get("/meters?q=" + kind.serials() + "&size=1").path("total").asInt(0);
    if (known >= kind.meters()) {
      return;
    }
    Path shipment = MixedStreet.beside(folder.path().resolve("street-shipment.csv"), kind.name());
    kind.ship()
        .write(
            shipment,
            OfficeKeyFile.parse(
                office.text("/office-key", "application/x-pem-file, text/plain, */*"),
                "the server's answer"),
            known);
    JsonNode answer =
        office.post("/meters/import?dryRun=false", "text/csv", Files.readAllBytes(shipment));
    if (!answer.path("rejected").isEmpty()) {
      throw new Failure(
          "the office refused meters of the demo's street: "
              + answer.path("rejected").get(0)
              + "; begin anew with --fresh");
    }
  }

  private void welcome(RunningServer server, ChannelChoice choice, DemoServers servers) {
    Optional<String> password = server.adminPassword();
    err.println();
    err.println("  Console:   " + server.url());
    err.println("  User:      admin");
    if (password.isPresent()) {
      err.println("  Password:  " + password.get() + "   (once; the console asks for your own)");
    } else {
      err.println("  Password:  the one you set; forgotten: start with --fresh");
    }
    String label = "  Meters:    push to ";
    if (choice.dlms().isPresent()) {
      err.println(label + "127.0.0.1:" + server.dlmsTcpPort());
      label = "             ";
    }
    for (MeterChannel channel : choice.others().keySet()) {
      err.println(
          label
              + "127.0.0.1:"
              + target(server, servers, channel).at().getPort()
              + " by "
              + channel.name());
      label = "             ";
    }
    err.println("  Data:      " + folder.path());
    err.println("  Ctrl-C stops it.");
    err.println();
    err.flush();
  }

  private void watch(MixedStreet street, StopSignal stop, long begun) throws InterruptedException {
    StatusLine line = new StatusLine(err, command.street.meters);
    Optional<Duration> limit = Optional.ofNullable(command.street.time);
    boolean told = false;
    List<MixedStreet.Kind> silent = new ArrayList<>(street.kinds());
    while (true) {
      Duration left =
          limit
              .map(l -> l.minusNanos(System.nanoTime() - begun))
              .filter(l -> l.compareTo(TICK) < 0)
              .orElse(TICK);
      if (left.isNegative() || stop.await(left)) {
        break;
      }
      if (!told && street.firstConfirmed().isPresent()) {
        told = true;
        err.printf(
            Locale.ROOT,
            "first reading stored %.1f s after the start%n",
            sinceStart(street.firstConfirmed()));
      }
      if (street.kinds().size() > 1) {
        silent.removeIf(this::tellFirst);
      }
      line.show(street.stats());
    }
    line.end();
  }

  /** Says when a channel's first reading was stored; false where that is still to come. */
  private boolean tellFirst(MixedStreet.Kind kind) {
    OptionalLong first = kind.first().get();
    if (first.isEmpty()) {
      return false;
    }
    err.printf(
        Locale.ROOT,
        "first reading over %s stored %.1f s after the start%n",
        kind.name(),
        sinceStart(first));
    err.flush();
    return true;
  }

  /** Seconds from the process's start to a moment; -1 where that never came. */
  private static double sinceStart(OptionalLong nanos) {
    if (nanos.isEmpty()) {
      return -1;
    }
    Instant started = ProcessHandle.current().info().startInstant().orElse(Instant.now());
    long ago = System.nanoTime() - nanos.getAsLong();
    return Duration.between(started, Instant.now()).minusNanos(ago).toMillis() / 1_000.0;
  }
}

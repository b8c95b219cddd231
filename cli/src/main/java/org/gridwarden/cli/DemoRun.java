package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.server.ConfigException;
import org.gridwarden.server.GridwardenConfig;
import org.gridwarden.server.GridwardenServer;
import org.gridwarden.server.RunningServer;
import org.gridwarden.server.ServerException;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.StreetStats;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import org.gridwarden.store.StoreSettings;
import tools.jackson.databind.JsonNode;

/** Runs {@code demo}; apart from the command, which is loaded with every other one. */
final class DemoRun {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final int CONSOLE_PORT = 8443;
  private static final int DLMS_PORT = 4059;

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
    Files.deleteIfExists(folder.journal());
    StreetSettings settings =
        StreetSettings.of(command.street.meters)
            .withHistory(command.street.history)
            .withEvery(command.street.every)
            .withState(folder.state())
            .withJournal(folder.journal())
            .withOperators(folder.operators())
            .withSigning();
    GridwardenConfig config = config();
    StreetStats stats;
    OptionalLong first;
    double seconds;
    StreetHand hand = new StreetHand();
    try (RunningServer server = GridwardenServer.start(config, hand);
        Street street = Street.of(settings, Households.load(), InstantSource.system())) {
      hand.reach(street);
      importMeters(server, street);
      welcome(server);
      long begun = System.nanoTime();
      street.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.dlmsTcpPort()));
      watch(street, stop, begun);
      street.close();
      stats = street.stats();
      first = street.firstConfirmed();
      seconds = (System.nanoTime() - begun) / 1e9;
    }
    return judge(new DemoSummary(command.street.meters, seconds, stats, sinceStart(first)));
  }

  /** Opens the database anew, as after a restart, and looks for all that was acknowledged. */
  private int judge(DemoSummary summary) throws IOException, InterruptedException {
    err.println(
        "looking up " + summary.stats().readings() + " acknowledged readings in the database");
    err.flush();
    Verdict verdict;
    try (Store store = Store.open(StoreSettings.embedded(folder.path()))) {
      verdict = new Judge(store.readings()).judge(folder.journal());
    }
    PrintWriter out = command.spec.commandLine().getOut();
    if (command.street.json) {
      summary.printJson(out, verdict);
    } else {
      summary.printTable(out, verdict);
    }
    if (summary.stats().confirmed() == 0) {
      throw new Failure("no push was acknowledged; " + folder.log() + " may say why");
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

  private GridwardenConfig config() {
    int console = DemoPorts.choose("the console", "--port", command.port, CONSOLE_PORT, err);
    int dlms = DemoPorts.choose("the head-end", "--dlms-port", command.dlmsPort, DLMS_PORT, err);
    String yaml =
        """
        demo: true
        console: {bind: 127.0.0.1, port: %d, plaintext: true}
        channels:
          dlms:
            tcp: {bind: 127.0.0.1, port: %d}
            udp: {bind: 127.0.0.1, port: %d}
        logging: {level: info, console: false, file: "%s"}
        """
            .formatted(console, dlms, dlms, folder.log().toString().replace("\\", "\\\\"));
    return GridwardenConfig.parse(yaml, "the demo's configuration", Map.of())
        .withData(folder.path());
  }

  /** Ships the meters that the office does not know yet, the way a factory's would come. */
  private void importMeters(RunningServer server, Street street) throws IOException {
    try (OfficeClient office =
        OfficeClient.of(
            server.url().toString(),
            server.certificateFingerprint(),
            folder.path().resolve(ServerFile.TOKEN_NAME))) {
      int known = office.get("/meters?q=GW-&size=1").path("total").asInt(0);
      if (known >= command.street.meters) {
        return;
      }
      Path shipment = folder.path().resolve("street-shipment.csv");
      street.writeShipment(
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
  }

  private void welcome(RunningServer server) {
    Optional<String> password = server.adminPassword();
    err.println();
    err.println("  Console:   " + server.url());
    err.println("  User:      admin");
    if (password.isPresent()) {
      err.println("  Password:  " + password.get() + "   (once; the console asks for your own)");
    } else {
      err.println("  Password:  the one you set; forgotten: start with --fresh");
    }
    err.println("  Meters:    push to 127.0.0.1:" + server.dlmsTcpPort());
    err.println("  Data:      " + folder.path());
    err.println("  Ctrl-C stops it.");
    err.println();
    err.flush();
  }

  private void watch(Street street, StopSignal stop, long begun) throws InterruptedException {
    StatusLine line = new StatusLine(err, command.street.meters);
    Optional<Duration> limit = Optional.ofNullable(command.street.time);
    boolean told = false;
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
      line.show(street.stats());
    }
    line.end();
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

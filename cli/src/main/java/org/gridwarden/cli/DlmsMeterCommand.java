package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.InvocationCounter;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.meter.Rights;
import org.gridwarden.dlms.objects.EnergySource;
import org.gridwarden.dlms.objects.ReferenceMeter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One simulated meter that answers clients. */
@Command(
    name = "meter",
    description = {
      "A simulated meter that answers DLMS clients over TCP (wrapper), until Ctrl-C.",
      "",
      "Logical device 1. Client 16 may read without security; 17 with --password (LLS); 18 with",
      "--key and --auth-key (HLS with GMAC, everything ciphered) may read, and disconnect and",
      "reconnect with 0.0.96.3.10.255.",
    },
    footer = {
      "",
      "Example:",
      "  ./gridwarden dlms meter --port 4059 --password 12345678",
    })
final class DlmsMeterCommand implements Callable<Integer> {
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
  private static final int LOAD = 500; // W
  private static final Duration LOOK = Duration.ofSeconds(1);

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Where to listen. Default: ${DEFAULT-VALUE}.")
  private String bind = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "4059",
      description = "0: any free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = "Of its clock. Default: ${DEFAULT-VALUE}.")
  private ZoneId zone = ZoneId.of("UTC");

  @Mixin private DlmsSecurityOptions security = new DlmsSecurityOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    StopSignal stop = StopSignal.install();
    byte[] title = security.title("GWM");
    Map<Integer, ClientAccess> clients = new HashMap<>();
    clients.put(16, ClientAccess.open(Rights.READ_ALL));
    byte[] password = security.password();
    if (password.length > 0) {
      clients.put(17, ClientAccess.password(password, Rights.READ_ALL));
    }
    if (security.hasKeys()) {
      DlmsKeys keys = security.keys();
      InvocationCounter counter = security.counter();
      clients.put(
          18,
          ClientAccess.gmac(
              () ->
                  new AssociationCipher(
                      title, keys, SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED, counter),
              Rights.EVERYTHING));
    }
    ReferenceMeter meter = meter(out);
    LogicalDevice device = meter.device(title, clients);
    try (MeterServer server =
        MeterServer.open(
            InetAddress.getByName(bind), port, Map.of(1, device), Duration.ofMinutes(3))) {
      out.println(
          "listening on "
              + bind
              + ":"
              + server.port()
              + ", logical device 1, clients "
              + clients.keySet().stream().sorted().toList());
      out.flush();
      while (!stop.await(LOOK)) {
        meter.clockwork().run();
      }
    } catch (java.net.BindException e) {
      throw new Failure("port " + port + " of " + bind + " is taken; give another with --port");
    }
    return Gridwarden.OK;
  }

  private ReferenceMeter meter(PrintWriter out) {
    return new ReferenceMeter(
        ReferenceMeter.Setup.of(
                "GWM0000000000001", InstantSource.system(), zone, EnergySource.steady(SINCE, LOAD))
            .relay(connected -> {
              out.println(connected ? "reconnected" : "disconnected");
              out.flush();
            }));
  }
}

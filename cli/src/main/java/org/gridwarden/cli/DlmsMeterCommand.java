package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.InvocationCounter;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterObjects;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.meter.ProfileGeneric;
import org.gridwarden.dlms.meter.Rights;
import org.gridwarden.dlms.security.SecurityContext;
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
  private static final int ROWS = 96;
  private static final int QUARTER = 900;
  private static final int LOAD = 125; // Wh a quarter
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  private static final ObisCode PROFILE = ObisCode.parse("1.0.99.1.0.255");
  private static final ObisCode RELAY = ObisCode.parse("0.0.96.3.10.255");
  private static final ObisCode DEVICE_NAME = ObisCode.parse("0.0.42.0.0.255");

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
          18, ClientAccess.gmac(() -> SecurityContext.of(title, keys, counter), Rights.EVERYTHING));
    }
    LogicalDevice device = device(title, clients, out);
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
      while (!stop.await(Duration.ofHours(1))) {
        // until somebody stops it
      }
    } catch (java.net.BindException e) {
      throw new Failure("port " + port + " of " + bind + " is taken; give another with --port");
    }
    return Gridwarden.OK;
  }

  private LogicalDevice device(byte[] title, Map<Integer, ClientAccess> clients, PrintWriter out) {
    InstantSource clock = InstantSource.system();
    return new LogicalDevice(
        title,
        List.of(
            new MeterObjects.Data(
                DEVICE_NAME, () -> new DlmsData.VisibleString("GWM0000000000001")),
            new MeterObjects.Clock(CLOCK, clock, zone),
            new MeterObjects.Register(ENERGY, () -> energy(clock.instant()), 0, Unit.WATT_HOUR),
            new ProfileGeneric(
                PROFILE,
                List.of(new AttributeRef(8, CLOCK, 2), new AttributeRef(3, ENERGY, 2)),
                QUARTER,
                zone,
                () -> rows(clock.instant())),
            new MeterObjects.DisconnectControl(
                RELAY,
                connected -> {
                  out.println(connected ? "reconnected" : "disconnected");
                  out.flush();
                })),
        clients);
  }

  /** A steady load since the year began. */
  private static DlmsData energy(Instant at) {
    long quarters = at.getEpochSecond() / QUARTER - 1_767_225_600L / QUARTER; // 2026
    return new DlmsData.DoubleLongUnsigned(Math.max(0, quarters) * LOAD);
  }

  /** The last day's quarters, oldest first. */
  private List<ProfileGeneric.Row> rows(Instant now) {
    long last = now.getEpochSecond() / QUARTER * QUARTER;
    List<ProfileGeneric.Row> rows = new ArrayList<>(ROWS);
    for (int i = ROWS - 1; i >= 0; i--) {
      Instant end = Instant.ofEpochSecond(last - (long) i * QUARTER);
      rows.add(
          new ProfileGeneric.Row(
              end,
              DlmsData.Structure.of(
                  DlmsData.OctetString.of(CosemDateTime.of(end, zone)), energy(end))));
    }
    return rows;
  }
}

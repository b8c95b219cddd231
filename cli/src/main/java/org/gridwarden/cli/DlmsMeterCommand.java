package org.gridwarden.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.gridwarden.channel.dlms.SerialLine;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.hdlc.HdlcSettings;
import org.gridwarden.dlms.hdlc.ModeE;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterLine;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.meter.UdpMeterServer;
import org.gridwarden.dlms.objects.EnergySource;
import org.gridwarden.dlms.objects.ReferenceMeter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One simulated meter that answers clients. */
@Command(
    name = "meter",
    description = {
      "A simulated meter that answers DLMS clients until Ctrl-C: over TCP in the wrapper, or as"
          + " the",
      "options say. It prints what it listens on, and who may do what.",
      "",
      "Logical device 1. Client 16 may read without security; 17 with --password (LLS); 18 with",
      "--key and --auth-key (HLS with GMAC, everything ciphered) may read, write, and disconnect"
          + " and",
      "reconnect with 0.0.96.3.10.255.",
      "",
      "With --operators it is another one: of security suite 1, with keys of its own, and without a",
      "command desk. What an operator signs for it is a DLMS general-signing APDU" + " that",
      "the office only carries (docs/commands.md).",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./gridwarden dlms meter --port 4059 --password 12345678",
      "  ./gridwarden dlms meter --hdlc --port 4060 --key file:guek --auth-key file:gak",
      "  ./gridwarden dlms meter --serial /dev/ttyUSB0 --mode-e",
      "  ./gridwarden dlms meter --operators operators --state meter --shipment meter.csv"
          + " --office-key office.pem",
    })
final class DlmsMeterCommand implements Callable<Integer> {
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
  private static final String NAME = "GWM0000000000001";
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

  @Option(names = "--udp", description = "Over UDP instead of TCP.")
  private boolean udp;

  @Option(names = "--hdlc", description = "HDLC frames over TCP, instead of the wrapper.")
  private boolean hdlc;

  @Option(
      names = "--serial",
      paramLabel = "DEV",
      description = "On a serial port instead, in HDLC.")
  private @Nullable String serial;

  @Option(
      names = "--baud",
      paramLabel = "N",
      defaultValue = "9600",
      description = "Of the serial port; with --mode-e the most. Default: ${DEFAULT-VALUE}.")
  private int baud;

  @Option(
      names = "--mode-e",
      description = "On the serial port, wait for a client that signs on (IEC 62056-21).")
  private boolean modeE;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = "Of its clock. Default: ${DEFAULT-VALUE}.")
  private ZoneId zone = ZoneId.of("UTC");

  @Option(
      names = "--operators",
      paramLabel = "DIR",
      description =
          "Public keys of operators whose own signatures it obeys (command key export DIR).")
  private @Nullable Path operators;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "With --operators: its disk. Made where it is not there.")
  private @Nullable Path state;

  @Option(
      names = "--shipment",
      paramLabel = "FILE",
      description = "With --operators: writes its shipment, for the office of --office-key.")
  private @Nullable Path shipment;

  @Option(
      names = "--office-key",
      paramLabel = "PEM",
      description = "With --shipment: the office's public key.")
  private @Nullable Path officeKey;

  @Mixin private DlmsSecurityOptions security = new DlmsSecurityOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (udp && hdlc) {
      throw new Failure("--udp carries the wrapper: no --hdlc beside it", Gridwarden.WRONG_INPUT);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (operators != null) {
      Path disk = state;
      if (disk == null || udp || hdlc || serial != null || security.hasKeys()) {
        throw new Failure(
            "--operators takes --state, and no --udp, --hdlc, --serial and --key: such a meter makes"
                + " its own keys and listens over TCP",
            Gridwarden.WRONG_INPUT);
      }
      return new SignedMeterRun(out)
          .run(
              new SignedMeterRun.Options(
                  NAME,
                  bind,
                  port,
                  zone,
                  operators,
                  disk,
                  Optional.ofNullable(shipment),
                  Optional.ofNullable(officeKey)));
    }
    StopSignal stop = StopSignal.install();
    byte[] title = security.title("GWM");
    ReferenceMeter meter = meter(out);
    MeterClients clients = MeterClients.of(security, title);
    Map<Integer, LogicalDevice> devices =
        Map.of(1, new LogicalDevice(title, meter.all(), clients.access()));
    try (Listening listening = listen(devices)) {
      out.println(
          "listening on "
              + listening.place()
              + ", logical device 1, clients "
              + clients.access().keySet().stream().sorted().toList());
      clients.words().forEach(out::println);
      out.println("system title " + HexFormat.of().withUpperCase().formatHex(title));
      out.flush();
      while (!stop.await(LOOK)) {
        meter.clockwork().run();
      }
    } catch (java.net.BindException e) {
      throw new Failure("port " + port + " of " + bind + " is taken; give another with --port");
    }
    return Gridwarden.OK;
  }

  /** What is listened on; closed when it is over. */
  private record Listening(String place, Closeable what) implements Closeable {
    @Override
    public void close() throws IOException {
      what.close();
    }
  }

  private Listening listen(Map<Integer, LogicalDevice> devices) throws IOException {
    String device = serial;
    if (device != null) {
      ByteLine line = SerialLine.open(device, baud, ByteLine.Format.EIGHT_NONE);
      MeterLine meter =
          modeE
              ? MeterLine.modeE(line, devices, OptionalInt.empty(), HdlcSettings.SERIAL, signOn())
              : MeterLine.hdlc(line, devices, OptionalInt.empty(), HdlcSettings.SERIAL);
      return new Listening(
          device + (modeE ? " (mode E, then HDLC)" : " (HDLC, " + baud + " baud)"), meter);
    }
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(bind), port);
    if (udp) {
      UdpMeterServer server = UdpMeterServer.open(address, devices, MeterServer.Limits.DEFAULT);
      return new Listening(bind + ":" + server.port() + " (UDP)", server);
    }
    MeterServer server =
        hdlc
            ? MeterServer.openHdlc(
                address,
                devices,
                OptionalInt.empty(),
                HdlcSettings.NETWORK,
                MeterServer.Limits.DEFAULT)
            : MeterServer.open(address, devices, MeterServer.Limits.DEFAULT);
    return new Listening(bind + ":" + server.port() + (hdlc ? " (HDLC)" : ""), server);
  }

  private ModeE.Meter signOn() {
    try {
      return ModeE.Meter.of(new ModeE.Identification("GWM", baud, NAME), "");
    } catch (IllegalArgumentException e) {
      throw new Failure("--baud: " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private ReferenceMeter meter(PrintWriter out) {
    return new ReferenceMeter(
        ReferenceMeter.Setup.of(
                NAME, InstantSource.system(), zone, EnergySource.steady(SINCE, LOAD))
            .relay(connected -> {
              out.println(connected ? "reconnected" : "disconnected");
              out.flush();
            }));
  }
}

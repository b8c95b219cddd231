package org.gridwarden.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.objects.EnergySource;
import org.gridwarden.dlms.objects.ReferenceMeter;
import org.gridwarden.dlms.objects.Rights;
import picocli.CommandLine;

/**
 * Runs the light commands once at build time, so that the JDK can keep their classes loaded and
 * linked in its cache. Prints nothing.
 */
final class Warmup {
  /** The Green Book's example of a ciphered push, and its keys. */
  private static final String PUSH =
      "DB084D4D4D0000BC614E1E3001234567411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B";

  private static final String KEY = "000102030405060708090A0B0C0D0E0F";
  private static final String AUTH_KEY = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
  private static final String LOG =
      "10:11:12 > C001C100030100010800FF0200\n10:11:13 < C401C100060001E240\n";

  private Warmup() {}

  /** Runs them. */
  public static void main(String[] args) {
    CommandLine line = Gridwarden.commandLine();
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    line.setOut(nowhere).setErr(nowhere);
    line.getSubcommands()
        .forEach((name, command) -> {
          line.execute(name, "--help");
          if (name.equals("dlms")) {
            command.getSubcommands().keySet().forEach(its -> line.execute(name, its, "--help"));
          }
        });
    line.execute("--help");
    line.execute("no-such-command");
    decode(line, PUSH, "--key=" + KEY, "--auth-key=" + AUTH_KEY);
    decode(line, LOG);
    decode(line, LOG, "--json");
    ask(line);
  }

  private static void decode(CommandLine line, String input, String... options) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII)));
    try {
      String[] all = new String[options.length + 3];
      all[0] = "dlms";
      all[1] = "decode";
      System.arraycopy(options, 0, all, 2, options.length);
      all[all.length - 1] = "-";
      line.execute(all);
    } finally {
      System.setIn(before);
    }
  }

  /** Asks a meter of its own, on loopback. Where that cannot be, the commands are a bit slower. */
  private static void ask(CommandLine line) {
    ReferenceMeter meter =
        new ReferenceMeter(
            ReferenceMeter.Setup.of(
                "GWM0000000000000",
                InstantSource.system(),
                ZoneOffset.UTC,
                EnergySource.steady(Instant.EPOCH, 1)));
    try (MeterServer server =
        MeterServer.open(
            InetAddress.getLoopbackAddress(),
            0,
            Map.of(
                1,
                new LogicalDevice(
                    new byte[8], meter.all(), Map.of(16, ClientAccess.open(Rights.READ_ALL)))),
            Duration.ofMinutes(1))) {
      String port = "--port=" + server.port();
      line.execute("dlms", "read", "--host=127.0.0.1", port, "1.0.1.8.0.255", "1.0.99.1.0.255:7");
      line.execute("dlms", "objects", "--host=127.0.0.1", port);
      line.execute("dlms", "clock", "--host=127.0.0.1", port);
    } catch (IOException e) {
      // no loopback here
    }
  }
}

package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.Optional;
import org.gridwarden.simulator.thirdparty.SignedMeter;

/**
 * Runs {@code dlms meter --operators}: a meter of suite 1 that does what operators have signed
 * themselves; apart from the command, which is loaded with every other one.
 */
final class SignedMeterRun {
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** The office's, unless its configuration names another one. */
  private static final byte[] OFFICE = "GWRDOFCE".getBytes(StandardCharsets.US_ASCII);

  private final PrintWriter out;

  /**
   * What the command's options say.
   *
   * @param state the meter's disk
   * @param shipment where its shipment is written, for an office of this key
   */
  record Options(
      String serial,
      String bind,
      int port,
      ZoneId zone,
      Path operators,
      Path state,
      Optional<Path> shipment,
      Optional<Path> officeKey) {}

  SignedMeterRun(PrintWriter out) {
    this.out = out;
  }

  int run(Options options) throws InterruptedException {
    if (options.shipment().isPresent() != options.officeKey().isPresent()) {
      throw new Failure("--shipment and --office-key belong together", Gridwarden.WRONG_INPUT);
    }
    StopSignal stop = StopSignal.install();
    try (SignedMeter meter =
        SignedMeter.start(
            new SignedMeter.Settings(
                options.serial(),
                new InetSocketAddress(InetAddress.getByName(options.bind()), options.port()),
                options.state(),
                options.operators(),
                OFFICE,
                options.zone()),
            InstantSource.system(),
            this::moved)) {
      if (options.shipment().isPresent()) {
        Path file = options.shipment().get();
        meter.writeShipment(file, OfficeKeyFile.read(options.officeKey().orElseThrow()));
        out.println("wrote " + file + ": import it, and command meter " + options.serial());
      }
      out.println(
          "listening on " + options.bind() + ":" + meter.port() + ", logical device 1, suite 1");
      out.println("  client 16: no security; reads everything");
      out.println("  client 2: gmac, the meter's keys; reads everything");
      out.println(
          "  client 1: gmac, the meter's keys; carries what the operators in "
              + options.operators()
              + " have signed as DLMS general-signing, and may do nothing else");
      out.println("system title " + HexFormat.of().withUpperCase().formatHex(meter.title()));
      out.flush();
      while (!stop.await(LOOK)) {
        meter.run();
      }
      return Gridwarden.OK;
    } catch (java.net.BindException e) {
      throw new Failure(
          "port "
              + options.port()
              + " of "
              + options.bind()
              + " is taken; give another with --port");
    } catch (IOException e) {
      throw new Failure(e.getMessage() == null ? e.toString() : e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new Failure("--serial: " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private void moved(boolean connected) {
    out.println(connected ? "reconnected" : "disconnected");
    out.flush();
  }
}

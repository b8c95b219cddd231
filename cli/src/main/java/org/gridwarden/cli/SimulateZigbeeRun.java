package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.cbke.CbkeIdentity;
import org.gridwarden.security.cbke.Suite;
import org.gridwarden.security.cbke.TestAuthority;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.zigbee.StreetValues;
import org.gridwarden.simulator.zigbee.ZigbeeCarrier;
import org.gridwarden.simulator.zigbee.ZigbeeModel;
import picocli.CommandLine.ParameterException;

/** Runs {@code simulate --zigbee}; apart from the command, which is loaded with every other one. */
final class SimulateZigbeeRun {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration PTY = Duration.ofSeconds(20);

  /** So many hear the coordinator; the others are behind them. */
  private static final int RING = 25;

  private static final double LOSS = 0.01;
  private static final int MOST = 1_000;
  private static final int JOIN_AGAIN = 30;

  /** What stands as issuer in the test authority's certificates: "GWTESTCA". */
  private static final long AUTHORITY = 0x4757_5445_5354_4341L;

  private final SimulateCommand command;

  SimulateZigbeeRun(SimulateCommand command) {
    this.command = command;
  }

  int run() throws InterruptedException {
    Integer meters = command.zigbee;
    Path pty = command.pty;
    if (meters == null || pty == null) {
      throw wrong("--zigbee and --pty belong together");
    }
    if (meters < 1 || meters > MOST) {
      throw wrong("--zigbee takes 1 to " + MOST + " meters: beyond, one channel has no room");
    }
    try (MessageStreet street =
        MessageStreet.of(settings(meters), Households.load(), InstantSource.system())) {
      ship(street);
      return live(street, meters, pty.toAbsolutePath());
    } catch (IOException e) {
      throw new Failure(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private StreetSettings settings(int meters) {
    StreetSettings settings = StreetSettings.of(meters).withEvery(command.street.every);
    Long seed = command.seed;
    Path state = command.state;
    Path operators = command.operators;
    settings = seed == null ? settings : settings.withSeed(seed);
    settings = state == null ? settings : settings.withState(state);
    return operators == null ? settings : settings.withOperators(operators);
  }

  private void ship(MessageStreet street) throws IOException {
    Path shipment = command.shipment;
    Path officeKey = command.officeKey;
    if ((shipment == null) != (officeKey == null)) {
      throw wrong("--shipment and --office-key belong together");
    }
    if (shipment != null && officeKey != null) {
      street.writeShipment(shipment, OfficeKeyFile.read(officeKey));
    }
  }

  private int live(MessageStreet street, int meters, Path pty)
      throws IOException, InterruptedException {
    StopSignal stop = StopSignal.install();
    Path inside = pty.resolveSibling(pty.getFileName() + ".model");
    Process socat = socat(pty, inside);
    Long seed = command.seed;
    try (ZigbeeModel model =
        new ZigbeeModel(
            seed == null ? System.nanoTime() : seed, new ZigbeeModel.Layout(RING, LOSS))) {
      for (int i = 1; i <= meters; i++) {
        model.add(street.serials().get(i - 1), new StreetValues(street, i));
      }
      labels(street, model);
      certify(model);
      model.plug(Files.newInputStream(inside), Files.newOutputStream(inside));
      model.joinAll();
      street.start(new ZigbeeCarrier(model));
      PrintWriter err = command.spec.commandLine().getErr();
      err.println("a software model of a dongle at " + pty + ", " + meters + " meters around it");
      err.flush();
      if (command.hand) {
        Thread.ofPlatform()
            .name("hand")
            .daemon()
            .start(new ZigbeeHand(model, System.in, err)::read);
      }
      long begun = System.nanoTime();
      String before = "";
      for (int tick = 1; !stop.await(TICK); tick++) {
        String now =
            "network "
                + (model.up() ? "up" : "down")
                + ", "
                + model.inside()
                + " of "
                + meters
                + " meters inside, let in "
                + model.joins()
                + " times, "
                + dark(street, meters)
                + street.acknowledged()
                + " messages acknowledged";
        if (!now.equals(before)) {
          err.println(now);
          err.flush();
          before = now;
        }
        Duration lasting = command.street.time;
        if (lasting != null && System.nanoTime() - begun >= lasting.toNanos()) {
          break;
        }
        if (tick % JOIN_AGAIN == 0 && !socat.isAlive()) {
          throw new Failure("socat has ended; the model's serial port is gone");
        }
      }
      return Gridwarden.OK;
    } finally {
      socat.destroy();
      socat.waitFor(5, TimeUnit.SECONDS);
    }
  }

  private static String dark(MessageStreet street, int meters) {
    long dark = IntStream.rangeClosed(1, meters).filter(i -> !street.isConnected(i)).count();
    return dark == 0 ? "" : dark + " disconnected, ";
  }

  private void labels(MessageStreet street, ZigbeeModel model) throws IOException {
    Path file = command.labels;
    if (file == null) {
      return;
    }
    StringBuilder text = new StringBuilder("eui64,install_code,meter\n");
    for (int i = 1; i <= street.serials().size(); i++) {
      text.append(ZigbeeModel.name(model.eui64(i)))
          .append(',')
          .append(HexFormat.of().withUpperCase().formatHex(model.installCode(i)))
          .append(',')
          .append(street.serials().get(i - 1))
          .append('\n');
    }
    Files.writeString(file, text);
  }

  /** A new authority each time, as the model is a new one. */
  private void certify(ZigbeeModel model) throws IOException {
    Path folder = command.coordinator;
    if (folder == null) {
      return;
    }
    List<TestAuthority> authorities = new ArrayList<>();
    SecretFiles.folder(folder);
    for (Suite suite : Suite.values()) {
      TestAuthority authority = TestAuthority.make(suite, AUTHORITY, OfficeKey.random());
      authorities.add(authority);
      CbkeIdentity dongle = authority.issue(ZigbeeModel.CENTRE, Instant.EPOCH);
      SecretFiles.write(
          folder.resolve("certificate-" + suite.number() + ".txt"),
          dongle.text().getBytes(StandardCharsets.US_ASCII));
    }
    model.certify(authorities);
  }

  private static Process socat(Path pty, Path inside) throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder("socat", "pty,raw,echo=0,link=" + pty, "pty,raw,echo=0,link=" + inside)
              .inheritIO()
              .start();
    } catch (IOException e) {
      throw new Failure("a pseudo-terminal is made by socat, which is missing: apt install socat");
    }
    long end = System.nanoTime() + PTY.toNanos();
    while (!Files.exists(pty) || !Files.exists(inside)) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroy();
        throw new Failure("no pseudo-terminal appears at " + pty + ": may this user write there?");
      }
      Thread.sleep(50);
    }
    return process;
  }

  private ParameterException wrong(String line) {
    return new ParameterException(command.spec.commandLine(), line);
  }
}

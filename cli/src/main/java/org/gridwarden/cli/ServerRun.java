package org.gridwarden.cli;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.gridwarden.server.ConfigException;
import org.gridwarden.server.GridwardenConfig;
import org.gridwarden.server.GridwardenServer;
import org.gridwarden.server.RunningServer;
import org.gridwarden.server.ServerException;

/** What {@link ServerCommand} does, apart from it: it loads the server's classes. */
final class ServerRun {
  private static final Path USUAL = Path.of("gridwarden.yaml");

  private final ServerCommand asked;
  private final PrintWriter out;

  ServerRun(ServerCommand asked) {
    this.asked = asked;
    this.out = asked.spec.commandLine().getOut();
  }

  int run() throws InterruptedException {
    if (asked.print) {
      out.print(GridwardenConfig.sample());
      out.flush();
      return Gridwarden.OK;
    }
    ManagementDoor.needShut(ManagementFactory.getRuntimeMXBean().getInputArguments());
    if (!ManagementDoor.closeMemory()) {
      asked
          .spec
          .commandLine()
          .getErr()
          .println("gridwarden: this system does not close the server's memory to its own user");
    }
    StopSignal stop = StopSignal.install();
    try (RunningServer server = GridwardenServer.start(config(), new ConsoleDesk())) {
      out.println("Gridwarden is at " + server.url());
      server
          .certificateFingerprint()
          .ifPresent(print -> out.println("Its certificate's SHA-256 is " + print));
      if (server.dlmsTcpPort() != 0) {
        out.println("Meters push to port " + server.dlmsTcpPort());
      }
      if (server.dlmsTlsPort() != 0) {
        out.println("Meters with certificates push to port " + server.dlmsTlsPort() + ", by TLS");
      }
      if (server.estPort() != 0) {
        out.println("They enrol at port " + server.estPort());
      }
      if (server.sshPort() != 0) {
        out.println("People with SSH keys come in at port " + server.sshPort());
      }
      server
          .adminPassword()
          .ifPresent(password ->
              out.println(
                  "Log in as admin with the password "
                      + password
                      + " (this once; change it then)"));
      out.flush();
      while (!stop.await(Duration.ofHours(1))) {
        // until it is told to stop
      }
      out.println("Stopping");
      out.flush();
    } catch (ConfigException e) {
      throw new Failure(String.valueOf(e.getMessage()), Gridwarden.WRONG_INPUT);
    } catch (ServerException e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
    return Gridwarden.OK;
  }

  private GridwardenConfig config() {
    if (asked.config != null) {
      return GridwardenConfig.load(asked.config, System.getenv());
    }
    if (Files.exists(USUAL)) {
      return GridwardenConfig.load(USUAL, System.getenv());
    }
    return GridwardenConfig.parse("", "defaults", System.getenv());
  }
}

package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server, a meter and the command line, each a process: one asks the other to read the third.
 */
class CollectionCommandIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private static String run(int code, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int was =
        Gridwarden.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    assertThat(was).as(out.toString() + err).isEqualTo(code);
    return out.toString() + err;
  }

  @Test
  @DisplayName("a meter is told how it is reached, read on demand, and its readings are there")
  void readOnDemand() throws Exception {
    Path shipment =
        Files.writeString(
            folder.resolve("shipment.csv"),
            "serial,profile,zone,push_policy\nREAD-1,generic,Europe/Zurich,plain\n");
    try (CommandProcess meter = CommandProcess.start(folder, "meter", "dlms", "meter", "--port=0");
        TestOffice office = new TestOffice(folder)) {
      office.start();
      await().atMost(PATIENCE).until(() -> meter.out().contains("system title"));
      String port = meter.out().replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1");
      assertThat(office.importShipment(shipment)).isEqualTo(1);
      String data = "--data=" + office.data();
      assertThat(run(1, "collection", "read", data, "READ-1")).contains("the server refused");
      run(
          0,
          "collection",
          "reach",
          data,
          "READ-1",
          "--address=127.0.0.1:" + port,
          "--client=public",
          "--companion=generic",
          "--link=bench");
      assertThat(run(0, "collection", "read", data, "READ-1"))
          .contains("1.0.1.8.0.255")
          .contains("Wh")
          .contains(" intervals from ");
      assertThat(run(0, "collection", "status", data)).contains("READ-1", "bench", "profiles");
      assertThat(run(0, "collection", "status", data, "--json")).contains("\"schedules\":");
      String readings = run(0, "readings", data, "READ-1");
      assertThat(readings.lines().count()).as(readings).isGreaterThan(90);
      office.stop();
    }
  }
}

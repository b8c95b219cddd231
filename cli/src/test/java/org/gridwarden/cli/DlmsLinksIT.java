package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands over every link: each in a process of its own. */
class DlmsLinksIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String KEY = "000102030405060708090A0B0C0D0E0F";
  private static final String AUTH_KEY = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
  private static final String[] GMAC = {
    "--client=18", "--auth=gmac", "--key=" + KEY, "--auth-key=" + AUTH_KEY
  };

  @TempDir private Path folder;
  private int runs;

  @ParameterizedTest
  @ValueSource(strings = {"--udp", "--hdlc"})
  void aNetworkMeterIsReadAndListed(String link) throws IOException, InterruptedException {
    try (CommandProcess meter = meter(link, "--port=0")) {
      String port = meter.out().replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1");
      List<String> to = List.of("--host=127.0.0.1", "--port=" + port, link);
      assertThat(run(0, "read", to, "1.0.1.8.0.255"))
          .containsPattern("1\\.0\\.1\\.8\\.0\\.255:3:2  \\d+ Wh");
      assertThat(run(0, "read", with(to, GMAC), "1.0.99.1.0.255:7")).contains("96 rows");
      assertThat(run(0, "objects", to)).contains("7 Profile generic");
      if (link.equals("--hdlc")) {
        assertThat(
                run(
                    0,
                    "read",
                    to,
                    "--physical=17",
                    "--address-bytes=4",
                    "--max-info=64",
                    "--window=1",
                    "0.0.40.0.0.255:15:2"))
            .as("a long answer in small frames")
            .contains("1.0.99.1.0.255");
      }
    }
  }

  @Test
  void aSerialMeterSignsOnInModeE() throws IOException, InterruptedException {
    assumeThat(Path.of("/usr/bin/socat")).exists();
    Path ours = folder.resolve("ours");
    Path its = folder.resolve("its");
    try (CommandProcess pair =
        CommandProcess.run(
            folder,
            "socat",
            List.of("socat", "pty,raw,echo=0,link=" + ours, "pty,raw,echo=0,link=" + its))) {
      await()
          .atMost(PATIENCE)
          .until(() -> pair.handle().isAlive() && Files.exists(ours) && Files.exists(its));
      try (CommandProcess meter = meter("--serial=" + its, "--mode-e")) {
        assertThat(meter.out()).contains("(mode E, then HDLC)");
        assertThat(run(0, "read", List.of("--serial=" + ours, "--mode-e"), "1.0.1.8.0.255"))
            .contains(" Wh");
      }
    }
  }

  @Test
  void shortNamesAreUsedWhereAsked() throws IOException, InterruptedException {
    try (CommandProcess meter = meter("--port=0")) {
      String port = meter.out().replaceAll("(?s).*127\\.0\\.0\\.1:(\\d+).*", "$1");
      List<String> to = List.of("--host=127.0.0.1", "--port=" + port, "--short-names");
      assertThat(run(0, "objects", to)).contains("FA00  0.0.40.0.0.255");
      assertThat(run(0, "read", to, "--max-pdu=200", "1.0.1.8.0.255", "1.0.99.1.0.255"))
          .contains(" Wh")
          .contains("96 rows");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.1.8.0.255",
        "--host=x --serial=y 1.0.1.8.0.255",
        "--host=x --udp --hdlc 1.0.1.8.0.255",
        "--host=x --mode-e 1.0.1.8.0.255",
        "--host=x --hdlc --client=200 1.0.1.8.0.255",
        "--host=x --hdlc --address-bytes=4 1.0.1.8.0.255",
        "--host=x --hdlc --window=9 1.0.1.8.0.255",
        "--host=x --auth=lls 1.0.1.8.0.255",
        "--host=x --auth=gmac 1.0.1.8.0.255",
        "--host=x --entries=a-b 1.0.1.8.0.255",
        "--host=x --range=today/tomorrow 1.0.1.8.0.255"
      })
  void whatDoesNotFitTogetherIsSaidBeforeAMeterIsAsked(String line) {
    CommandLine command = Gridwarden.commandLine();
    StringWriter text = new StringWriter();
    command.setOut(new PrintWriter(text)).setErr(new PrintWriter(text));
    List<String> all = new ArrayList<>(List.of("dlms", "read"));
    all.addAll(List.of(line.split(" ")));
    assertThat(command.execute(all.toArray(new String[0]))).as(text.toString()).isEqualTo(2);
    assertThat(text.toString().lines()).as("one line").hasSize(1);
  }

  private static List<String> with(List<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return all;
  }

  private CommandProcess meter(String... how) throws IOException {
    List<String> all = new ArrayList<>(List.of("dlms", "meter"));
    all.addAll(List.of(how));
    all.add("--key=" + KEY);
    all.add("--auth-key=" + AUTH_KEY);
    CommandProcess meter =
        CommandProcess.start(folder, "meter" + runs++, all.toArray(new String[0]));
    await().atMost(PATIENCE).until(() -> meter.out().contains("system title"));
    return meter;
  }

  private String run(int code, String command, List<String> how, String... what)
      throws IOException, InterruptedException {
    // a busy machine is no fault of the link's
    List<String> all = with(List.of("dlms", command, "--timeout=60s"));
    all.addAll(how);
    all.addAll(List.of(what));
    try (CommandProcess run =
        CommandProcess.start(folder, command + runs++, all.toArray(new String[0]))) {
      assertThat(run.exit(PATIENCE)).as(run.out() + run.err()).isEqualTo(code);
      return run.out() + run.err();
    }
  }
}

package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DlmsDecodeCommandTest {
  /**
   * A Kaifa MA304H3E's list 2 (esphome-libs/dlms_parser @ ac1cc1a tests/dumps/hdlc_kaifa_ma304h3e,
   * Apache-2.0).
   */
  private static final String KAIFA =
      "7E A0 79 01 02 01 10 80 93 E6 E7 00 0F 40 00 00 00 09 0C 07 E1 09 0F 05 05 21 28 FF 80 00"
          + " 00 02 0D 09 07 4B 46 4D 5F 30 30 31 09 10 36 39 37 30 36 33 31 34 30 31 37 35 33 39"
          + " 38 35 09 08 4D 41 33 30 34 48 33 45 06 00 00 03 B4 06 00 00 00 00 06 00 00 00 00 06"
          + " 00 00 00 40 06 00 00 05 88 06 00 00 0C A9 06 00 00 0C 2F 06 00 00 09 51 06 00 00 00"
          + " 00 06 00 00 09 55 11 5C 7E\n";

  @TempDir private Path folder = Path.of("");

  /** What a command printed, and its exit code. */
  private record Ran(int exit, String out, String err) {}

  @Test
  void aFrameBecomesATable() throws IOException {
    Ran ran = run(KAIFA.replace(' ', ':'));
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .contains("data-notification over hdlc")
        .contains("1.0.32.7.0.255")
        .contains("238.5");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void aDamagedFrameIsNamedAndTheGoodOnesAreStillPrinted() throws IOException {
    Ran ran = run(KAIFA + KAIFA.replace("4B 46 4D", "4B 46 00") + KAIFA, "--json");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.out().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("{\"link\":\"hdlc\""));
    assertThat(ran.err()).contains("frame at byte 123");
  }

  @Test
  @DisplayName("C30 a wrong key is refused without a digit of it")
  void aWrongKeyIsNotRepeated() throws IOException {
    Ran ran = run(KAIFA, "--key", "C0FFEE");
    assertThat(ran.exit()).isEqualTo(2);
    assertThat(ran.err()).contains("--key has 6 hexadecimal digits").doesNotContain("C0FFEE");
  }

  @Test
  void aKeyMayStandInAFile() throws IOException {
    Path key = folder.resolve("key");
    Files.writeString(key, "00112233445566778899aabbccddeeff\n");
    assertThat(run(KAIFA, "--key", "file:" + key).exit()).isZero();
    assertThat(run(KAIFA, "--key", "file:" + key + "x").err()).contains("cannot be read");
  }

  private Ran run(String input, String... options) throws IOException {
    Path file = folder.resolve("push.hex");
    Files.writeString(file, input);
    String[] all = new String[options.length + 3];
    all[0] = "dlms";
    all[1] = "decode";
    System.arraycopy(options, 0, all, 2, options.length);
    all[all.length - 1] = file.toString();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Gridwarden.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exit = line.execute(all);
    return new Ran(exit, out.toString(), err.toString());
  }
}

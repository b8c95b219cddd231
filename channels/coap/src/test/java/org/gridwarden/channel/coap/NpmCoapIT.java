package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.channel.coap.CoapEndpointIT.large;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.usage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.gridwarden.message.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** npm's coap speaks to the endpoint. It is put there by: npm ci --prefix src/test/npm. */
class NpmCoapIT {
  private static final Path NPM = Path.of("src/test/npm").toAbsolutePath();

  @TempDir private Path folder;

  private List<String> ask(TestOffice office, String... more) throws Exception {
    assertThat(NPM.resolve("node_modules/coap"))
        .as("npm's coap: npm ci --prefix channels/coap/src/test/npm")
        .exists();
    List<String> command =
        new ArrayList<>(
            List.of("node", NPM.resolve("client.js").toString(), String.valueOf(office.port())));
    command.addAll(List.of(more));
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return Files.readAllLines(out);
    } finally {
      process.destroyForcibly();
    }
  }

  private String message(byte[] bytes) throws Exception {
    return Files.write(folder.resolve("message"), bytes).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"con", "non"})
  void posts(String type) throws Exception {
    try (TestOffice office = new TestOffice()) {
      String file = message(office.end(A).seal(Form.SENML_CBOR, usage(A, 117)));
      assertThat(ask(office, "POST", "/gw/usage", file, type)).first().isEqualTo("2.04");
      assertThat(office.submitted.getFirst().content()).containsExactly(usage(A, 117));
      assertThat(ask(office, "POST", "/gw/warning", file, type)).first().isEqualTo("4.00");
      assertThat(office.submitted).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "4", "5"})
  void postsInBlocks(String szx) throws Exception {
    try (TestOffice office = new TestOffice()) {
      byte[] message = office.end(A).seal(Form.SENML_JSON, large(A, 40));
      assertThat(ask(office, "POST", "/gw/usage", message(message), "con", szx))
          .first()
          .isEqualTo("2.04");
      assertThat(office.submitted.getFirst().raw()).isEqualTo(message);
    }
  }

  @Test
  void getsALongAnswerInBlocks() throws Exception {
    try (TestOffice office = new TestOffice()) {
      List<String> lines = ask(office, "GET", "/.well-known/core", "-", "con", "2");
      assertThat(lines).first().isEqualTo("2.05");
      assertThat(new String(HexFormat.of().parseHex(lines.get(1)), StandardCharsets.US_ASCII))
          .contains("</gw/orders>;rt=\"gw.orders\";ct=16;obs");
    }
  }
}

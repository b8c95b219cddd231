package org.gridwarden.bench.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The test-bed as a user runs it, with few meters: on a link of its own where this machine lets it,
 * and over loopback.
 */
class ChannelsRunIT {
  @TempDir private Path folder;

  private String run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new ChannelsBench())
            .registerConverter(
                java.time.Duration.class,
                text -> java.time.Duration.ofSeconds(Long.parseLong(text.replace("s", ""))))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void channelsAreMeasuredSideBySide() throws Exception {
    Path html = folder.resolve("report.html");
    Path csv = folder.resolve("report.csv");
    String json =
        run(
            "--channels=dlms,coap-oscore,http,xmpp",
            "--meters=2",
            "--every=1s",
            "--for=3s",
            "--idle=1s",
            "--orders=1",
            "--flood=0s",
            "--delay=10",
            "--json",
            "--html=" + html,
            "--pcap=" + folder);
    boolean shaped = json.contains("\"shaped\":true");
    for (String line : Files.readAllLines(csv).stream().skip(1).toList()) {
      String[] cells = line.split(",", -1);
      assertThat(cells[0] + " meters " + cells[1]).endsWith("meters 2.000");
      if (shaped) {
        double wire = Double.parseDouble(cells[1 + Figure.WIRE_BYTES.ordinal()]);
        double parts = 0;
        for (Figure figure :
            new Figure[] {
              Figure.PAYLOAD_BYTES,
              Figure.SECURITY_BYTES,
              Figure.PROTOCOL_BYTES,
              Figure.TRANSPORT_BYTES,
              Figure.INTERNET_BYTES
            }) {
          parts += Double.parseDouble(cells[1 + figure.ordinal()]);
        }
        assertThat(Double.parseDouble(cells[1 + Figure.PAYLOAD_BYTES.ordinal()])).isPositive();
        // the layers are all there is
        assertThat(parts).isCloseTo(wire, org.assertj.core.data.Offset.offset(0.01));
        assertThat(folder.resolve(cells[0] + ".pcap")).isNotEmptyFile();
      }
    }
    assertThat(Files.readAllLines(csv)).hasSize(1 + 4);
    assertThat(Files.readString(html)).contains("Channels side by side");
  }

  @Test
  void underTlsEachChannelsMeterConnectsTellsAndObeys() throws Exception {
    Path csv = folder.resolve("tls.csv");
    run(
        "--tls=on",
        "--channels=dlms,wamp,mqtt-qos1,amqp-qos1,sip,coap",
        "--meters=1",
        "--every=1s",
        "--for=3s",
        "--idle=0s",
        "--orders=1",
        "--flood=0s",
        "--delay=5",
        "--json",
        "--csv=" + csv);
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines.stream().skip(1).map(line -> line.substring(0, line.indexOf(','))))
        .containsExactlyInAnyOrder(
            "dlms", "wamp", "mqtt-qos1", "amqp-qos1", "sip", "coap-oscore", "coap-dtls");
    for (String line : lines.stream().skip(1).toList()) {
      String[] cells = line.split(",", -1);
      assertThat(cells[0] + " meters " + cells[1]).endsWith("meters 1.000");
      assertThat(cells[0] + " obeyed " + cells[1 + Figure.ORDERS_CONFIRMED.ordinal()])
          .endsWith("obeyed 1.000");
      String wire = cells[1 + Figure.WIRE_BYTES.ordinal()];
      if (!wire.isEmpty()) {
        // a record or a datagram each way beside what COSE, or DLMS, takes
        assertThat(Double.parseDouble(cells[1 + Figure.SECURITY_BYTES.ordinal()]))
            .as(cells[0])
            .isGreaterThan(70);
      }
    }
  }

  @Test
  void withoutALinkItIsMeasuredOverLoopback() {
    String json =
        run(
            "--loopback",
            "--channels=mqtt-qos1",
            "--meters=2",
            "--every=1s",
            "--for=4s",
            "--idle=0s",
            "--orders=1",
            "--flood=1s",
            "--json");
    assertThat(json)
        .contains("\"shaped\":false")
        .contains("\"delivered_percent\":100.000")
        .contains("\"orders_confirmed\":1.000")
        .contains("\"messages_a_second\":")
        .doesNotContain("wire_bytes");
  }
}

package org.gridwarden.bench.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersTest {
  @TempDir private Path folder;

  /** IPv4 of the meters' side: 20 bytes, no options, with a total length and a protocol. */
  private static String ip(int total, int protocol) {
    return "4500" // version 4, 5 words; no differentiated service
        + HexFormat.of().toHexDigits((short) total)
        + "00010000" // identification; no fragment
        + "40" // time to live
        + HexFormat.of().toHexDigits((byte) protocol)
        + "0000" // checksum, which nobody looks at here
        + "0a5b0002" // 10.91.0.2
        + "0a5b0001"; // 10.91.0.1
  }

  private static String tcp(int sequence, String flags) {
    return "9c40" // from port 40000
        + "075b" // to port 1883
        + HexFormat.of().toHexDigits(sequence)
        + "00000000" // acknowledgement
        + "50" // 5 words
        + flags
        + "ffff00000000"; // window, checksum, urgent
  }

  private static void add(Layers layers, String hex) {
    layers.add(HexFormat.of().parseHex(hex), true);
  }

  @Test
  void tcpIsTakenApartAndWhatItSendsAgainIsCountedOnce() {
    Layers layers = new Layers();
    add(layers, ip(40, 6) + tcp(999, "02")); // SYN: sequence 999 is its own
    add(layers, ip(44, 6) + tcp(1_000, "18") + "c000d000"); // two MQTT pings' heads: 4 bytes
    add(layers, ip(44, 6) + tcp(1_000, "18") + "c000d000"); // the same again
    add(layers, ip(46, 6) + tcp(1_002, "18") + "d000c000c000"); // half old, half new
    Layers.Sum sum = layers.sum();
    assertThat(sum.packets()).isEqualTo(4);
    assertThat(sum.up()).isEqualTo(40 + 44 + 44 + 46);
    assertThat(sum.down()).isZero();
    assertThat(sum.internet()).isEqualTo(4 * 20);
    assertThat(sum.transport()).isEqualTo(4 * 20);
    assertThat(sum.again()).isEqualTo(4 + 2);
    assertThat(sum.application()).isEqualTo(4 + 4);
    assertThat(sum.security()).isZero();
    assertThat(sum.all())
        .isEqualTo(sum.internet() + sum.transport() + sum.again() + sum.application());
  }

  private static String packet(int sequence, String payload) {
    return ip(40 + payload.length() / 2, 6) + tcp(sequence, "18") + payload;
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  @Test
  void headsOfWebSocketFramesAreReadFromTheCapture() {
    Layers layers = new Layers();
    add(layers, ip(40, 6) + tcp(0, "02"));
    String handshake = "GET /gw/a/socket HTTP/1.1\r\nUpgrade: websocket\r\nHost: a\r\n\r\n";
    add(layers, packet(1, hex(handshake)));
    int at = 1 + handshake.length();
    // final, binary; masked, 3 bytes; the mask; what is said. Cut amid the mask
    add(layers, packet(at, "8283" + "0102"));
    add(layers, packet(at + 4, "0304" + "aabbcc"));
    add(layers, packet(at + 4, "0304" + "aabbcc")); // sent again
    // masked, 126 bytes by a length of two bytes; then a pong of none, in the same packet
    add(layers, packet(at + 9, "82fe" + "007e" + "01020304" + "00".repeat(126) + "8a8001020304"));
    assertThat(layers.sum().upHeads()).isEqualTo(new Layers.Heads(3, 6 + 8 + 6));
    assertThat(layers.sum().downHeads()).isEqualTo(new Layers.Heads(0, 0));
    // another connection at the same port: what was seen stays
    add(layers, ip(40, 6) + tcp(50_000, "02"));
    add(layers, packet(50_001, hex("GET / HTTP/1.1\r\nHost: a\r\n\r\n") + "8200"));
    assertThat(layers.sum().upHeads()).isEqualTo(new Layers.Heads(3, 20));
  }

  @Test
  void whatTheOfficeSaysToMetersThatHaveGoneIsNobodys() {
    Departed departed = new Departed();
    // the meter's port is 40000 (9c40) upwards; downwards it is the target
    String down = ip(40, 6) + "075b" + "9c40" + "0000000000000000" + "5010ffff00000000";
    Packet said = new Packet(1, false, false, HexFormat.of().parseHex(down));
    Packet told = new Packet(2, true, false, HexFormat.of().parseHex(ip(40, 6) + tcp(1, "10")));
    Packet syn = new Packet(3, true, false, HexFormat.of().parseHex(ip(40, 6) + tcp(1, "02")));
    assertThat(departed.isOf(syn)).isFalse();
    assertThat(departed.isOf(said)).isFalse();
    departed.all();
    assertThat(departed.isOf(said)).isTrue();
    assertThat(departed.isOf(told)).isTrue();
    assertThat(departed.isOf(syn)).isFalse();
    assertThat(departed.isOf(said)).isFalse();
    departed.all();
    byte[] datagram = HexFormat.of().parseHex(ip(28, 17) + "9c41163300080000");
    assertThat(departed.isOf(new Packet(4, true, false, datagram))).isFalse();
  }

  @Test
  void whatBeginsAsXmlMayGoOnUnderTls() {
    Layers layers = new Layers();
    add(layers, ip(44, 6) + tcp(1_000, "18") + "3c612f3e"); // <a/>: 4 bytes as they are
    // a handshake's record of 3 bytes, 8 in all
    add(layers, ip(48, 6) + tcp(1_004, "18") + "1603030003010000");
    // application data: 5 of header, 17 around, 2 that are said
    add(layers, ip(64, 6) + tcp(1_012, "18") + "1703030013" + "00".repeat(19));
    assertThat(layers.sum().application()).isEqualTo(4 + 2);
    assertThat(layers.sum().security()).isEqualTo(8 + 5 + 17);
  }

  @Test
  void sequenceNumbersThatWrapAroundGoOn() {
    Layers layers = new Layers();
    add(layers, ip(40, 6) + tcp(-3, "02")); // 0xFFFFFFFD
    add(layers, ip(44, 6) + tcp(-2, "18") + "c000d000"); // up to sequence 2
    add(layers, ip(42, 6) + tcp(2, "18") + "c000");
    assertThat(layers.sum().application()).isEqualTo(6);
    assertThat(layers.sum().again()).isZero();
  }

  @Test
  void tlsRecordsAreSecurityButForWhatTheyCarry() {
    Layers layers = new Layers();
    add(layers, ip(40, 6) + tcp(0, "02"));
    add(layers, ip(40 + 9, 6) + tcp(1, "18") + "1603010004" + "01000000"); // a handshake record
    // application data of 20 bytes: 3 carried, a true type, a tag of 16; cut amid its head
    add(layers, ip(40 + 3, 6) + tcp(10, "18") + "170303");
    add(layers, ip(40 + 22, 6) + tcp(13, "18") + "0014" + "aa".repeat(20));
    Layers.Sum sum = layers.sum();
    assertThat(sum.application()).isEqualTo(3);
    assertThat(sum.security()).isEqualTo(9 + 5 + 17);
  }

  @Test
  void coapIsApplicationAndOscoreSecurity() {
    String plain =
        "44024711" // CoAP 1, confirmable, token of 4; POST; message id
            + "aabbccdd" // token
            + "b26777" // option 11, Uri-Path, of 2: gw
            + "05"
            + "7573616765" // again, of 5: usage
            + "ff"
            + "d083"; // payload of 2
    String bytes = plain.replace(" ", "");
    Layers layers = new Layers();
    add(layers, ip(28 + bytes.length() / 2, 17) + udp(bytes) + bytes);
    assertThat(layers.sum().application()).isEqualTo(bytes.length() / 2);
    assertThat(layers.sum().security()).isZero();
    assertThat(layers.sum().transport()).isEqualTo(8);

    String oscore =
        "44024712" // as above
            + "aabbccdd"
            + "93"
            + "090101" // option 9, OSCORE, of 3: flags, Partial IV, kid
            + "ff"
            + "00".repeat(12); // ciphertext of 4 with its tag of 8
    Layers secured = new Layers();
    add(secured, ip(28 + oscore.length() / 2, 17) + udp(oscore) + oscore);
    assertThat(secured.sum().security()).isEqualTo(4 + 8);
    assertThat(secured.sum().application()).isEqualTo(oscore.length() / 2 - 12);
  }

  private static String udp(String payload) {
    return "9c411633" // from port 40001 to 5683
        + HexFormat.of().toHexDigits((short) (8 + payload.length() / 2))
        + "0000"; // no checksum
  }

  @Test
  void dtlsRecordsAreSecurityButForWhatTheyCarry() {
    String record =
        "17fefd" // application data, DTLS 1.2
            + "0001000000000001" // epoch 1, sequence 1
            + "001d" // 29 bytes: a nonce of 8, 5 carried, a tag of 16
            + "00".repeat(29);
    Layers layers = new Layers();
    add(layers, ip(28 + record.length() / 2, 17) + udp(record) + record);
    assertThat(layers.sum().application()).isEqualTo(5);
    assertThat(layers.sum().security()).isEqualTo(13 + 24);
  }

  @Test
  void whatIsCutOffOrForeignThrowsNothing() {
    String whole = ip(46, 6) + tcp(1, "18") + "160301000401";
    byte[] bytes = HexFormat.of().parseHex(whole);
    Layers layers = new Layers();
    for (int length = 0; length <= bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      layers.add(cut, true);
    }
    layers.add(new byte[] {0x60, 0, 0, 0}, false); // IPv6
    assertThat(layers.sum().all()).isPositive();
  }

  @Test
  void capturesAreWrittenAsOthersReadThem() throws IOException {
    byte[] packet = HexFormat.of().parseHex(ip(40, 6) + tcp(1, "02"));
    Path file = folder.resolve("a.pcap");
    Pcap.write(
        file,
        List.of(new Packet(1_500_000_000L, true, false, packet)),
        Instant.parse("2026-11-26T00:00:00Z"));
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)))
        .isEqualTo(
            "a1b2c3d4" // microseconds, in this order of bytes
                + "00020004" // version 2.4
                + "0000000000000000" // zone, accuracy
                + "00000800" // packets are cut at 2,048 bytes
                + "00000065" // raw IP
                + "6b077681" // 2026-11-26T00:00:01Z
                + "0007a120" // 500,000 microseconds
                + "00000028" // kept
                + "00000028" // of so many
                + HexFormat.of().formatHex(packet));
  }
}

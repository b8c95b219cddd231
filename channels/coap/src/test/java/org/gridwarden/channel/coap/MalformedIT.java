package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.channel.coap.CoapEndpointIT.soon;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.usage;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.gridwarden.message.Form;
import org.gridwarden.simulator.coap.CoapLine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Datagrams as no client should send them, and what RFC 7252 and 7959 say of them. Each is followed
 * by a ping, whose answer shows that nothing else came back and the port lives.
 */
class MalformedIT {
  /** An empty confirmable message, id FFFE: answered by a reset. */
  private static final byte[] PING = HexFormat.of().parseHex("4000fffe");

  private static final String PONG = "7000fffe";

  /** GET x, id FFFD: answered by 4.04 after whatever was sent before it. */
  private static final byte[] ASK = HexFormat.of().parseHex("4001fffdb178");

  private static final String NOT_FOUND = "6084fffd";

  /**
   * What comes back, in hex; the ping's answer where nothing does before the probes are answered.
   */
  private static String first(TestOffice office, byte[] datagram, String expected)
      throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.2"))) {
      socket.setSoTimeout(20_000);
      send(socket, office, datagram);
      if (!expected.equals(PONG)) {
        return receive(socket); // threads of their own answer: a probe's could come first
      }
      send(socket, office, PING);
      String first = receive(socket);
      if (first.equals(PONG)) {
        send(socket, office, ASK);
        first = receive(socket);
      }
      return first.startsWith(NOT_FOUND) ? PONG : first;
    }
  }

  private static void send(DatagramSocket socket, TestOffice office, byte[] bytes)
      throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, office.address()));
  }

  private static String receive(DatagramSocket socket) throws IOException {
    DatagramPacket answer = new DatagramPacket(new byte[256], 256);
    socket.receive(answer);
    return HexFormat.of().formatHex(Arrays.copyOf(answer.getData(), answer.getLength()));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // RFC 7252, 3: "must be silently ignored"
    "version 0, 00010001, 7000fffe",
    "version 3, c0010001, 7000fffe",
    "three bytes, 400100, 7000fffe",
    "nothing at all, '', 7000fffe",
    // 3: token lengths 9 to 15 are reserved
    "a token of 9 bytes, 49010001010203040506070809, 7000fffe",
    "a token that is not there, 4801000101, 70000001",
    // 4.1: an empty message has neither token nor payload
    "an empty message with a payload, 40000001ff00, 70000001",
    // 3.1: 15 is reserved in a delta and in a length. Clause 4.2 has a reset here; the library
    // answers 4.02, by which the request has failed as well
    "a delta of 15, 40010001f0, 60820001",
    "a length of 15, 40010001bf, 60820001",
    "a delta that is not there, 40010001d0, 60820001",
    "an option beyond the end, 40010001b561, 60820001",
    "an option of 65804 bytes that is not there, 40010001beffff, 60820001",
    // 3: a marker with nothing behind it
    "a payload of no bytes, 40010001ff, 60820001",
    // the same unconfirmed are rejected without a word
    "unconfirmed: a delta of 15, 50010001f0, 7000fffe",
    "unconfirmed: an option beyond the end, 50010001b561, 7000fffe",
    // 5.8 has 4.05 for an unknown method, the library 4.02; 12.1: other classes are reserved
    "method 0.31, 401f0001, 60820001",
    "class 1, 40200001, 70000001",
    "class 7, 40e00001, 70000001",
    // an answer to what nobody asked: reset
    "an answer that nobody waits for, 44450001aabbccdd, 70000001",
    "an acknowledgement that nobody waits for, 60000001, 7000fffe",
    // 5.4.1: critical options that are not known
    "critical option 9999, 40010001e1260200, 6082",
    "Proxy-Uri, 40010001d11678, 60a5",
    // 5.10.8: conditions are not known here
    "If-None-Match, 4002000150, 6082",
    // RFC 7959, 2.2: SZX 7 is reserved over datagrams
    "Block1 with SZX 7, 41020001aab26777057573616765d10307ff00, 6180",
  })
  @DisplayName("C39: what is malformed is answered as the standard has it, or not at all")
  void table(String what, String datagram, String expected) throws Exception {
    try (TestOffice office = new TestOffice()) {
      String answer = first(office, HexFormat.of().parseHex(datagram), expected);
      assertThat(answer).as(what).startsWith(expected);
      assertThat(answer.length()).as("few bytes").isLessThanOrEqualTo(datagram.length() + 16);
      assertThat(office.submitted).isEmpty();
      assertThat(office.channel.transfers()).isZero();
      try (CoapLine line = office.line()) {
        byte[] message = office.end(A).seal(Form.SENML_CBOR, usage(A, 1));
        assertThat(soon(line.post("gw/usage", message, true)).getCode())
            .isEqualTo(ResponseCode.CHANGED);
      }
    }
  }

  private static byte[] block(int mid, int num, boolean more, int bytes) {
    // POST gw/usage, token 01, Block1 of 16 bytes
    String head = "4102" + HexFormat.of().toHexDigits((short) mid) + "01b26777057573616765";
    String option = "d203" + HexFormat.of().toHexDigits((short) (num << 4 | (more ? 8 : 0)));
    return HexFormat.of().parseHex(head + option + (bytes > 0 ? "ff" + "00".repeat(bytes) : ""));
  }

  @Test
  @DisplayName("C39: blocks out of their order, of another size, without a beginning: nothing kept")
  void blocks() throws Exception {
    try (TestOffice office = new TestOffice()) {
      for (var each :
          Map.of(
                  block(1, 1, true, 16), "6188", // 4.08: what was before it is missing
                  block(2, 4_000, false, 1), "618d", // 4.13
                  block(3, 0, true, 15), "6180", // 4.00
                  block(4, 0, false, 17), "6182") // 4.02, by the library
              .entrySet()) {
        assertThat(first(office, each.getKey(), each.getValue())).startsWith(each.getValue());
      }
      assertThat(office.channel.transfers()).isZero();
      assertThat(first(office, block(5, 0, true, 16), "615f")).startsWith("615f"); // 2.31: go on
      assertThat(office.channel.transfers()).isEqualTo(1);
      assertThat(office.admission.counts().unauthenticated()).isEqualTo(1);
    }
  }
}

package org.gridwarden.dlms.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.Wrapper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CaptureFileTest {
  private static final Instant WHEN = Instant.parse("2026-11-25T03:42:52.250Z");
  private static final byte[] ANSWER = HexFormat.of().parseHex("C401C100060001E240");
  private static final byte[] WRAPPED = Wrapper.encode(1, 16, ANSWER);

  private static List<Packet> packets(byte[] file) throws IOException, CaptureException {
    byte[] first = Arrays.copyOf(file, 4);
    assertThat(CaptureFile.isOne(first)).isTrue();
    CaptureFile open = CaptureFile.open(first, new ByteArrayInputStream(file, 4, file.length - 4));
    List<Packet> packets = new ArrayList<>();
    for (Optional<Packet> p = open.next(); p.isPresent(); p = open.next()) {
      packets.add(p.get());
    }
    return packets;
  }

  static Stream<Arguments> files() {
    byte[] packet = {1, 2, 3, 4, 5};
    long micros = WHEN.getEpochSecond() * 1_000_000 + 250_000;
    long half = WHEN.getEpochSecond() << 2 | 1; // quarters of a second
    return Stream.of(
        Arguments.of(Captures.pcap(ByteOrder.BIG_ENDIAN, false, 1, packet)),
        Arguments.of(Captures.pcap(ByteOrder.LITTLE_ENDIAN, false, 1, packet)),
        Arguments.of(Captures.pcap(ByteOrder.BIG_ENDIAN, true, 1, packet)),
        Arguments.of(Captures.pcap(ByteOrder.LITTLE_ENDIAN, true, 1, packet)),
        Arguments.of(Captures.pcapng(ByteOrder.LITTLE_ENDIAN, 6, micros, 1, packet)),
        Arguments.of(Captures.pcapng(ByteOrder.BIG_ENDIAN, 6, micros, 1, packet)),
        Arguments.of(Captures.pcapng(ByteOrder.LITTLE_ENDIAN, 9, micros * 1000, 1, packet)),
        Arguments.of(Captures.pcapng(ByteOrder.LITTLE_ENDIAN, 0x82, half, 1, packet)));
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyByteOrderAndResolution(byte[] file) throws IOException, CaptureException {
    List<Packet> packets = packets(file);
    assertThat(packets).hasSize(1);
    assertThat(packets.get(0).time()).contains(WHEN);
    assertThat(packets.get(0).linkType()).isEqualTo(1);
    assertThat(packets.get(0).bytes()).containsExactly(1, 2, 3, 4, 5);
    assertThat(packets.get(0).cut()).isFalse();
  }

  @Test
  @DisplayName("C39 a length that a packet merely claims buys no memory")
  void aLengthIsNotBelieved() {
    byte[] file = Captures.pcap(ByteOrder.BIG_ENDIAN, false, 1, new byte[4]);
    file[32] = 0x7F; // the captured length's highest byte
    assertThatThrownBy(() -> packets(file))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("at most 262144 are read");
    byte[] cut = Arrays.copyOf(file, 30);
    assertThatThrownBy(() -> packets(cut)).hasMessageContaining("ends within a packet's header");
  }

  static Stream<Arguments> links() {
    byte[] four = Captures.udp4(WRAPPED);
    byte[] six = Captures.udp6(WRAPPED);
    byte[] loop = new byte[4 + four.length];
    loop[0] = 2; // AF_INET of a little-endian machine
    System.arraycopy(four, 0, loop, 4, four.length);
    return Stream.of(
        Arguments.of("Ethernet", 1, Captures.ethernet(0x0800, false, four)),
        Arguments.of("Ethernet with a VLAN tag", 1, Captures.ethernet(0x0800, true, four)),
        Arguments.of("Ethernet with IPv6", 1, Captures.ethernet(0x86DD, false, six)),
        Arguments.of("raw IPv4", 101, four),
        Arguments.of("raw IPv6", 101, six),
        Arguments.of("Linux cooked", 113, Captures.cooked(0x0800, four)),
        Arguments.of("Linux cooked 2", 276, Captures.cooked2(0x86DD, six)),
        Arguments.of("BSD loopback", 0, loop));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("links")
  void aDatagramIsFoundOnEveryLink(String name, int linkType, byte[] packet) throws IOException {
    List<CaptureEvent> events = new ArrayList<>();
    new CaptureDecoder(CaptureDecoderTest.settings())
        .read(
            new ByteArrayInputStream(
                Captures.pcap(ByteOrder.LITTLE_ENDIAN, false, linkType, packet)),
            events::add);
    assertThat(events).as(name).hasSize(1);
    Followed said = ((CaptureEvent.Said) events.get(0)).message();
    assertThat(said.message().link().kind()).isEqualTo(LinkInfo.Kind.WRAPPER);
    assertThat(said.direction()).isEqualTo(Direction.FROM_METER);
    assertThat(said.path()).endsWith(":50000").contains(":4059 > ");
  }

  @Test
  void anUnreadLinkTypeIsSaid() throws IOException {
    List<CaptureEvent> events = new ArrayList<>();
    new CaptureDecoder(CaptureDecoderTest.settings())
        .read(
            new ByteArrayInputStream(
                Captures.pcap(ByteOrder.LITTLE_ENDIAN, false, 105, new byte[60])),
            events::add);
    assertThat(events)
        .anyMatch(
            e -> e instanceof CaptureEvent.Note(String what) && what.contains("link type 105"));
  }
}

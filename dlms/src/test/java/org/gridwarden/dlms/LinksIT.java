package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.hdlc.HdlcLink;
import org.gridwarden.dlms.hdlc.HdlcParameters;
import org.gridwarden.dlms.hdlc.HdlcSettings;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.meter.UdpMeterServer;
import org.gridwarden.dlms.objects.CaptureObject;
import org.gridwarden.dlms.objects.Clock;
import org.gridwarden.dlms.objects.ProfileGeneric;
import org.gridwarden.dlms.objects.Register;
import org.gridwarden.dlms.objects.Rights;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** S19: one association over each link: open, read, a profile by blocks, release. */
class LinksIT {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static final Instant MIDNIGHT = Instant.parse("2026-11-22T23:00:00Z");
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  private static final ObisCode PROFILE = ObisCode.parse("1.0.99.1.0.255");
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final LinkAddress CLIENT = LinkAddress.hdlc(16);
  private static final MeterServer.Limits LIMITS =
      new MeterServer.Limits(20_000, Duration.ofSeconds(20));

  private static Map<Integer, LogicalDevice> devices() {
    List<DlmsData.Structure> rows = new ArrayList<>();
    for (int i = 1; i <= 96; i++) {
      Instant end = MIDNIGHT.plusSeconds(900L * i);
      rows.add(
          DlmsData.Structure.of(
              DlmsData.OctetString.of(CosemDateTime.of(end, ZURICH)),
              new DlmsData.DoubleLongUnsigned(i)));
    }
    Clock clock = new Clock(CLOCK, () -> MIDNIGHT, ZURICH);
    return Map.of(
        1,
        new LogicalDevice(
            new byte[] {'G', 'W', 'M', 0, 0, 0, 0, 1},
            List.of(
                new Register(
                    ENERGY, () -> new DlmsData.DoubleLongUnsigned(12_345), 0, Unit.WATT_HOUR),
                clock,
                new ProfileGeneric(
                    PROFILE,
                    clock,
                    List.of(CaptureObject.of(8, CLOCK, 2), CaptureObject.of(3, ENERGY, 2)),
                    900,
                    96,
                    () -> rows)),
            Map.of(16, ClientAccess.open(Rights.READ_ALL))));
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static void readsAll(ApduLink link) throws Exception {
    try (Association meter = Association.open(link, AssociationRequest.open())) {
      assertThat(meter.get(new AttributeRef(3, ENERGY, 2)))
          .isEqualTo(new Outcome.Value(new DlmsData.DoubleLongUnsigned(12_345)));
      // more than one APDU: by blocks
      DlmsData.Array rows =
          (DlmsData.Array) ((Outcome.Value) meter.get(new AttributeRef(7, PROFILE, 2))).data();
      assertThat(rows.size()).isEqualTo(96);
      for (int i = 0; i < 96; i++) {
        assertThat(((DlmsData.Structure) rows.get(i)).get(1))
            .isEqualTo(new DlmsData.DoubleLongUnsigned(i + 1L));
      }
    }
  }

  private static MeterServer hdlc(HdlcSettings settings) throws IOException {
    return MeterServer.openHdlc(ANY, devices(), OptionalInt.of(17), settings, LIMITS);
  }

  @Test
  void wrapperOverTcp() throws Exception {
    try (MeterServer server = MeterServer.open(ANY, devices(), LIMITS)) {
      readsAll(WrapperLink.connect(at(server.port()), 16, 1, SOON));
    }
  }

  @Test
  void wrapperOverUdp() throws Exception {
    try (UdpMeterServer server = UdpMeterServer.open(ANY, devices(), LIMITS)) {
      readsAll(UdpLink.open(at(server.port()), 16, 1, UdpLink.MAX_APDU));
      // and again, from another port
      readsAll(UdpLink.open(at(server.port()), 16, 1, UdpLink.MAX_APDU));
    }
  }

  @ParameterizedTest
  @DisplayName("HDLC over TCP, whatever the two sides agree upon, by each form of address")
  @CsvSource({"128,1,2", "128,7,4", "32,7,2", "2030,7,1", "2030,1,4"})
  void hdlcOverTcp(int information, int window, int bytes) throws Exception {
    LinkAddress meter = bytes == 1 ? LinkAddress.hdlc(1) : new LinkAddress(1, 17, bytes);
    try (MeterServer server = hdlc(HdlcSettings.NETWORK)) {
      HdlcSettings settings = HdlcSettings.NETWORK.offering(HdlcParameters.of(information, window));
      HdlcLink link =
          HdlcLink.connect(TcpLine.connect(at(server.port()), SOON), CLIENT, meter, settings);
      assertThat(link.agreed()).isEqualTo(settings.offered());
      readsAll(link);
    }
  }

  @Test
  @DisplayName("two clients share one line, in turn")
  void hdlcSharedLine() throws Exception {
    try (MeterServer server = hdlc(HdlcSettings.NETWORK);
        TcpLine line = TcpLine.connect(at(server.port()), SOON)) {
      // what one link closes the other one still needs
      ByteLine shared = new Kept(line);
      LinkAddress meter = LinkAddress.hdlc(1, 17);
      HdlcLink first = HdlcLink.connect(shared, CLIENT, meter, HdlcSettings.NETWORK);
      // as the public client once more, by the long form of the address
      HdlcLink second =
          HdlcLink.connect(shared, CLIENT, new LinkAddress(1, 17, 4), HdlcSettings.NETWORK);
      readsAll(first);
      readsAll(second);
    }
  }

  /** Leaves a line open. */
  private record Kept(ByteLine line) implements ByteLine {
    @Override
    public int read(byte[] into, int from, int length, Duration patience) throws IOException {
      return line.read(into, from, length, patience);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      line.write(bytes);
    }

    @Override
    public void close() {}
  }

  @Test
  @DisplayName("a meter that drops the line, opens none, or is silent: told apart, in time")
  void failures() throws Exception {
    HdlcSettings hasty = HdlcSettings.NETWORK.waiting(Duration.ofMillis(100), 2);
    HdlcLink link;
    try (MeterServer server = hdlc(HdlcSettings.NETWORK)) {
      assertThatThrownBy(() ->
              HdlcLink.connect(
                  TcpLine.connect(at(server.port()), SOON), CLIENT, LinkAddress.hdlc(2, 17), hasty))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("DM");
      assertThatThrownBy(() ->
              HdlcLink.connect(
                  TcpLine.connect(at(server.port()), SOON), CLIENT, LinkAddress.hdlc(1, 18), hasty))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("asked 3 times");
      link =
          HdlcLink.connect(
              TcpLine.connect(at(server.port()), SOON), CLIENT, LinkAddress.hdlc(1, 17), hasty);
    }
    assertThatThrownBy(
            () -> {
              link.send(new byte[] {0x62, 0});
              link.receive(SOON);
            })
        .isInstanceOf(IOException.class);
    link.close();
    assertThatThrownBy(() -> link.receive(SOON)).isInstanceOf(EOFException.class);
  }

  @Test
  @DisplayName("over UDP, foreign, late, doubled and broken datagrams are passed over")
  void udpStrays() throws Exception {
    try (DatagramSocket meter = new DatagramSocket(ANY);
        DatagramSocket stranger = new DatagramSocket(ANY);
        ApduLink link = UdpLink.open(at(meter.getLocalPort()), 16, 1, 100)) {
      byte[] question = {(byte) 0xC0, 1};
      link.send(question);
      DatagramPacket packet = new DatagramPacket(new byte[1_000], 1_000);
      meter.receive(packet);
      assertThat(java.util.Arrays.copyOf(packet.getData(), packet.getLength()))
          .isEqualTo(Wrapper.encode(16, 1, question));
      InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
      byte[] good = Wrapper.encode(1, 16, new byte[] {(byte) 0xC4, 1});
      byte[] cut = java.util.Arrays.copyOf(good, good.length - 1);
      byte[] longer = Wrapper.encode(1, 16, new byte[101]);
      byte[] old = good.clone();
      old[1] = 2; // version
      stranger.send(new DatagramPacket(Wrapper.encode(1, 16, new byte[] {9}), 9, client));
      for (byte[] bytes :
          List.of(
              cut,
              longer,
              old,
              Wrapper.encode(2, 16, new byte[] {9}), // another device's
              Wrapper.encode(1, 17, new byte[] {9}), // another client's
              new byte[0],
              good,
              good)) {
        meter.send(new DatagramPacket(bytes, bytes.length, client));
      }
      assertThat(link.receive(SOON)).containsExactly(0xC4, 1);
      // the second of the two is no answer to what is asked now
      link.send(question);
      meter.receive(packet);
      byte[] next = Wrapper.encode(1, 16, new byte[] {(byte) 0xC4, 2});
      meter.send(new DatagramPacket(next, next.length, client));
      assertThat(link.receive(SOON)).containsExactly(0xC4, 2);
      assertThatThrownBy(() -> link.receive(Duration.ofMillis(20)))
          .isInstanceOf(SocketTimeoutException.class);
      assertThatThrownBy(() -> link.send(new byte[UdpLink.MAX_APDU + 1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @DisplayName("over UDP, a meter that is not there is told where the system tells it")
  void udpNobody() throws Exception {
    int port;
    try (DatagramSocket gone = new DatagramSocket(ANY)) {
      port = gone.getLocalPort();
    }
    try (ApduLink link = UdpLink.open(at(port), 16, 1, 100)) {
      link.send(new byte[] {1});
      assertThatThrownBy(() -> link.receive(SOON)).isInstanceOf(PortUnreachableException.class);
    }
  }

  @Test
  @DisplayName("C39: who comes when a port is full is turned away; the others are served")
  void full() throws Exception {
    try (MeterServer server =
            MeterServer.open(ANY, devices(), new MeterServer.Limits(1, Duration.ofSeconds(20)));
        ApduLink first = WrapperLink.connect(at(server.port()), 16, 1, SOON)) {
      first.send(new byte[] {0x62, 0});
      assertThat(first.receive(SOON)).isNotEmpty();
      try (Socket second = new Socket()) {
        second.connect(at(server.port()));
        assertThat(second.getInputStream().read()).isEqualTo(-1);
      }
      first.send(new byte[] {0x62, 0});
      assertThat(first.receive(SOON)).isNotEmpty();
    }
  }

  @Test
  @DisplayName("C39: what a header claims and does not bring is not allocated, and ends in silence")
  void slow() throws Exception {
    try (MeterServer server =
            MeterServer.open(ANY, devices(), new MeterServer.Limits(100, Duration.ofMillis(300)));
        Socket slow = new Socket()) {
      slow.connect(at(server.port()));
      // version 1, from 16 to 1, 65,535 bytes of which one comes
      slow.getOutputStream()
          .write(new byte[] {0, 1, 0, 16, 0, 1, (byte) 0xFF, (byte) 0xFF, (byte) 0xC0});
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  @DisplayName("2,000 associations at once, half in the wrapper, half in HDLC")
  void many() throws Exception {
    int each = 1_000;
    try (MeterServer wrapper = MeterServer.open(ANY, devices(), LIMITS);
        MeterServer hdlc = hdlc(HdlcSettings.NETWORK);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ApduLink> links = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        links.add(WrapperLink.connect(at(wrapper.port()), 16, 1, SOON));
        links.add(
            HdlcLink.connect(
                TcpLine.connect(at(hdlc.port()), SOON),
                CLIENT,
                LinkAddress.hdlc(1, 17),
                HdlcSettings.NETWORK));
      }
      assertThat(hdlc.connections()).isEqualTo(each);
      List<Callable<Void>> reads = new ArrayList<>();
      for (ApduLink link : links) {
        reads.add(() -> {
          readsAll(link);
          return null;
        });
      }
      for (Future<Void> read : threads.invokeAll(reads)) {
        read.get();
      }
    }
  }
}

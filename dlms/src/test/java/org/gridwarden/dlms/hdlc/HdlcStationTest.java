package org.gridwarden.dlms.hdlc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.LinkAddress;
import org.gridwarden.dlms.Llc;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The meter's side, frame by frame: what it says in which state. */
class HdlcStationTest {
  private static final byte[] NONE = {};
  private static final byte[] ASK = {0x01, 0, 0, 5}; // one answer of 5 bytes
  private static final LinkAddress METER = LinkAddress.hdlc(1, 17);
  private static final LinkAddress CLIENT = LinkAddress.hdlc(16);

  private final Recorder recorder = new Recorder();
  private final HdlcSettings settings =
      HdlcSettings.SERIAL.offering(HdlcParameters.of(128, 7)).taking(4_000);
  private HdlcStation station = recorder.station(settings);
  private long now;

  private List<HdlcFrame> hear(byte[]... frames) {
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      in.writeBytes(frame);
    }
    FrameReader reader = new FrameReader();
    byte[] out = station.hear(in.toByteArray(), 0, in.size(), now);
    reader.feed(out, 0, out.length);
    List<HdlcFrame> heard = new ArrayList<>();
    for (Optional<HdlcFrame> f = reader.next(); f.isPresent(); f = reader.next()) {
      heard.add(f.get());
    }
    return heard;
  }

  private static byte[] from(LinkAddress client, LinkAddress meter, Control control, byte... info) {
    return new Ends(meter, client).frame(control, info);
  }

  private static byte[] sent(Control control, byte... information) {
    return from(CLIENT, METER, control, information);
  }

  private static byte[] snrm() {
    return sent(Control.Type.SNRM.with(true), HdlcParameters.of(128, 7).encode());
  }

  private static byte[] information(int sent, int received, boolean poll, byte... apdu) {
    return sent(new Control.Information(sent, received, poll), Llc.toMeter(apdu));
  }

  private static byte[] poll(int received) {
    return sent(new Control.Supervisory(true, received, true));
  }

  private static List<Control> controls(List<HdlcFrame> frames) {
    return frames.stream().map(f -> Control.of(f.control())).toList();
  }

  private void connect() {
    assertThat(controls(hear(snrm()))).containsExactly(Control.Type.UA.with(true));
  }

  @Test
  @DisplayName("disconnected, it says DM to who polls, and nothing to others")
  void disconnected() {
    assertThat(controls(hear(poll(0)))).containsExactly(Control.Type.DM.with(true));
    assertThat(controls(hear(information(0, 0, true, ASK))))
        .containsExactly(Control.Type.DM.with(true));
    assertThat(controls(hear(sent(Control.Type.DISC.with(true)))))
        .containsExactly(Control.Type.DM.with(true));
    assertThat(hear(information(0, 0, false, ASK))).isEmpty();
    assertThat(hear(sent(Control.Type.UI.with(false), Llc.toMeter(ASK)))).isEmpty();
    assertThat(recorder.heard).isEmpty();
    assertThat(station.isConnected()).isFalse();
  }

  @Test
  @DisplayName("an exchange, its repetition, and the end")
  void exchange() {
    connect();
    List<HdlcFrame> answer = hear(information(0, 0, true, ASK));
    assertThat(controls(answer)).containsExactly(new Control.Information(0, 1, true));
    assertThat(answer.getFirst().information())
        .isEqualTo(Llc.fromMeter(Recorder.answers(ASK).getFirst()));
    // the same again: the client did not hear. It is answered by the same, and asked nobody again
    assertThat(controls(hear(information(0, 0, true, ASK))))
        .containsExactly(new Control.Information(0, 1, true));
    assertThat(recorder.heard).hasSize(1);
    assertThat(controls(hear(poll(1)))).containsExactly(new Control.Supervisory(true, 1, true));
    assertThat(controls(hear(sent(Control.Type.DISC.with(true)))))
        .containsExactly(Control.Type.UA.with(true));
    assertThat(station.isConnected()).isFalse();
  }

  @Test
  @DisplayName("several answers go in one window, and what is lost of them comes again from there")
  void windows() {
    connect();
    byte[] ask = {9, 0, 0, 100};
    // without the poll it waits
    assertThat(hear(information(0, 0, false, ask))).isEmpty();
    assertThat(controls(hear(poll(0))))
        .containsExactlyElementsOf(
            IntStream.range(0, 7)
                .<Control>mapToObj(i -> new Control.Information(i, 1, i == 6))
                .toList());
    // the fifth was lost: from there on again
    assertThat(controls(hear(poll(4))))
        .containsExactly(
            new Control.Information(4, 1, false),
            new Control.Information(5, 1, false),
            new Control.Information(6, 1, false),
            new Control.Information(7, 1, false),
            new Control.Information(0, 1, true));
    assertThat(controls(hear(poll(1)))).containsExactly(new Control.Supervisory(true, 1, true));
    assertThat(recorder.heard).hasSize(1);
  }

  @Test
  @DisplayName("a frame that is missing in a burst: what follows it is dropped and asked for again")
  void gap() {
    connect();
    byte[] none = {0, 0, 0, 0};
    assertThat(
            controls(
                hear(
                    information(0, 0, false, none),
                    information(2, 0, false, none),
                    information(3, 0, true, none))))
        .containsExactly(new Control.Supervisory(true, 1, true));
    assertThat(recorder.heard).hasSize(1);
  }

  @Test
  @DisplayName("a client that is not ready is sent nothing, but when it is")
  void notReady() {
    connect();
    assertThat(hear(information(0, 0, false, ASK))).isEmpty();
    assertThat(controls(hear(sent(new Control.Supervisory(false, 0, true)))))
        .containsExactly(new Control.Supervisory(true, 1, true));
    assertThat(controls(hear(poll(0)))).containsExactly(new Control.Information(0, 1, true));
  }

  @ParameterizedTest
  @DisplayName("FRMR says why, says it again, and only SNRM or DISC help")
  @CsvSource({
    "b9, 0, 01", // SREJ: unknown control field (W)
    "73, 0, 01", // UA from a client
    "11, 1, 03", // RR with information (W and X)
    "10, 129, 04", // I with more than the 128 bytes agreed upon (Y)
    "b1, 0, 08", // RR that acknowledges what was never sent (Z)
    "b0, 9, 08", // I that does
  })
  void frameReject(String control, int length, String reason) {
    connect();
    int octet = Integer.parseInt(control, 16);
    byte[] wrong = new HdlcFrame(METER, CLIENT, octet, false, new byte[length]).encode();
    List<HdlcFrame> answer = hear(wrong);
    assertThat(controls(answer)).containsExactly(Control.Type.FRMR.with(true));
    // the rejected field, V(R) 0 and V(S) 0, the reason
    assertThat(HexFormat.of().formatHex(answer.getFirst().information()))
        .isEqualTo(control + "00" + reason);
    assertThat(controls(hear(information(0, 0, true, ASK))))
        .containsExactly(Control.Type.FRMR.with(true));
    assertThat(hear(information(0, 0, false, ASK))).isEmpty();
    assertThat(recorder.heard).isEmpty();
    connect();
    assertThat(controls(hear(information(0, 0, true, ASK))))
        .containsExactly(new Control.Information(0, 1, true));
  }

  @Test
  @DisplayName("C39: segments that join to more than is taken are rejected, not kept")
  void tooLong() {
    connect();
    byte[] segment = new byte[128];
    List<HdlcFrame> answer = List.of();
    for (int i = 0; i < 40 && answer.isEmpty(); i++) {
      byte[] frame =
          new HdlcFrame(
                  METER, CLIENT, new Control.Information(i & 7, 0, false).octet(), true, segment)
              .encode();
      hear(frame);
      answer = i % 5 == 4 ? rejected() : answer;
    }
    assertThat(controls(answer)).containsExactly(Control.Type.FRMR.with(true));
    assertThat(recorder.heard).isEmpty();
  }

  private List<HdlcFrame> rejected() {
    List<HdlcFrame> answer = hear(poll(0));
    return Control.of(answer.getFirst().control()) instanceof Control.Supervisory
        ? List.of()
        : answer;
  }

  @Test
  @DisplayName("what has no LLC header is no APDU")
  void noLlc() {
    connect();
    byte[] bare = {(byte) 0xC0, 1, 0, 0, 0};
    assertThat(controls(hear(sent(new Control.Information(0, 0, true), bare))))
        .containsExactly(new Control.Supervisory(true, 1, true));
    assertThat(recorder.heard).isEmpty();
  }

  @Test
  @DisplayName("SNRM again begins anew, with a new service")
  void again() {
    int[] opened = {0};
    station =
        new HdlcStation(
            (device, client) -> {
              opened[0]++;
              return Optional.of(recorder);
            },
            OptionalInt.of(17),
            settings);
    connect();
    hear(information(0, 0, true, ASK));
    connect();
    assertThat(opened[0]).isEqualTo(2);
    assertThat(controls(hear(information(0, 0, true, ASK))))
        .containsExactly(new Control.Information(0, 1, true));
  }

  @Test
  @DisplayName("two clients on one line do not mix")
  void clients() {
    LinkAddress other = LinkAddress.hdlc(32);
    connect();
    assertThat(controls(hear(from(other, METER, Control.Type.SNRM.with(true)))))
        .containsExactly(Control.Type.UA.with(true));
    hear(information(0, 0, true, ASK));
    List<HdlcFrame> answer =
        hear(from(other, METER, new Control.Information(0, 0, true), Llc.toMeter(ASK)));
    assertThat(controls(answer)).containsExactly(new Control.Information(0, 1, true));
    assertThat(answer.getFirst().destination()).isEqualTo(other);
    hear(sent(Control.Type.DISC.with(true)));
    assertThat(station.isConnected()).isTrue();
    assertThat(controls(hear(from(other, METER, new Control.Supervisory(true, 1, true)))))
        .containsExactly(new Control.Supervisory(true, 1, true));
  }

  @Test
  @DisplayName("a silent connection is dropped, and its service with it")
  void inactivity() {
    connect();
    now += Duration.ofSeconds(119).toNanos();
    assertThat(station.silence(now)).isEmpty();
    assertThat(station.isConnected()).isTrue();
    now += Duration.ofSeconds(1).toNanos();
    assertThat(station.silence(now)).isEmpty();
    assertThat(station.isConnected()).isFalse();
    assertThat(controls(hear(poll(0)))).containsExactly(Control.Type.DM.with(true));
  }

  @ParameterizedTest
  @DisplayName("it answers to each form of its address, as that form")
  @CsvSource({
    "1,0,1, 1,0,1", // the logical device alone
    "1,17,2, 1,17,2",
    "1,17,4, 1,17,4",
    "1,126,2, 1,17,2", // any device that is there: it tells its own
    "1,16382,4, 1,17,4",
  })
  void addresses(int upper, int lower, int bytes, int up, int low, int own) {
    LinkAddress called = new LinkAddress(upper, lower, bytes);
    List<HdlcFrame> answer = hear(from(CLIENT, called, Control.Type.SNRM.with(true)));
    assertThat(controls(answer)).containsExactly(Control.Type.UA.with(true));
    assertThat(answer.getFirst().source()).isEqualTo(new LinkAddress(up, low, own));
  }

  @Test
  @DisplayName("another device's frames are not answered, an unknown logical device is refused")
  void others() {
    byte[] otherDevice = from(CLIENT, LinkAddress.hdlc(1, 18), Control.Type.SNRM.with(true));
    byte[] otherShort = from(CLIENT, LinkAddress.hdlc(2), Control.Type.SNRM.with(true));
    assertThat(hear(otherDevice, otherShort)).isEmpty();
    assertThat(controls(hear(from(CLIENT, LinkAddress.hdlc(2, 17), Control.Type.SNRM.with(true)))))
        .containsExactly(Control.Type.DM.with(true));
    // to all: never answered; taken where it is unnumbered information for a connection
    LinkAddress all = LinkAddress.hdlc(0x7F);
    assertThat(hear(from(CLIENT, all, Control.Type.SNRM.with(true)))).isEmpty();
    connect();
    assertThat(hear(from(CLIENT, all, Control.Type.UI.with(true), Llc.toMeter(ASK)))).isEmpty();
    assertThat(recorder.heard).hasSize(1);
  }

  @Test
  @DisplayName("what asks for less than HDLC's least is not connected")
  void negotiation() {
    byte[] little = {(byte) 0x81, (byte) 0x80, 3, 5, 1, 8};
    assertThat(controls(hear(sent(Control.Type.SNRM.with(true), little))))
        .containsExactly(Control.Type.DM.with(true));
    // theirs: transmit 64, receive 32, windows 2 and 3
    byte[] asked = new HdlcParameters(64, 32, 2, 3).encode();
    List<HdlcFrame> answer = hear(sent(Control.Type.SNRM.with(true), asked));
    assertThat(answer.getFirst().information())
        .isEqualTo(new HdlcParameters(32, 64, 3, 2).encode());
  }

  @Test
  @DisplayName("C39: a client that asks and never acknowledges is not asked for more for ever")
  void backlog() {
    connect();
    byte[] greedy = {100, 0, 3, (byte) 0xE8}; // 100 answers of 1,000 bytes
    int taken = 0;
    for (int i = 0; i < 50; i++) {
      hear(information(taken & 7, 0, true, greedy));
      taken = recorder.heard.size();
    }
    assertThat(taken).isEqualTo(1);
    assertThat(controls(hear(poll(0)))).hasSize(7);
  }

  @Test
  @DisplayName("polls that came twice are answered once")
  void twice() {
    connect();
    byte[] ask = information(0, 0, true, ASK);
    assertThat(controls(hear(ask, ask))).containsExactly(new Control.Information(0, 1, true));
    assertThat(hear(NONE)).isEmpty();
  }
}

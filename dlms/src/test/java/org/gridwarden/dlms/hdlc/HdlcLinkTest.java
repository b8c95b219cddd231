package org.gridwarden.dlms.hdlc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.LinkAddress;
import org.gridwarden.dlms.Llc;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The client's side, frame by frame: what it does about each thing that a meter may say. */
class HdlcLinkTest {
  private static final LinkAddress CLIENT = LinkAddress.hdlc(16);
  private static final LinkAddress METER = LinkAddress.hdlc(1, 17);
  private static final Ends FROM_METER = new Ends(CLIENT, METER);
  private static final byte[] APDU = {(byte) 0xC0, 1, 2, 3};
  private static final byte[] ANSWER = {(byte) 0xC4, 5, 6};
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final HdlcSettings SETTINGS =
      HdlcSettings.SERIAL
          .offering(HdlcParameters.of(32, 3))
          .waiting(Duration.ofSeconds(1), 2)
          .taking(1_000);

  /** A meter that says what a test tells it, by a clock that moves where somebody waits. */
  private static final class Meter implements ByteLine {
    private final ArrayDeque<byte[]> inbound = new ArrayDeque<>();
    private final List<Control> heard = new ArrayList<>();
    private Function<Control, List<byte[]>> says =
        control -> List.of(ua(HdlcParameters.of(32, 3).encode()));
    private long now;
    private boolean noisy;
    private boolean closed;

    HdlcLink connect() throws IOException, DlmsException {
      return HdlcLink.connect(this, CLIENT, METER, SETTINGS, () -> now);
    }

    @Override
    public int read(byte[] into, int from, int length, Duration patience) {
      byte[] next = inbound.poll();
      if (next == null && noisy && patience.isPositive()) {
        now += 1_000_000;
        into[from] = 0x55;
        return 1;
      }
      if (next == null) {
        now += patience.toNanos();
        return 0;
      }
      System.arraycopy(next, 0, into, from, next.length);
      return next.length;
    }

    @Override
    public void write(byte[] bytes) {
      for (byte[] frame : FaultyLine.frames(bytes)) {
        FrameReader reader = new FrameReader();
        reader.feed(frame, 0, frame.length);
        HdlcFrame heardFrame = reader.next().orElseThrow();
        Control control = Control.of(heardFrame.control());
        heard.add(control);
        if (control.poll()) {
          inbound.addAll(says.apply(control));
        }
      }
    }

    /** Each poll is answered by the next of these; then nothing. */
    void says(byte[]... frames) {
      ArrayDeque<byte[]> script = new ArrayDeque<>(List.of(frames));
      says =
          control -> {
            Optional<byte[]> next = Optional.ofNullable(script.poll());
            return next.map(List::of).orElse(List.of());
          };
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static byte[] ua(byte[] parameters) {
    return FROM_METER.frame(Control.Type.UA.with(true), parameters);
  }

  private static byte[] information(int sent, int received) {
    return FROM_METER.frame(new Control.Information(sent, received, true), Llc.fromMeter(ANSWER));
  }

  private static byte[] ready(boolean ready, int received) {
    return FROM_METER.frame(new Control.Supervisory(ready, received, true));
  }

  private final Meter meter = new Meter();

  @Test
  @DisplayName("a meter that needs time is polled, at longer and longer intervals")
  void notYet() throws Exception {
    HdlcLink link = meter.connect();
    byte[] notYet = ready(true, 1);
    meter.says(notYet, notYet, notYet, notYet, notYet, notYet, information(0, 1));
    link.send(APDU);
    assertThat(link.receive(PATIENCE)).isEqualTo(ANSWER);
    // 20, 40, 80, 160 and 320 ms
    assertThat(Duration.ofNanos(meter.now))
        .isBetween(Duration.ofMillis(600), Duration.ofMillis(700));
    assertThat(meter.heard).hasSize(1 + 7);
  }

  @Test
  @DisplayName("a meter that is not ready gets nothing until it is")
  void notReady() throws Exception {
    HdlcLink link = meter.connect();
    // three frames are out, one is taken, the meter is busy; then it takes the others
    meter.says(ready(false, 1), ready(false, 1), ready(true, 1), ready(true, 4), information(0, 4));
    link.send(new byte[100]);
    assertThat(link.receive(PATIENCE)).isEqualTo(ANSWER);
    Control poll = new Control.Supervisory(true, 0, true);
    assertThat(meter.heard.subList(4, 6)).containsExactly(poll, poll);
    assertThat(meter.heard.subList(6, 9))
        .containsExactly(
            new Control.Information(1, 0, false),
            new Control.Information(2, 0, false),
            new Control.Information(3, 0, true));
  }

  @Test
  @DisplayName("C39: a meter that is never ready, or never takes anything, is given up")
  void neverReady() throws Exception {
    for (byte[] always : List.of(ready(false, 0), ready(true, 0))) {
      Meter each = new Meter();
      HdlcLink link = each.connect();
      each.says = control -> List.of(always);
      assertThatThrownBy(() -> link.send(new byte[500])).isInstanceOf(SocketTimeoutException.class);
      assertThat(Duration.ofNanos(each.now)).isLessThan(Duration.ofSeconds(30));
      link.close();
    }
  }

  @Test
  @DisplayName("no answer: a single frame is sent again, several are asked after")
  void repeats() throws Exception {
    HdlcLink link = meter.connect();
    meter.says(new byte[0], new byte[0], information(0, 1));
    link.send(APDU);
    assertThat(link.receive(PATIENCE)).isEqualTo(ANSWER);
    Control first = new Control.Information(0, 0, true);
    assertThat(meter.heard.subList(1, 4)).containsExactly(first, first, first);
    assertThat(Duration.ofNanos(meter.now)).isEqualTo(Duration.ofSeconds(2));
    // two frames; the meter has the first of them
    meter.says(new byte[0], ready(true, 2), information(1, 3));
    link.send(new byte[50]);
    assertThat(link.receive(PATIENCE)).isEqualTo(ANSWER);
    assertThat(meter.heard.subList(4, 8))
        .containsExactly(
            new Control.Information(1, 1, false),
            new Control.Information(2, 1, true),
            new Control.Supervisory(true, 1, true),
            new Control.Information(2, 1, true));
  }

  @Test
  @DisplayName("a meter that falls silent is asked three times, and left in time")
  void silent() throws Exception {
    HdlcLink link = meter.connect();
    meter.says();
    link.send(APDU);
    assertThatThrownBy(() -> link.receive(PATIENCE))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("asked 3 times");
    assertThat(Duration.ofNanos(meter.now)).isEqualTo(Duration.ofSeconds(3));
    link.close();
    assertThat(meter.heard.getLast()).isEqualTo(Control.Type.DISC.with(true));
    assertThat(meter.closed).isTrue();
    assertThat(Duration.ofNanos(meter.now)).isLessThan(Duration.ofSeconds(6));
  }

  @Test
  @DisplayName("patience ends a wait before the retries do; the answer may still come")
  void patience() throws Exception {
    HdlcLink link = meter.connect();
    meter.says(new byte[0], information(0, 1));
    link.send(APDU);
    assertThatThrownBy(() -> link.receive(Duration.ofMillis(300)))
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(Duration.ofNanos(meter.now)).isEqualTo(Duration.ofMillis(300));
    assertThat(link.receive(PATIENCE)).isEqualTo(ANSWER);
  }

  @Test
  @DisplayName("C39: noise without end keeps nobody")
  void noise() throws Exception {
    HdlcLink link = meter.connect();
    meter.says();
    meter.noisy = true;
    link.send(APDU);
    assertThatThrownBy(() -> link.receive(Duration.ofDays(1)))
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(Duration.ofNanos(meter.now)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  @DisplayName("FRMR, DM and a false acknowledgement end the connection, and are told apart")
  void ends() throws Exception {
    // the rejected field, numbers, information too long
    byte[] reject = FROM_METER.frame(Control.Type.FRMR.with(true), new byte[] {0x10, 0, 4});
    assertThatThrownBy(() -> exchange(reject))
        .isInstanceOf(IOException.class)
        .hasMessage("the meter rejects a frame (FRMR): the information is too long");
    assertThatThrownBy(() -> exchange(FROM_METER.frame(Control.Type.DM.with(true))))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> exchange(ready(true, 5)))
        .isInstanceOf(DlmsException.class)
        .hasMessageContaining("never sent");
    byte[] endless =
        FROM_METER.frame(new Control.Information(0, 1, true), true, new byte[1_004], 0, 1_004);
    assertThatThrownBy(() -> exchange(endless))
        .isInstanceOf(DlmsException.class)
        .hasMessageContaining("more than 1000 bytes");
  }

  private static void exchange(byte[] answer) throws Exception {
    Meter each = new Meter();
    HdlcLink link = each.connect();
    each.says(answer);
    link.send(APDU);
    try {
      link.receive(PATIENCE);
    } finally {
      link.close();
      // nothing is said to who has ended it
      assertThat(each.heard).hasSize(2);
      assertThat(each.closed).isTrue();
    }
  }

  @Test
  @DisplayName("a meter that opens no connection, or agrees upon nothing that HDLC knows")
  void refused() {
    meter.says(FROM_METER.frame(Control.Type.DM.with(true)));
    assertThatThrownBy(meter::connect).isInstanceOf(IOException.class).hasMessageContaining("DM");
    assertThat(meter.closed).isTrue();
    meter.says(ua(new byte[] {(byte) 0x81, (byte) 0x80, 3, 5, 1, 2}));
    assertThatThrownBy(meter::connect).isInstanceOf(DlmsException.class);
    meter.says();
    assertThatThrownBy(meter::connect).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  @DisplayName(
      "frames of others, echoes and a late UA are passed over; a longer address is the same")
  void strays() throws Exception {
    HdlcLink link = meter.connect();
    Control answer = new Control.Information(0, 1, true);
    byte[] wrong = Llc.fromMeter(new byte[] {9});
    meter.says =
        control ->
            List.of(
                new Ends(METER, CLIENT).frame(control, Llc.toMeter(APDU)),
                new Ends(CLIENT, LinkAddress.hdlc(1, 18)).frame(answer, wrong),
                new Ends(LinkAddress.hdlc(17), METER).frame(answer, wrong),
                ua(new byte[0]),
                FROM_METER.frame(new Control.Unknown(0xB9), wrong),
                new Ends(CLIENT, new LinkAddress(1, 17, 4)).frame(answer, Llc.fromMeter(ANSWER)));
    link.send(APDU);
    assertThat(link.receive(PATIENCE)).isEqualTo(ANSWER);
  }

  @Test
  @DisplayName("a notification between is received as an APDU; segments of such are dropped")
  void notifications() throws Exception {
    HdlcLink link = meter.connect();
    Control notification = Control.Type.UI.with(false);
    byte[] push = {0x0F, 1};
    byte[] information = Llc.fromMeter(push);
    meter.says =
        control ->
            List.of(
                FROM_METER.frame(notification, information),
                FROM_METER.frame(notification, true, information, 0, information.length),
                FROM_METER.frame(notification, push), // without LLC
                information(0, 1));
    link.send(APDU);
    assertThat(link.receive(PATIENCE)).isEqualTo(push);
    assertThat(link.receive(PATIENCE)).isEqualTo(ANSWER);
  }

  @Test
  @DisplayName("what was sent is seen to before the connection ends")
  void closeDelivers() throws Exception {
    HdlcLink link = meter.connect();
    meter.says(new byte[0], ready(true, 1), FROM_METER.frame(Control.Type.UA.with(true)));
    link.send(APDU);
    link.close();
    Control information = new Control.Information(0, 0, true);
    assertThat(meter.heard.subList(1, 4))
        .containsExactly(information, information, Control.Type.DISC.with(true));
    link.close();
    assertThat(meter.heard).hasSize(4);
    assertThatThrownBy(() -> link.send(APDU)).isInstanceOf(EOFException.class);
  }
}

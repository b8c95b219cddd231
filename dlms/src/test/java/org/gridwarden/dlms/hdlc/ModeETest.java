package org.gridwarden.dlms.hdlc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.DlmsException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mode E (IEC 62056-21, annex E), both sides, against what the other one may say. */
class ModeETest {
  private static final ModeE.Identification GWM = new ModeE.Identification("GWM", 9_600, "METER1");
  private static final ModeE.Meter METER = ModeE.Meter.of(GWM, "00123");

  /** The far end answers each thing that is written by what a function says. */
  private static final class Scripted implements ByteLine {
    private final UnaryOperator<String> far;
    private final boolean echo;
    private final ArrayDeque<Byte> inbound = new ArrayDeque<>();
    private final List<String> written = new ArrayList<>();
    private final List<String> speeds = new ArrayList<>();
    private long now;
    private boolean ends;

    Scripted(boolean echo, UnaryOperator<String> far) {
      this.echo = echo;
      this.far = far;
    }

    void say(String text) {
      for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
        inbound.add(b);
      }
    }

    @Override
    public int read(byte[] into, int from, int length, Duration patience) {
      if (inbound.isEmpty()) {
        now += patience.toNanos();
        return ends ? -1 : 0;
      }
      into[from] = inbound.remove();
      return 1;
    }

    @Override
    public void write(byte[] bytes) {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      written.add(text);
      say(echo ? text : "");
      say(far.apply(text));
    }

    @Override
    public void configure(int baud, Format format) {
      speeds.add(baud + " " + format);
    }

    @Override
    public void close() {}
  }

  private static String meter(String heard) {
    return switch (heard) {
      case "/?!\r\n", "/?123!\r\n" -> "/GWM5\\2METER1\r\n";
      case "\u00062" + "52\r\n" -> heard;
      case "\u00062" + "42\r\n" -> heard;
      default -> "";
    };
  }

  @ParameterizedTest
  @DisplayName("signs on at 300 baud, chooses, and changes over, with an echo or without")
  @ValueSource(booleans = {false, true})
  void client(boolean echo) throws Exception {
    Scripted line = new Scripted(echo, ModeETest::meter);
    ModeE.Identification said = ModeE.signOn(line, ModeE.Client.DEFAULT, () -> line.now);
    assertThat(said).isEqualTo(GWM);
    assertThat(line.written).containsExactly("/?!\r\n", "\u00062" + "52\r\n");
    assertThat(line.speeds).containsExactly("300 SEVEN_EVEN", "9600 EIGHT_NONE");
    // the confirmation came, so nobody waited
    assertThat(line.now).isZero();
  }

  @Test
  @DisplayName("a slower speed than offered, a meter that does not confirm, parity bits, noise")
  void tolerant() throws Exception {
    Scripted line =
        new Scripted(
            false,
            heard -> {
              if (heard.startsWith("\u0006")) {
                return "";
              }
              StringBuilder odd = new StringBuilder("\u0000x");
              "/GWm6\\9\\2METER1\r\n".chars().forEach(c -> odd.append((char) (c | 0x80)));
              return odd.toString();
            });
    ModeE.Client slow =
        new ModeE.Client("123", 5_000, Duration.ofSeconds(2), Duration.ofSeconds(1), 1);
    assertThat(ModeE.signOn(line, slow, () -> line.now))
        .isEqualTo(new ModeE.Identification("GWm", 4_800, "METER1"));
    assertThat(line.written).containsExactly("/?123!\r\n", "\u00062" + "42\r\n");
    assertThat(Duration.ofNanos(line.now)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void nobodyAnswers() {
    Scripted line = new Scripted(true, heard -> "");
    assertThatThrownBy(() -> ModeE.signOn(line, ModeE.Client.DEFAULT, () -> line.now))
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(line.written).hasSize(3);
    assertThat(Duration.ofNanos(line.now)).isLessThan(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/GWM5METER1\r\n", "/GWMAMETER1\r\n", "/123" + "5\\2X\r\n"})
  void otherMetersAreRefused(String said) {
    Scripted line = new Scripted(false, heard -> said);
    assertThatThrownBy(() -> ModeE.signOn(line, ModeE.Client.DEFAULT, () -> line.now))
        .isInstanceOf(DlmsException.class);
  }

  @Test
  @DisplayName("C39: a line that never ends its words, or chatters, ends the sign-on all the same")
  void chatter() {
    ByteArrayOutputStream endless = new ByteArrayOutputStream();
    for (int i = 0; i < 2_000; i++) {
      endless.writeBytes(new byte[] {'/', 'A'});
    }
    Scripted line = new Scripted(false, heard -> endless.toString(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ModeE.signOn(line, ModeE.Client.DEFAULT, () -> line.now))
        .isInstanceOf(SocketTimeoutException.class);
    Scripted lines = new Scripted(false, heard -> "?\r\n".repeat(1_000));
    assertThatThrownBy(() -> ModeE.signOn(lines, ModeE.Client.DEFAULT, () -> lines.now))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @ParameterizedTest
  @DisplayName("a meter answers to its address or to none, and changes over for HDLC only")
  @CsvSource({
    "'/?!', '\u000625" + "2', 9600",
    "'/?123!', '\u000625" + "2', 9600",
    "'/?00000123!', '\u000620" + "2', 300",
    "'\u0000\u0000\u0000/?!', '\u000624" + "2', 4800",
    "'/?124!', '\u000625" + "2', 0", // another meter's
    "'/?!', '\u000605" + "0', 0", // mode C readout
    "'/?!', '\u000626" + "2', 0", // faster than offered
    "'/?!', 'x', 0",
    "'/?', '\u000625" + "2', 0",
  })
  void meterSide(String request, String choice, int baud) throws Exception {
    Scripted line = new Scripted(true, heard -> heard.startsWith("/GWM") ? choice + "\r\n" : "");
    line.say(request + "\r\n");
    Optional<Integer> chosen = ModeE.await(line, METER, Duration.ofSeconds(30), () -> line.now);
    assertThat(chosen).isEqualTo(baud == 0 ? Optional.empty() : Optional.of(baud));
    assertThat(line.speeds).hasSize(baud == 0 ? 1 : 2);
    if (baud > 0) {
      assertThat(line.written).containsExactly("/GWM5\\2METER1\r\n", choice + "\r\n");
    }
  }

  @Test
  void aMeterHearsThatItsLineEnds() {
    Scripted line = new Scripted(false, heard -> "");
    line.ends = true;
    assertThatThrownBy(() -> ModeE.await(line, METER, Duration.ofDays(1), () -> line.now))
        .isInstanceOf(EOFException.class);
  }
}

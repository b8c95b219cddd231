package org.gridwarden.dlms.hdlc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.LinkAddress;
import org.gridwarden.dlms.Llc;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: a client against a hostile meter and a meter against a hostile client. The input is a
 * conversation: good frames with any control field, bytes as they are, and silence. Each side ends
 * within its time, holds little, and says nothing but frames.
 */
class HdlcSessionFuzz {
  private static final LinkAddress CLIENT = LinkAddress.hdlc(16);
  private static final LinkAddress METER = LinkAddress.hdlc(1, 17);
  private static final int MOST_APDU = 4_096;
  private static final HdlcSettings SETTINGS =
      HdlcSettings.NETWORK
          .offering(HdlcParameters.of(256, 7))
          .waiting(Duration.ofMillis(500), 3)
          .taking(MOST_APDU);

  /** One step of the input: an operation, two bytes, and what belongs to it. */
  private static byte[] step(ByteBuffer in, Ends ends) {
    int operation = in.get() & 0xFF;
    int control = in.hasRemaining() ? in.get() & 0xFF : 0;
    int length = in.hasRemaining() ? in.get() & 0xFF : 0;
    byte[] bytes = new byte[Math.min(length, in.remaining())];
    in.get(bytes);
    return switch (operation & 3) {
      case 0 -> bytes;
      case 1 -> new byte[0];
      case 2 -> frame(ends, control, (operation & 4) != 0, bytes);
      default -> frame(ends, control, (operation & 4) != 0, llc(ends, bytes));
    };
  }

  private static byte[] llc(Ends ends, byte[] apdu) {
    return ends.source().equals(METER) ? Llc.fromMeter(apdu) : Llc.toMeter(apdu);
  }

  private static byte[] frame(Ends ends, int control, boolean more, byte[] information) {
    return HdlcFrame.encode(
        ends.destination(), ends.source(), control, more, information, 0, information.length);
  }

  /** A line whose far end says what the input says, a step for each write, by its own clock. */
  private static final class Hostile implements ByteLine {
    private final ByteBuffer script;
    private final Ends ends = new Ends(CLIENT, METER);
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private long now;
    private int writes;

    Hostile(byte[] script) {
      this.script = ByteBuffer.wrap(script);
    }

    @Override
    public int read(byte[] into, int from, int length, Duration patience) {
      if (pending.size() == 0) {
        now += patience.toNanos();
        return 0;
      }
      byte[] all = pending.toByteArray();
      int count = Math.min(length, all.length);
      System.arraycopy(all, 0, into, from, count);
      pending.reset();
      pending.write(all, count, all.length - count);
      now += 1_000_000;
      return count;
    }

    @Override
    public void write(byte[] bytes) {
      assertFrames(bytes, METER);
      writes++;
      now += 1_000_000;
      // up to two steps a turn, so that frames follow one another
      for (int i = 0; i < 2 && script.hasRemaining(); i++) {
        pending.writeBytes(step(script, ends));
      }
    }

    @Override
    public void close() {}
  }

  private static void assertFrames(byte[] bytes, LinkAddress to) {
    FrameReader reader = new FrameReader();
    reader.feed(bytes, 0, bytes.length);
    int length = 0;
    Optional<HdlcFrame> frame = reader.next();
    for (; frame.isPresent(); frame = reader.next()) {
      assertThat(frame.get().destination()).isEqualTo(to);
      length += frame.get().encode().length;
    }
    assertThat(length).isEqualTo(bytes.length);
  }

  @MethodSource("meters")
  @FuzzTest(maxDuration = "10s")
  void hostileMeter(byte[] input) {
    Hostile line = new Hostile(input);
    byte[] question = new byte[600];
    Arrays.fill(question, (byte) 0xC0);
    int received = 0;
    try (HdlcLink link = HdlcLink.connect(line, CLIENT, METER, SETTINGS, () -> line.now)) {
      for (int i = 0; i < 5; i++) {
        link.send(question);
        received += link.receive(Duration.ofSeconds(20)).length;
      }
    } catch (IOException | DlmsException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
    // nothing is had for nothing
    assertThat(received).isLessThanOrEqualTo(input.length);
    // five exchanges of at most send, receive, repetitions and polls each
    assertThat(line.writes).isLessThan(1_000 + input.length);
    assertThat(Duration.ofNanos(line.now)).isLessThan(Duration.ofMinutes(10));
  }

  @MethodSource("clients")
  @FuzzTest(maxDuration = "10s")
  void hostileClient(byte[] input) {
    int[] asked = {0};
    HdlcStation station =
        new HdlcStation(
            (device, client) ->
                device != 1
                    ? Optional.empty()
                    : Optional.of(apdu -> {
                      assertThat(apdu.length).isBetween(1, MOST_APDU);
                      asked[0]++;
                      return Recorder.answers(
                          new byte[] {(byte) (apdu[0] & 3), 0, 1, apdu[apdu.length - 1]});
                    }),
            OptionalInt.of(17),
            SETTINGS);
    ByteBuffer in = ByteBuffer.wrap(input);
    Ends ends = new Ends(METER, CLIENT);
    long now = 0;
    while (in.hasRemaining()) {
      int operation = in.get(in.position()) & 0xFF;
      byte[] bytes = step(in, ends);
      byte[] out = station.hear(bytes, 0, bytes.length, now);
      if (out.length > 0) {
        // to whom it was is in the frame itself; noise may hold others' addresses
        assertThat(FaultyLine.frames(out)).allMatch(frame -> frame[0] == 0x7E);
        // a turn has at most seven frames; what is said at once is not longer than what came
        assertThat(out.length).isLessThan(8 * 300 + 5 * bytes.length);
      }
      if ((operation & 3) == 1) {
        now += Duration.ofSeconds(operation).toNanos();
        station.silence(now);
      }
    }
    assertThat(asked[0]).isLessThanOrEqualTo(input.length / 3 + 1);
    // whatever was, an honest client is served
    FaultyLine line = new FaultyLine(station, 1, 0);
    try (HdlcLink link = HdlcLink.connect(line, CLIENT, METER, SETTINGS, line::now)) {
      byte[] question = {1, 2, 3, 4};
      link.send(question);
      assertThat(link.receive(Duration.ofSeconds(5))).hasSize(256 + 4);
    } catch (IOException | DlmsException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Arguments> meters() {
    String ua = "027300";
    return seeds(
        "",
        ua,
        "021f00", // DM
        ua + "031103" + "c40100" + "033002" + "c401" + "035202c401",
        // segments without end, without progress; RR for ever; RNR for ever
        ua + "063002e6e7" + "06320100" + "0634016006360160",
        ua + "021100".repeat(30),
        ua + "021500".repeat(30),
        ua + "02b100", // acknowledges what was not sent
        ua + "029703100001", // FRMR
        ua + "030305c2000000000313040100c20001", // UI
        "00000a7ea0ffff7e7e7e7ea0" + ua,
        ua + "010000010000030005c401020304");
  }

  static Stream<Arguments> clients() {
    String snrm = "029300";
    return seeds(
        "",
        snrm,
        snrm + "03100201ff" + "021100023100",
        snrm + "071003010203" + "03320102",
        snrm + "025300" + "031001c0",
        snrm + "02b900" + "021100" + snrm, // SREJ
        snrm + "02110101" + snrm + "02f100",
        "02930e81800b050101" + "0601010704000000",
        snrm + "03100103".repeat(20),
        snrm + "fd0000" + "021100",
        "000c7e7ea07ea87ea0082321137e7e" + snrm);
  }

  private static Stream<Arguments> seeds(String... hex) {
    return Stream.of(hex).map(h -> Arguments.of((Object) HexFormat.of().parseHex(h)));
  }
}

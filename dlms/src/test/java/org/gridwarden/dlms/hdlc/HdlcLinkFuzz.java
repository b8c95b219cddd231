package org.gridwarden.dlms.hdlc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.hdlc.HostileScript.CLIENT;
import static org.gridwarden.dlms.hdlc.HostileScript.METER;
import static org.gridwarden.dlms.hdlc.HostileScript.SETTINGS;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.LinkAddress;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: a client against a hostile meter ends within its time, holds little, and says nothing but
 * frames.
 */
class HdlcLinkFuzz {
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
        pending.writeBytes(HostileScript.step(script, ends));
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

  static Stream<Arguments> meters() {
    String ua = "027300";
    return HostileScript.seeds(
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
}

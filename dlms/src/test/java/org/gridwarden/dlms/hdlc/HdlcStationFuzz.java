package org.gridwarden.dlms.hdlc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.hdlc.HostileScript.CLIENT;
import static org.gridwarden.dlms.hdlc.HostileScript.METER;
import static org.gridwarden.dlms.hdlc.HostileScript.MOST_APDU;
import static org.gridwarden.dlms.hdlc.HostileScript.SETTINGS;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.gridwarden.dlms.DlmsException;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: a meter against a hostile client holds little, and serves an honest one afterwards. */
class HdlcStationFuzz {
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
      byte[] bytes = HostileScript.step(in, ends);
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
    // what stood within an unfinished frame is answered once the line is silent, before anyone else
    // speaks
    station.silence(now);
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

  static Stream<Arguments> clients() {
    String snrm = "029300";
    return HostileScript.seeds(
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
        "000c7e7ea07ea87ea0082321137e7e" + snrm,
        "0000097ea7ff022321108561" + "021100"); // a poll inside what seems a longer frame
  }
}

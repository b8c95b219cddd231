package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.TestMeter.ECHO_BACK;
import static org.gridwarden.dlms.TestMeter.LEFT_VALUE;
import static org.gridwarden.dlms.TestMeter.RIGHT_VALUE;
import static org.gridwarden.dlms.TestMeter.whole;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: a client against a hostile meter: whatever it answers, and however true answers are changed,
 * doubled, cut or held back, a call ends with a result or one of the exceptions that it names.
 */
class ClientFuzz {
  private static final DlmsData LONG = TestMeter.longValue(3_000);
  private static final int MOST_SENT = 2_000;
  private static final boolean FUZZING = System.getenv("JAZZER_FUZZ") != null;
  private static final long MOST_ALLOCATED = (FUZZING ? 8 : 1) * (256L << 20);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What the hostile meter does with each true answer, as the input's next bytes say. */
  private static final class Meddler {
    private final MeterAssociation meter;
    private final byte[] script;
    private int at;
    private int sent;
    private byte[] before = {};

    Meddler(MeterAssociation meter, byte[] script, int from) {
      this.meter = meter;
      this.script = script;
      this.at = from;
    }

    private int next() {
      return at < script.length ? script[at++] & 0xFF : 0;
    }

    List<byte[]> answer(byte[] apdu) {
      if (++sent > MOST_SENT) {
        return List.of();
      }
      List<byte[]> out = new ArrayList<>();
      for (byte[] answer : meter.answer(apdu)) {
        meddle(answer, out);
        before = answer;
      }
      return out;
    }

    private void meddle(byte[] answer, List<byte[]> out) {
      switch (next() % 8) {
        case 1 -> { // other bits somewhere
          byte[] other = answer.clone();
          other[(next() << 8 | next()) % other.length] ^= (byte) (1 + next() % 255);
          out.add(other);
        }
        case 2 -> out.add(Arrays.copyOf(answer, next() % (answer.length + 1)));
        case 3 -> out.addAll(List.of(answer, answer));
        case 4 -> {} // held back
        case 5 -> { // something else, as the script has it
          int length = Math.min(next() << 8 | next(), script.length - at);
          out.add(Arrays.copyOfRange(script, at, at + Math.max(0, length)));
          at += Math.max(0, length);
        }
        case 6 -> { // the one before comes again, first
          out.add(before);
          out.add(answer);
        }
        case 7 -> { // a push first
          out.add(Apdus.encode(new Apdu.DataNotification(0x4000_0001L, Optional.empty(), LONG)));
          out.add(answer);
        }
        default -> out.add(answer);
      }
    }
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyAnswers(byte[] input) throws Exception {
    int kind = input.length == 0 ? 0 : input[0] & 0xFF;
    TestMeter meter = TestMeter.create();
    boolean secure = (kind & 1) != 0;
    AssociationRequest request = secure ? meter.gmac() : AssociationRequest.open();
    if ((kind & 2) != 0) {
      request = request.withShortNames();
    }
    if ((kind & 4) != 0) {
      request =
          request.withConformance(
              Conformance.of(
                  Conformance.Service.GENERAL_BLOCK_TRANSFER,
                  Conformance.Service.GET,
                  Conformance.Service.SET,
                  Conformance.Service.ACTION,
                  Conformance.Service.READ,
                  Conformance.Service.WRITE,
                  Conformance.Service.DATA_NOTIFICATION));
    }
    Meddler meddler = new Meddler(meter.association(secure ? 18 : 17), input, 1);
    MemoryLink link = new MemoryLink(meddler::answer);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try (Association to = Association.open(link, request.withPatience(Duration.ofSeconds(5)))) {
      List<Association.Call<?>> calls =
          List.of(
              a -> a.get(LEFT_VALUE),
              a -> a.set(LEFT_VALUE, LONG),
              a -> a.get(LEFT_VALUE),
              a -> a.get(List.of(whole(LEFT_VALUE), whole(RIGHT_VALUE))),
              a -> a.set(List.of(whole(LEFT_VALUE), whole(RIGHT_VALUE)), List.of(LONG, LONG)),
              a -> a.action(ECHO_BACK, Optional.of(LONG)),
              a -> a.action(List.of(ECHO_BACK, ECHO_BACK), List.of(LONG, LONG)),
              a -> a.access().get(LEFT_VALUE).set(RIGHT_VALUE, LONG).send());
      for (Association.Call<?> call : calls) {
        ended(() -> assertThat(to.within(Duration.ofSeconds(20), call)).isNotNull());
      }
    } catch (IOException | DlmsException | AssociationRefused e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
    assertThat(link.closed).isTrue();
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
  }

  private interface Asked {
    void ask() throws IOException, DlmsException, AssociationRefused;
  }

  /** A call ends with a result, or with one of its exceptions. */
  private static void ended(Asked call) {
    try {
      call.ask();
    } catch (IOException | DlmsException | AssociationRefused e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "",
            "00",
            "01",
            "02",
            "03",
            "04",
            "05",
            "06",
            "07",
            // another bit, cut, twice, held back, the one before, a push: after a true AARE
            "000001000207",
            "0000010003FF",
            "01000001000A01",
            "0000" + "0203",
            "0400" + "030303030303",
            "0400" + "00000000040004000400",
            "0500" + "0000000300030003",
            "0000" + "060606060606",
            "0200" + "070707070707",
            "0300" + "0007060307",
            // a value without end, blocks out of order, a refusal in blocks, an exception
            "0000" + "05000BC402C1000000000100020900",
            "0000" + "05000BC402C1000000000500020900",
            "0000" + "05000AC402C101000000010103",
            "0000" + "050003D80104",
            "0000" + "05000AE0C10001000003C401C1",
            "0200" + "05000C0C0102000001000582FFFF00",
            "0200" + "0500040C01000105",
            "0000" + "050004C403C100")
        .map(hex -> Arguments.of((Object) HexFormat.of().parseHex(hex)));
  }
}

package org.gridwarden.dlms.hdlc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.LinkAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Client and meter over a faulty line: nothing wrong arrives, nothing twice, and it ends in time.
 */
class HdlcLossTest {
  private static final LinkAddress CLIENT = LinkAddress.hdlc(16);
  private static final LinkAddress METER = LinkAddress.hdlc(1, 17);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static HdlcSettings settings(int information, int window, int retries) {
    return HdlcSettings.SERIAL
        .offering(HdlcParameters.of(information, window))
        .waiting(Duration.ofSeconds(1), retries)
        .inactive(Duration.ofMinutes(30));
  }

  /** What one conversation came to. */
  private record Result(int completed, int faults, boolean failed) {}

  private static Result converse(
      HdlcSettings settings, List<byte[]> questions, long seed, double rate) throws Exception {
    Recorder meter = new Recorder();
    FaultyLine line = new FaultyLine(meter.station(settings), seed, rate);
    int completed = 0;
    boolean failed = false;
    long begin = line.now();
    try (HdlcLink link = HdlcLink.connect(line, CLIENT, METER, settings, line::now)) {
      for (byte[] question : questions) {
        begin = line.now();
        link.send(question);
        for (byte[] answer : Recorder.answers(question)) {
          assertThat(link.receive(PATIENCE)).isEqualTo(answer);
        }
        completed++;
      }
    } catch (IOException e) {
      failed = true; // cleanly
    }
    assertThat(Duration.ofNanos(line.now() - begin)).isLessThan(PATIENCE.multipliedBy(2));
    assertThat(line.isClosed()).isTrue();
    // what the meter took is what was sent: in order, nothing twice, nothing left out
    assertThat(meter.heard.size()).isBetween(completed, questions.size());
    for (int i = 0; i < meter.heard.size(); i++) {
      assertThat(meter.heard.get(i)).isEqualTo(questions.get(i));
    }
    return new Result(completed, line.faults(), failed);
  }

  @ParameterizedTest
  @DisplayName("20 KB both ways in segments of 128 bytes, without a fault")
  @CsvSource({"1", "2", "7"})
  void segmentation(int window) throws Exception {
    byte[] question = Recorder.question(1, 20_480, 20_480, window);
    Result result = converse(settings(128, window, 3), List.of(question, question), 1, 0);
    assertThat(result).isEqualTo(new Result(2, 0, false));
  }

  @ParameterizedTest
  @DisplayName("20 KB both ways in segments of 128 bytes while 5 % of the frames have a fault")
  @CsvSource({"1", "2", "7"})
  void segmentationThroughFaults(int window) throws Exception {
    int faults = 0;
    for (long seed = 0; seed < 20; seed++) {
      byte[] question = Recorder.question(1, 20_480, 20_480, seed);
      Result result = converse(settings(128, window, 10), List.of(question), seed, 0.05);
      assertThat(result.failed()).as("seed " + seed).isFalse();
      faults += result.faults();
    }
    assertThat(faults).isGreaterThan(200);
  }

  @Test
  @DisplayName(
      "many small exchanges, several answers and none, while 5 % of the frames have a fault")
  void exchangesThroughFaults() throws Exception {
    int faults = 0;
    for (long seed = 0; seed < 200; seed++) {
      List<byte[]> questions = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        questions.add(Recorder.question(i % 4, 10 + i * 37, 5 + i * 23, seed * 100 + i));
      }
      int window = 1 + (int) (seed % 7);
      Result result = converse(settings(64, window, 10), questions, seed, 0.05);
      assertThat(result.failed()).as("seed " + seed).isFalse();
      faults += result.faults();
    }
    assertThat(faults).isGreaterThan(2_000);
  }

  @Test
  @DisplayName(
      "on a line that loses a third, exchanges complete or fail, and nothing wrong arrives")
  void aBadLine() throws Exception {
    int failed = 0;
    int completed = 0;
    for (long seed = 0; seed < 300; seed++) {
      List<byte[]> questions = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        questions.add(Recorder.question(1, 300, 700, seed * 100 + i));
      }
      int window = 1 + (int) (seed % 7);
      try {
        Result result = converse(settings(64, window, 3), questions, seed, 0.35);
        failed += result.failed() ? 1 : 0;
        completed += result.completed();
      } catch (DlmsException e) {
        throw new AssertionError("seed " + seed + ": an honest meter is taken for another", e);
      }
    }
    assertThat(failed).isPositive();
    assertThat(completed).isPositive();
  }
}

package org.gridwarden.bench.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The model against what its figures say, by formula. */
class LinkModelTest {
  private static final long MILLI = 1_000_000;

  private static Link link(int kilobits, int delay, int jitter, double loss) {
    return new Link(
        "test", kilobits, Duration.ofMillis(delay), Duration.ofMillis(jitter), loss, "a test's");
  }

  @Test
  void theRateSpacesPacketsAndAFullQueueDropsThem() {
    LinkModel model = new LinkModel(link(80, 50, 0, 0), 1);
    List<Long> out = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      model.pass(0, 1_000).ifPresent(out::add); // 8,000 bits at 80 bits a millisecond: 100 ms each
    }
    // the queue holds 4 s: the packets that begin at 0, 0.1, ... 4.0 s
    assertThat(out).hasSize(41);
    for (int i = 0; i < out.size(); i++) {
      assertThat(out.get(i)).isEqualTo((100L * (i + 1) + 50) * MILLI);
    }
  }

  @Test
  void losesItsShare() {
    double p = 0.1;
    int n = 100_000;
    LinkModel model = new LinkModel(link(0, 0, 0, p), 7);
    int lost = 0;
    for (int i = 0; i < n; i++) {
      lost += model.pass(i, 100).isEmpty() ? 1 : 0;
    }
    double deviation = Math.sqrt(p * (1 - p) / n);
    assertThat(lost / (double) n).isCloseTo(p, within(4 * deviation));
  }

  @Test
  void aLostPacketHasTakenItsTimeOnTheLine() {
    LinkModel all = new LinkModel(link(80, 0, 0, 0.999_999), 1);
    assertThat(all.pass(0, 1_000)).isEmpty();
    all.become(link(80, 0, 0, 0));
    assertThat(all.pass(0, 1_000)).hasValue(200 * MILLI);
  }

  @Test
  void delaysEvenlyAroundItsDelay() {
    int n = 50_000;
    LinkModel model = new LinkModel(link(0, 100, 40, 0), 3);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      long sent = i * 1_000L * MILLI; // so far apart that none waits for another
      double delay = (model.pass(sent, 100).orElseThrow() - sent) / (double) MILLI;
      assertThat(delay).isBetween(60.0, 140.0);
      sum += delay;
      squares += (delay - 100) * (delay - 100);
    }
    assertThat(sum / n).isCloseTo(100, within(0.5));
    // the variance of an even distribution of half-width 40 is 40 * 40 / 3
    assertThat(squares / n).isCloseTo(1_600 / 3.0, within(15.0));
  }

  @Test
  void packetsDoNotOvertake() {
    LinkModel model = new LinkModel(link(0, 100, 100, 0), 5);
    long last = 0;
    for (int i = 0; i < 1_000; i++) {
      long out = model.pass(i * MILLI, 100).orElseThrow();
      assertThat(out).isGreaterThanOrEqualTo(last);
      last = out;
    }
  }

  @Test
  void theSameSeedHasTheSameFate() {
    assertThat(fate(1)).isEqualTo(fate(1)).isNotEqualTo(fate(2));
  }

  private static List<OptionalLong> fate(long seed) {
    LinkModel model = new LinkModel(link(100, 20, 10, 0.3), seed);
    List<OptionalLong> fate = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      fate.add(model.pass(i * 10 * MILLI, 60));
    }
    return fate;
  }

  @Test
  void nothingPassesWhereItIsCut() {
    LinkModel model = new LinkModel(Link.PERFECT, 1);
    model.cut(true);
    assertThat(model.pass(0, 100)).isEmpty();
    model.cut(false);
    assertThat(model.pass(1, 100)).hasValue(1);
  }

  @Test
  void aLinkThatCannotBeIsRefused() {
    assertThatThrownBy(() -> link(1, 1, 2, 0)).hasMessageContaining("jitter");
    assertThatThrownBy(() -> link(1, 1, 0, 1)).hasMessageContaining("loses");
    assertThatThrownBy(() -> link(-1, 1, 0, 0)).hasMessageContaining("kbit/s");
    assertThat(Link.preset("NB-IoT").orElseThrow().delay()).isEqualTo(Duration.ofMillis(800));
    assertThat(Link.preset("pigeon")).isEmpty();
  }
}

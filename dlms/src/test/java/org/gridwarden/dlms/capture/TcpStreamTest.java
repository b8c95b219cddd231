package org.gridwarden.dlms.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TcpStreamTest {
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final List<Long> gaps = new ArrayList<>();
  private int repeated;

  private final TcpStream stream =
      new TcpStream(
          new TcpStream.Reader() {
            @Override
            public void data(byte[] bytes) {
              data.writeBytes(bytes);
            }

            @Override
            public void gap(long missing) {
              gaps.add(missing);
              data.write('_');
            }

            @Override
            public void repeated() {
              repeated++;
            }
          });

  private void take(int sequence, String text) {
    stream.take(sequence, text.getBytes(StandardCharsets.US_ASCII), 0);
  }

  private String got() {
    return data.toString(StandardCharsets.US_ASCII);
  }

  @Test
  void segmentsOutOfOrderAreSorted() {
    stream.begin(99);
    take(103, "def");
    take(106, "g");
    take(100, "abc");
    assertThat(got()).isEqualTo("abcdefg");
    assertThat(gaps).isEmpty();
    assertThat(repeated).isZero();
  }

  @Test
  void whatOverlapsIsTakenOnce() {
    stream.begin(99);
    take(100, "abcd");
    take(102, "cdef");
    take(100, "abcd");
    take(108, "i");
    take(105, "fgh");
    assertThat(got()).isEqualTo("abcdefghi");
    assertThat(repeated).isEqualTo(3);
  }

  @Test
  void sequenceNumbersBeginAgainAfterTheLast() {
    stream.begin(-3); // 2^32 - 3
    take(-2, "ab");
    take(0, "cd");
    take(2, "ef");
    assertThat(got()).isEqualTo("abcdef");
  }

  @Test
  void whatTheOtherSideHasAndTheCaptureLacksIsAGap() {
    stream.begin(99);
    take(100, "ab");
    take(105, "fg");
    assertThat(got()).isEqualTo("ab");
    stream.acknowledged(105);
    assertThat(got()).as("may still come").isEqualTo("ab");
    stream.acknowledged(107);
    assertThat(got()).isEqualTo("ab_fg");
    assertThat(gaps).containsExactly(3L);
  }

  @Test
  void whatTheCaptureCutOffIsAGap() {
    stream.begin(99);
    stream.take(100, new byte[] {'a', 'b'}, 5);
    take(107, "h");
    assertThat(got()).isEqualTo("ab_h");
    assertThat(gaps).containsExactly(5L);
  }

  @Test
  void atTheEndWhatWaitsIsGivenBehindItsGap() {
    take(500, "x");
    take(510, "y");
    stream.end();
    assertThat(got()).isEqualTo("x_y");
  }

  @Test
  void aKeepAliveIsNoRetransmission() {
    stream.begin(99);
    take(100, "ab");
    take(101, "b");
    assertThat(repeated).isZero();
  }

  @Test
  @DisplayName("C39 what waits for a segment that never comes is bounded")
  void waitingIsBounded() {
    stream.begin(99);
    byte[] kilobyte = new byte[1024];
    for (int i = 0; i < 1000; i++) {
      stream.take(200 + i * 1024, kilobyte, 0);
    }
    assertThat(gaps).containsExactly(100L);
    assertThat(data.size()).isGreaterThan(1000 * 1024 - TcpStream.MAX_WAITING);
  }
}

package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: bytes are links that read back what they write, or none; few, and short. */
class LinksFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    List<Links.Link> links = Links.parse(input).orElse(List.of());
    assertThat(links).hasSizeLessThanOrEqualTo(Links.MOST);
    String written = Links.write(links);
    assertThat(Links.parse(written.getBytes(StandardCharsets.UTF_8)).orElse(List.of()))
        .isEqualTo(links);
  }

  static Stream<Arguments> seeds() {
    return Stream.of("</a>;rt=\"b c\";ct=40;obs,</d>", "<coap://[::1]/x>", "</a>;b=\"\\\"\"", "")
        .map(text -> Arguments.of((Object) text.getBytes(StandardCharsets.UTF_8)));
  }
}

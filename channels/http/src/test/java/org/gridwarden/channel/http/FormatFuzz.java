package org.gridwarden.channel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.gridwarden.message.MessageException;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever a body is, in whichever form, it gives a message's bytes or is refused. */
class FormatFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBody(byte[] body) {
    for (Format format : Format.values()) {
      try {
        assertThat(format.message(body).length).isLessThanOrEqualTo(Math.max(body.length, 1));
      } catch (MessageException e) {
        assertThat(e.kind()).isEqualTo(MessageException.Kind.MALFORMED);
      }
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.concat(
            Stream.of(
                    "{\"message\":\"0IMB\"}",
                    "{\"message\":\"0IMB==\"} ",
                    "{\"message\":[[[[]]]]}",
                    "<secured xmlns=\"urn:gridwarden:http:1\"><message>0IMB</message></secured>",
                    "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>",
                    "<!DOCTYPE x [Y a \"aaaa\"><!ENT@TY b \"&.;&a;\">]><x>&b;<C/x>",
                    "<secured xmlns=\"urn:gridwarden:http:1\"><message><![CDATA[0IMB]]></message>")
                .map(text -> text.getBytes(StandardCharsets.UTF_8)),
            Stream.of("a1676d65737361676543d08301", "d08301", "bf676d657373616765ff", "a1676d6573")
                .map(HexFormat.of()::parseHex))
        .map(bytes -> Arguments.of((Object) bytes));
  }
}

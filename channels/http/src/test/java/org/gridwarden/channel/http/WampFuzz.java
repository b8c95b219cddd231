package org.gridwarden.channel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.gridwarden.message.MessageException;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes as WAMP, in either form, is one of its messages or is refused. */
class WampFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyMessage(byte[] bytes) {
    for (WampForm form : WampForm.values()) {
      try {
        List<Object> items = form.read(bytes);
        assertThat(WampMessage.of(items)).isNotNull();
      } catch (MessageException e) {
        assertThat(e.kind()).isEqualTo(MessageException.Kind.MALFORMED);
      }
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.concat(
            Stream.of(
                    "[1,\"gridwarden\",{\"roles\":{}}]",
                    "[6,{},\"wamp.close.normal\"]",
                    "[16,1,{\"acknowledge\":true},\"gridwarden.meter.A.up.usage\",[\"\\u00000IMB\"]]",
                    "[32,1,{},\"gridwarden.meter.A.down.control\"]",
                    "[48,9007199254740992,{},\"gridwarden.submit\",[\"\\u0000\"]]",
                    "[64,1,{},\"x\"]",
                    "[66,1,1]",
                    "[70,1,{},[null]]",
                    "[8,68,1,{},\"x\"]",
                    "[[[[[[[[]]]]]]]]",
                    "[1e999]",
                    "[16.5]")
                .map(text -> text.getBytes(StandardCharsets.UTF_8)),
            Stream.of("83016a6772696477617264656ea0", "9bffffffffffffffff", "8118ff", "81c24101")
                .map(HexFormat.of()::parseHex))
        .map(bytes -> Arguments.of((Object) bytes));
  }
}

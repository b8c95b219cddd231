package org.gridwarden.message.senml;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes as SenML in CBOR, what it says can be said again, or it is refused. */
class SenmlCborFuzz {
  private static final SenmlCodec CODEC = SenmlCodec.CBOR;

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    List<SenmlRecord> pack;
    try {
      pack = CODEC.decode(input);
    } catch (MessageException e) {
      return; // refused
    }
    assertThat(pack).hasSizeLessThanOrEqualTo(SenmlCodec.MOST_RECORDS);
    for (MessageClass kind : MessageClass.values()) {
      try {
        for (Message message : SenmlMessages.read(kind, new MeterId("M"), pack)) {
          assertThat(message.meter()).isEqualTo(new MeterId("M"));
        }
      } catch (MessageException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.concat(
            Packs.messages().map(message -> CODEC.encode(SenmlMessages.write(message))),
            Packs.hostileCbor())
        .map(bytes -> Arguments.of((Object) bytes));
  }
}

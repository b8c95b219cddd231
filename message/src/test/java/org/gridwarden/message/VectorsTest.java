package org.gridwarden.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * ADR 33's test vectors, which another implementation made ({@code src/test/vectors/make.py}):
 * every step is the same here.
 */
class VectorsTest {
  static Stream<Vector> vectors() throws IOException {
    try (InputStream in = VectorsTest.class.getResourceAsStream("vectors.json")) {
      JsonNode all = JsonMapper.shared().readTree(in);
      List<Vector> vectors =
          StreamSupport.stream(all.spliterator(), false).map(Vector::new).toList();
      assertThat(vectors).hasSizeGreaterThan(9);
      return vectors.stream();
    }
  }

  record Vector(JsonNode node) {
    byte[] hex(String step) {
      return HexFormat.of().parseHex(node.get(step).asString());
    }

    long number(String word) {
      return node.get(word).asLong();
    }

    MeterId meter() {
      return new MeterId(node.get("meter").asString());
    }

    Direction direction() {
      return number("direction") == 0 ? Direction.UP : Direction.DOWN;
    }

    Algorithm algorithm() {
      return Algorithm.of(number("algorithm")).orElseThrow();
    }

    Header header() {
      return new Header(
          algorithm(),
          Form.of(number("form")).orElseThrow(),
          hex("keyId"),
          number("counter"),
          meter(),
          MessageClass.of(number("class")).orElseThrow());
    }

    MessageKeys keys(Direction direction) {
      KeySet set = new KeySet(hex("keyId"), new Secret(hex("key")), new Secret(new byte[0]));
      return MessageKeys.of(meter(), set, direction, algorithm());
    }

    @Override
    public String toString() {
      return node.get("name").asString();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void everyStepIsTheSame(Vector v) throws Exception {
    MessageKeys keys = v.keys(v.direction());
    int length = v.algorithm().keyLength();
    assertThat(
            MessageKeys.info(
                v.meter(), v.hex("keyId"), v.direction(), v.algorithm(), "Key", length))
        .isEqualTo(v.hex("keyInfo"));
    assertThat(MessageKeys.info(v.meter(), v.hex("keyId"), v.direction(), v.algorithm(), "IV", 12))
        .isEqualTo(v.hex("ivInfo"));
    assertThat(keys.nonce(0)).isEqualTo(v.hex("baseIv"));
    assertThat(Header.partialIv(v.number("counter"))).isEqualTo(v.hex("partialIv"));
    assertThat(keys.nonce(v.number("counter"))).isEqualTo(v.hex("nonce"));
    assertThat(v.header().bytes()).isEqualTo(v.hex("protected"));
    byte[] external = Secured.externalAad(v.header(), v.direction());
    assertThat(external).isEqualTo(v.hex("externalAad"));
    byte[] structure = Secured.encStructure(v.hex("protected"), external);
    assertThat(structure).isEqualTo(v.hex("encStructure"));
    assertThat(keys.encrypt(v.number("counter"), structure, v.hex("plaintext")))
        .isEqualTo(v.hex("ciphertext"));
    assertThat(Secured.seal(v.header(), keys, v.hex("plaintext"))).isEqualTo(v.hex("message"));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void opensAndReadsAndWritesTheSame(Vector v) throws Exception {
    Secured secured = Secured.parse(v.hex("message"));
    assertThat(secured.header()).isEqualTo(v.header());
    byte[] opened = secured.open(v.keys(v.direction()));
    assertThat(opened).isEqualTo(v.hex("plaintext"));
    switch (Payload.read(secured.header(), opened)) {
      case Payload.Messages(List<Message> messages) -> {
        assertThat(messages).hasSize(1);
        assertThat(MessageClass.of(messages.getFirst())).isEqualTo(v.header().kind());
        assertThat(Payload.bytes(v.header().form(), messages.getFirst()))
            .isEqualTo(v.hex("plaintext"));
      }
      case Payload.Dispatch(byte[] bytes) -> assertThat(bytes).isEqualTo(v.hex("plaintext"));
      case Payload.Signed(byte[] bytes) -> assertThat(bytes).isEqualTo(v.hex("plaintext"));
      case Payload.Apdu(byte[] bytes) -> assertThat(bytes).isEqualTo(v.hex("plaintext"));
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  @DisplayName("C6: a flipped bit anywhere is refused; of the ciphertext, with one error")
  void flippedBits(Vector v) {
    byte[] message = v.hex("message");
    int from = message.length - v.hex("ciphertext").length;
    for (int i = 0; i < message.length; i++) {
      byte[] flipped = message.clone();
      flipped[i] ^= (byte) (1 << i % 8);
      boolean cipher = i >= from;
      assertThatThrownBy(() -> Secured.parse(flipped).open(v.keys(v.direction())))
          .as("byte %d", i)
          .isInstanceOfSatisfying(
              MessageException.class,
              e -> {
                if (cipher) {
                  assertThat(e.kind()).isEqualTo(MessageException.Kind.UNAUTHENTICATED);
                }
              });
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  @DisplayName("C22: no message goes back the way it came, nor passes for another meter's")
  void anotherDirectionAnotherKey(Vector v) throws Exception {
    Direction other = v.direction() == Direction.UP ? Direction.DOWN : Direction.UP;
    Secured secured = Secured.parse(v.hex("message"));
    assertThatThrownBy(() -> secured.open(v.keys(other)))
        .isInstanceOfSatisfying(
            MessageException.class,
            e -> assertThat(e.kind()).isEqualTo(MessageException.Kind.UNAUTHENTICATED));
    assertThat(Arrays.equals(v.keys(other).nonce(0), v.hex("baseIv"))).isFalse();
  }
}

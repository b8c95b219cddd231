package org.gridwarden.bench.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void namesAndValues() {
    Words words = Words.of("port=4059", "key=00FF", "why=a=b");
    assertThat(words.number("port", 1)).isEqualTo(4059);
    assertThat(words.number("clients", 50)).isEqualTo(50);
    assertThat(words.bytes("key")).containsExactly(0, 0xFF);
    assertThat(words.bytes("auth-key")).isEmpty();
    assertThat(words.text("why", "")).isEqualTo("a=b");
    assertThat(words.has("why")).isTrue();
    assertThat(words.has("how")).isFalse();
  }

  @Test
  void aWordWithoutValueIsNone() {
    assertThatThrownBy(() -> Words.of("port")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Words.of("=1")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("C30: words are printed without their values, among which are keys")
  void namesAlonePrinted() {
    assertThat(Words.of("key=00FF")).hasToString("Words[key]");
  }
}

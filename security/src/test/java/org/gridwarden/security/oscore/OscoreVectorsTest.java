package org.gridwarden.security.oscore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Optional;
import org.gridwarden.core.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test vectors of RFC 8613, appendix C. */
class OscoreVectorsTest {
  private static final String SECRET = "0102030405060708090a0b0c0d0e0f10";
  private static final String SALT = "9e7ca92223786340";
  private static final String CONTEXT = "37cbf3210017a2d3";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static OscoreContext context(String salt, String context, String own, String other) {
    return OscoreContext.of(
        new Secret(hex(SECRET)),
        hex(salt),
        context.isEmpty() ? Optional.empty() : Optional.of(hex(context)),
        hex(own),
        hex(other));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "C.1.1, 9e7ca92223786340, '', '', 01, f0910ed7295e6ad4b54fc793154302ff,"
        + " ffb14e093c94c9cac9471648b4f98710, 4622d4dd6d944168eefb54987c,"
        + " 4722d4dd6d944169eefb54987c",
    "C.1.2, 9e7ca92223786340, '', 01, '', ffb14e093c94c9cac9471648b4f98710,"
        + " f0910ed7295e6ad4b54fc793154302ff, 4722d4dd6d944169eefb54987c,"
        + " 4622d4dd6d944168eefb54987c",
    "C.2.1, '', '', 00, 01, 321b26943253c7ffb6003b0b64d74041, e57b5635815177cd679ab4bcec9d7dda,"
        + " bf35ae297d2dace910c52e99f9, bf35ae297d2dace810c52e99f9",
    "C.3.1, 9e7ca92223786340, 37cbf3210017a2d3, '', 01, af2a1300a5e95788b356336eeecd2b92,"
        + " e39a0c7c77b43f03b4b39ab9a268699f, 2ca58fb85ff1b81c0b7181b85e,"
        + " 2da58fb85ff1b81d0b7181b85e"
  })
  void derivation(
      String what,
      String salt,
      String idContext,
      String own,
      String other,
      String senderKey,
      String recipientKey,
      String senderNonce,
      String recipientNonce) {
    OscoreContext context = context(salt, idContext, own, other);
    assertThat(hex(context.key(true))).isEqualTo(senderKey);
    assertThat(hex(context.key(false))).isEqualTo(recipientKey);
    assertThat(hex(context.nonce(hex(own), new byte[1]))).isEqualTo(senderNonce);
    assertThat(hex(context.nonce(hex(other), new byte[1]))).isEqualTo(recipientNonce);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "C.4, 9e7ca92223786340, '', '', 0914, 612f1092f1776f1c1668b3825e",
    "C.5, '', '', 00, 091400, 4ed339a5a379b0b8bc731fffb0",
    "C.6, 9e7ca92223786340, 37cbf3210017a2d3, '', 19140837cbf3210017a2d3,"
        + " 72cd7273fd331ac45cffbe55c3"
  })
  void questions(
      String what, String salt, String idContext, String own, String option, String sealed)
      throws OscoreException {
    OscoreContext client = context(salt, idContext, own, "01");
    OscoreContext server = context(salt, idContext, "01", own);
    byte[] plain = hex("01b3747631"); // GET tv1
    OscoreContext.Question question = client.ask(20);
    assertThat(hex(client.sealQuestion(question, plain))).isEqualTo(sealed);
    OscoreOption said =
        new OscoreOption(
            question.partialIv(),
            idContext.isEmpty() ? Optional.empty() : Optional.of(hex(idContext)),
            Optional.of(hex(own)));
    assertThat(hex(said.bytes())).isEqualTo(option);
    assertThat(OscoreOption.parse(hex(option))).isEqualTo(said);
    assertThat(server.openQuestion(server.asked(said), hex(sealed))).isEqualTo(plain);
  }

  @Test
  void additionalData() {
    OscoreContext client = context(SALT, "", "", "01");
    assertThat(hex(OscoreContext.aad(client.ask(20))))
        .isEqualTo("8368456e63727970743040488501810a40411440");
  }

  @Test
  @DisplayName("C.7: an answer under the question's nonce; C.8: under one of its own")
  void answers() throws OscoreException {
    OscoreContext client = context(SALT, "", "", "01");
    OscoreContext server = context(SALT, "", "01", "");
    OscoreContext.Question question = client.ask(20);
    byte[] plain = hex("45ff48656c6c6f20576f726c6421"); // 2.05 Hello World!
    byte[] same = server.sealAnswer(question, plain);
    assertThat(hex(same)).isEqualTo("dbaad1e9a7e7b2a813d3c31524378303cdafae119106");
    assertThat(client.openAnswer(question, OscoreOption.NOTHING, same)).isEqualTo(plain);
    byte[] own = server.sealAnswer(question, 0, plain);
    assertThat(hex(own)).isEqualTo("4d4c13669384b67354b2b6175ff4b8658c666a6cf88e");
    OscoreOption option = OscoreOption.parse(hex("0100"));
    assertThat(client.openAnswer(question, option, own)).isEqualTo(plain);
  }

  @Test
  @DisplayName("C6: whichever bit is another one, and whatever answer is given to another question")
  void notGenuine() {
    OscoreContext client = context(SALT, CONTEXT, "", "01");
    OscoreContext server = context(SALT, CONTEXT, "01", "");
    OscoreContext.Question question = client.ask(20);
    byte[] sealed = client.sealQuestion(question, hex("01b3747631"));
    for (int i = 0; i < sealed.length * 8; i++) {
      byte[] other = sealed.clone();
      other[i / 8] ^= (byte) (1 << i % 8);
      assertThatThrownBy(() -> server.openQuestion(question, other))
          .isInstanceOf(OscoreException.class)
          .hasMessage("it is not by who has the key");
    }
    byte[] answer = server.sealAnswer(question, 7, hex("44"));
    OscoreOption option = new OscoreOption(new byte[] {7}, Optional.empty(), Optional.empty());
    assertThatThrownBy(() -> client.openAnswer(client.ask(21), option, answer))
        .isInstanceOf(OscoreException.class);
  }

  @ParameterizedTest
  @CsvSource({"00", "06", "07", "20", "80", "01", "10", "1005aa", "0114ff", "11"})
  void whatIsNoOption(String bytes) {
    assertThatThrownBy(() -> OscoreOption.parse(hex(bytes))).isInstanceOf(OscoreException.class);
  }

  @Test
  @DisplayName("C1: a number is taken once, and none that is long passed")
  void window() {
    SequenceWindow window = new SequenceWindow();
    window.begin(100);
    assertThat(window.take(100)).isFalse();
    assertThat(window.take(60)).isFalse();
    assertThat(window.take(103)).isTrue();
    assertThat(window.take(101)).isTrue();
    assertThat(window.take(101)).isFalse();
    assertThat(window.take(103)).isFalse();
    assertThat(window.take(300)).isTrue();
    assertThat(window.take(236)).isFalse();
    assertThat(window.take(237)).isTrue();
    assertThat(window.take(237)).isFalse();
    assertThat(window.take(1L << 39)).isTrue();
    assertThat(window.take(300)).isFalse();
  }
}

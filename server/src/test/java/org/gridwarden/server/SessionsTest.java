package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private Instant now = Instant.parse("2026-11-26T00:00:00Z");
  private final Sessions sessions =
      new Sessions(() -> now, Duration.ofMinutes(30), Duration.ofHours(12), 3);

  private String open(String user) {
    return sessions.open(user, "127.0.0.1", "a browser");
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  @DisplayName("C29 a session that is silent for the idle timeout ends, a busy one does not")
  void idle() {
    String busy = open("anne");
    String silent = open("anne");
    pass(Duration.ofMinutes(29));
    assertThat(sessions.goesOn(busy, true)).isTrue();
    pass(Duration.ofMinutes(1));
    assertThat(sessions.goesOn(silent, true)).isFalse();
    assertThat(sessions.goesOn(busy, true)).isTrue();
    assertThat(sessions.of("anne")).extracting(Sessions.Open::id).containsExactly(busy);
  }

  @Test
  @DisplayName("C29 a page that refreshes itself keeps no session awake")
  void unattended() {
    String left = open("anne");
    for (int minute = 0; minute < 29; minute++) {
      pass(Duration.ofMinutes(1));
      assertThat(sessions.goesOn(left, false)).isTrue();
    }
    pass(Duration.ofMinutes(1));
    assertThat(sessions.goesOn(left, false)).isFalse();
  }

  @Test
  @DisplayName("C29 however busy, a session ends after the longest time")
  void longest() {
    String busy = open("anne");
    for (int quarter = 1; quarter < 48; quarter++) {
      pass(Duration.ofMinutes(15));
      assertThat(sessions.goesOn(busy, true)).isTrue();
    }
    pass(Duration.ofMinutes(15));
    assertThat(sessions.goesOn(busy, true)).isFalse();
  }

  @Test
  @DisplayName("C29 one more session than a user may have ends the longest silent one")
  void tooMany() {
    String first = open("anne");
    pass(Duration.ofSeconds(1));
    String second = open("Anne");
    pass(Duration.ofSeconds(1));
    String third = open("anne");
    String other = open("bert");
    pass(Duration.ofMinutes(1));
    assertThat(sessions.goesOn(first, true)).isTrue();
    String fourth = open("anne");
    assertThat(sessions.goesOn(second, true)).isFalse();
    assertThat(sessions.goesOn(first, true)).isTrue();
    assertThat(sessions.goesOn(third, true)).isTrue();
    assertThat(sessions.goesOn(fourth, true)).isTrue();
    assertThat(sessions.goesOn(other, true)).isTrue();
  }

  @Test
  @DisplayName("C29 one ends one's own sessions, and nobody else's")
  void end() {
    String mine = open("anne");
    String yours = open("bert");
    assertThat(sessions.end("anne", yours)).isFalse();
    assertThat(sessions.end("anne", mine)).isTrue();
    assertThat(sessions.goesOn(mine, true)).isFalse();
    assertThat(sessions.goesOn(yours, true)).isTrue();
  }
}

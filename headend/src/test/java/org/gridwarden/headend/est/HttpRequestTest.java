package org.gridwarden.headend.est;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRequestTest {
  private static ByteArrayInputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void twoAfterEachOther() throws Exception {
    ByteArrayInputStream in =
        in(
            "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /c HTTP/1.1\r\nConnection: close\r\n\r\n");
    HttpRequest first = HttpRequest.read(in).orElseThrow();
    assertThat(first.method()).isEqualTo("POST");
    assertThat(first.path()).isEqualTo("/a");
    assertThat(first.body()).isEqualTo("abc".getBytes(StandardCharsets.US_ASCII));
    assertThat(first.last()).isFalse();
    assertThat(HttpRequest.read(in).orElseThrow().last()).isTrue();
    assertThat(HttpRequest.read(in)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | GET / SPDY/3~~",
        "400 | GET  HTTP/1.1~~",
        "400 | GET / HTTP/1.1~no field~~",
        "400 | GET / HTTP/1.1~A: 1~a: 2~~",
        "400 | GET / HTTP/1.1~A: b~ folded~~",
        "400 | POST / HTTP/1.1~Content-Length: 5~~abc",
        "400 | POST / HTTP/1.1~Content-Length: -1~~",
        "411 | POST / HTTP/1.1~Transfer-Encoding: chunked~~0~~",
        "413 | POST / HTTP/1.1~Content-Length: 999999999~~",
      })
  @DisplayName("C39: what is malformed or too large is refused before room is made for it")
  void refused(int status, String text) {
    HttpRequest.Bad bad =
        catchThrowableOfType(
            HttpRequest.Bad.class, () -> HttpRequest.read(in(text.replace("~", "\r\n"))));
    assertThat(bad).as(text).isNotNull();
    assertThat(bad.status()).isEqualTo(status);
  }

  @Test
  @DisplayName("C39: a head without an end is refused at its limit")
  void endless() throws IOException {
    ByteArrayInputStream in = in("GET / HTTP/1.1\r\nA: " + "b".repeat(20_000));
    HttpRequest.Bad bad = catchThrowableOfType(HttpRequest.Bad.class, () -> HttpRequest.read(in));
    assertThat(bad.status()).isEqualTo(431);
    assertThat(in.available()).isGreaterThan(11_000);
  }
}

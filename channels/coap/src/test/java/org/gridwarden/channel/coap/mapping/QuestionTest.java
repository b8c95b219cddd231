package org.gridwarden.channel.coap.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8075, clauses 5 and 6. */
class QuestionTest {
  private static final Target.Authority OWN = Target.Authority.of("Office.example");

  private static Question question(String method, String target, byte[] body, String... fields) {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    return Question.of(new Incoming.Whole(method, target, headers, body, false), OWN);
  }

  private static Request asked(String method, String target, byte[] body, String... fields) {
    return ((Question.Asked) question(method, target, body, fields)).request();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hc/coap://office.example/a%2Fb/%C3%BC?x=1&y=%26",
        "/hc/COAP://OFFICE.example:5683/a%2Fb/%C3%BC?x=1&y=%26",
        "/hc/coap/office.example/a%2Fb/%C3%BC?x=1&y=%26"
      })
  void theUriStandsBelowHc(String target) {
    Request request = asked("GET", target, new byte[0]);
    assertThat(request.getCode()).isEqualTo(Code.GET);
    assertThat(request.getOptions().getUriPath()).containsExactly("a/b", "ü");
    assertThat(request.getOptions().getUriQuery()).containsExactly("x=1", "y=&");
    assertThat(request.getOptions().hasUriHost()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hc/coap://other.example/gw/usage",
        "/hc/coap://office.example:5684/gw/usage",
        "/hc/coap://office.example@other.example/gw/usage",
        "/hc/coap://other.example@office.example/gw/usage",
        "/hc/coap://[::1]/gw/usage",
        "/hc/coap:///gw/usage",
        "/hc/coaps://office.example/gw/usage",
        "/hc/coap+tcp://office.example/gw/usage",
        "/hc/http://office.example/gw/usage",
        "/hc/coap/other.example/gw/usage",
        "http://office.example/hc/coap://office.example/gw/usage",
        "coap://office.example/gw/usage",
        "office.example:443",
        "*"
      })
  @DisplayName("C40: it is no open proxy: another host, scheme or port is not asked")
  void nobodyElseIsAsked(String target) {
    assertThat(question("GET", target, new byte[0]))
        .isInstanceOfSatisfying(
            Question.Refused.class, refused -> assertThat(refused.status()).isEqualTo(403));
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/,404",
    "GET,/hc/,404",
    "GET,/hcx/coap://office.example/a,404",
    "PATCH,/hc/coap://office.example/a,501",
    "OPTIONS,/hc/coap://office.example/a,501",
    "TRACE,/hc/coap://office.example/a,501",
    "POST,/.well-known/core,501",
    "GET,/hc/coap://office.example/a/../b,400",
    "GET,/hc/coap://office.example/%2e%2E/b,400",
    "GET,/hc/coap://office.example/%g0,400",
    "GET,/hc/coap://office.example/%2,400",
    "GET,/hc/coap://office.example/%ff,400",
    "GET,/hc/coap://office.example/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q,400"
  })
  void theRestIsRefused(String method, String target, int status) {
    assertThat(question(method, target, new byte[0]))
        .isInstanceOfSatisfying(
            Question.Refused.class, refused -> assertThat(refused.status()).isEqualTo(status));
  }

  @Test
  void fieldsBecomeOptions() {
    byte[] body = {1};
    String target = "/hc/coap://office.example/gw/usage";
    Request post =
        asked(
            "POST", target, body, "content-type", "application/cose; cose-type=\"cose-encrypt0\"");
    assertThat(post.getOptions().getContentFormat()).isEqualTo(16);
    assertThat(post.getPayload()).isEqualTo(body);
    assertThat(
            asked("POST", target, body, "content-type", "application/coap-payload;cf=65001")
                .getOptions()
                .getContentFormat())
        .isEqualTo(65_001);
    Request get =
        asked(
            "GET",
            target,
            new byte[0],
            "accept",
            "image/png, application/cbor;q=0.4, application/json;q=0.5, */*;q=0.1",
            "if-none-match",
            "\"01fe\", W/\"02\", \"not ours\"");
    assertThat(get.getOptions().getAccept()).isEqualTo(50);
    assertThat(get.getOptions().getETags()).containsExactly(new byte[] {1, -2}, new byte[] {2});
    assertThat(asked("GET", target, new byte[0], "accept", "*/*").getOptions().hasAccept())
        .isFalse();
    Request put = asked("PUT", target, body, "if-match", "\"01\"", "if-none-match", "*");
    assertThat(put.getOptions().getIfMatch()).containsExactly(new byte[] {1});
    assertThat(put.getOptions().hasIfNoneMatch()).isTrue();
  }

  @Test
  void whatCoapDoesNotKnowIsNotGuessed() {
    String target = "/hc/coap://office.example/gw/usage";
    byte[] body = {1};
    assertThat(
            List.of(
                question("POST", target, body, "content-type", "image/png"),
                question("POST", target, body, "content-encoding", "gzip"),
                question("GET", target, new byte[0], "accept", "image/png, text/plain;q=0"),
                question("GET", target, body)))
        .extracting(q -> ((Question.Refused) q).status())
        .containsExactly(415, 415, 406, 400);
  }

  @Test
  void anAuthorityIsChecked() {
    assertThat(Target.Authority.of("[::1]:7")).isEqualTo(new Target.Authority("[::1]", 7));
    assertThat(Target.Authority.of("[::1]").port()).isEqualTo(5_683);
    for (String wrong : List.of("", ":7", "a:0", "a:x", "a@b", "a/b")) {
      assertThatThrownBy(() -> Target.Authority.of(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}

package org.gridwarden.channel.coap.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever comes by HTTP is a question within its bounds, or is refused. */
class IncomingFuzz {
  private static final Target.Authority OWN = Target.Authority.of("localhost");

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    try (Incoming incoming = new Incoming()) {
      List<Incoming.Whole> all = incoming.read(input, input.length);
      for (Incoming.Whole whole : all) {
        assertThat(whole.body().length).isLessThanOrEqualTo(Incoming.LONGEST_BODY);
        switch (Question.of(whole, OWN)) {
          case Question.Asked asked -> {
            assertThat(whole.target()).startsWith(Target.HOSTING);
            assertThat(asked.request().getOptions().getUriPath().size())
                .isLessThanOrEqualTo(Target.MOST_PARTS);
            assertThat(asked.request().getOptions().hasProxyUri()).isFalse();
          }
          case Question.Discovery _ -> {}
          case Question.Refused refused -> assertThat(refused.status()).isBetween(400, 599);
        }
      }
    } catch (Incoming.Refusal e) {
      assertThat(e.status()).isBetween(400, 599);
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "GET /.well-known/core HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /hc/coap://localhost/gw/usage?x=%41 HTTP/1.1\r\nHost: a\r\n"
                + "Content-Type: application/cose\r\nContent-Length: 1\r\n\r\nx",
            "PUT /hc/coap/localhost/rd HTTP/1.1\r\nHost: a\r\nIf-Match: \"01\", *\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            "GET /hc/coap://localhost/a HTTP/1.1\r\nHost: a\r\nAccept: text/*;q=0.3, a/b\r\n\r\n",
            "GET coap://elsewhere/ HTTP/1.1\r\nHost: a\r\n\r\n")
        .map(text -> Arguments.of((Object) text.getBytes(StandardCharsets.US_ASCII)));
  }
}

package org.gridwarden.channel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever a request's target, or what it accepts, says, it is read or refused. */
class FieldsFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyField(byte[] bytes) {
    String field = new String(bytes, StandardCharsets.ISO_8859_1);
    Optional<Format> liked = Accept.choose(Optional.of(field), List.of(Format.values()));
    assertThat(liked.isEmpty() || List.of(Format.values()).contains(liked.get())).isTrue();
    assertThat(Format.of(field)).isNotNull();
    try {
      Request request = Request.of("GET", field, new DefaultHttpHeaders(), bytes);
      assertThat(Resources.owner(request.path())).isNotNull();
      assertThat(request.toString()).matches("[ -~]{1,120}");
    } catch (IllegalArgumentException e) {
      // no target
    }
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "/gw/GW-0000001/orders?wait=30",
            "/gw/%47%57/orders?wait=999999999999&&=;x",
            "/gw//%zz?%",
            "application/cbor;q=0.5, application/*;q=1.5, */*;q=x",
            "application/json;;;q=0,,,",
            "http://office/gw/x#y")
        .map(text -> Arguments.of((Object) text.getBytes(StandardCharsets.US_ASCII)));
  }
}

package org.gridwarden.channel.coap.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 8075, clauses 7 and 8. */
class ReplyTest {
  private static final Target.Authority OWN = Target.Authority.of("office.example");

  private static Reply reply(Request request, Response response) {
    return Reply.of(request, response, OWN);
  }

  private static Optional<String> field(Reply reply, String name) {
    return reply.fields().stream()
        .filter(f -> f.name().equals(name))
        .map(Reply.Field::value)
        .findFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "CREATED,201,201",
    "DELETED,204,200",
    "VALID,304,304",
    "CHANGED,204,200",
    "CONTENT,200,200",
    "CONTINUE,502,502",
    "BAD_REQUEST,400,400",
    "UNAUTHORIZED,403,403",
    "BAD_OPTION,500,500",
    "FORBIDDEN,403,403",
    "NOT_FOUND,404,404",
    "METHOD_NOT_ALLOWED,400,400",
    "NOT_ACCEPTABLE,406,406",
    "REQUEST_ENTITY_INCOMPLETE,502,502",
    "CONFLICT,409,409",
    "PRECONDITION_FAILED,412,412",
    "REQUEST_ENTITY_TOO_LARGE,413,413",
    "UNSUPPORTED_CONTENT_FORMAT,415,415",
    "UNPROCESSABLE_ENTITY,422,422",
    "TOO_MANY_REQUESTS,429,429",
    "INTERNAL_SERVER_ERROR,500,500",
    "NOT_IMPLEMENTED,501,501",
    "BAD_GATEWAY,502,502",
    "SERVICE_UNAVAILABLE,503,503",
    "GATEWAY_TIMEOUT,504,504",
    "PROXY_NOT_SUPPORTED,502,502"
  })
  void codesAreMapped(ResponseCode code, int bare, int withBody) {
    Request request = new Request(Code.POST);
    assertThat(reply(request, new Response(code)).status()).isEqualTo(bare);
    Response response = new Response(code);
    response.setPayload("why");
    assertThat(reply(request, response).status()).isEqualTo(withBody);
  }

  /** A code that the library learns anew must be thought of. */
  @Test
  void everyCodeIsMapped() {
    for (ResponseCode code : EnumSet.allOf(ResponseCode.class)) {
      assertThat(reply(new Request(Code.GET), new Response(code)).status()).isBetween(200, 599);
    }
  }

  @Test
  void optionsBecomeFields() {
    Response content = new Response(ResponseCode.CONTENT);
    content.getOptions().setContentFormat(40).setMaxAge(17).addETag(new byte[] {1, (byte) 0xfe});
    content.setPayload("</x>");
    Reply read = reply(new Request(Code.GET), content);
    assertThat(field(read, "content-type")).hasValue("application/link-format");
    assertThat(field(read, "cache-control")).hasValue("max-age=17");
    assertThat(field(read, "etag")).hasValue("\"01fe\"");
    assertThat(
            field(reply(new Request(Code.GET), new Response(ResponseCode.VALID)), "cache-control"))
        .hasValue("max-age=60"); // what CoAP means where it says nothing

    Response busy = new Response(ResponseCode.SERVICE_UNAVAILABLE);
    busy.getOptions().setMaxAge(300);
    busy.setPayload("later");
    Reply later = reply(new Request(Code.POST), busy);
    assertThat(field(later, "retry-after")).hasValue("300");
    assertThat(field(later, "cache-control")).hasValue("no-store");
    assertThat(field(later, "content-type")).hasValue("text/plain;charset=utf-8");

    Response created = new Response(ResponseCode.CREATED);
    created.getOptions().addLocationPath("rd").addLocationPath("7");
    assertThat(field(reply(new Request(Code.POST), created), "location"))
        .hasValue("/hc/coap://office.example/rd/7");
  }

  @Test
  void aConditionThatIsNotKnownIsTheClientsOwn() {
    Request request = new Request(Code.PUT);
    request.getOptions().setIfNoneMatch(true);
    assertThat(reply(request, new Response(ResponseCode.BAD_OPTION)).status()).isEqualTo(400);
  }
}

package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.channel.coap.CoapEndpointIT.soon;
import static org.gridwarden.channel.coap.TestOffice.A;
import static org.gridwarden.channel.coap.TestOffice.B;

import java.nio.charset.StandardCharsets;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.gridwarden.core.MeterId;
import org.gridwarden.simulator.coap.CoapLine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The resource directory (RFC 9176). */
class DirectoryIT {
  private static final String LINKS =
      "</meter/voltage>;rt=\"gw.voltage\";ct=112,</meter/power>;rt=\"gw.power\";ct=112";

  private static Response ask(CoapLine line, Code code, String path, String links)
      throws Exception {
    Request request = line.request(code, path, true);
    if (!links.isEmpty()) {
      request.getOptions().setContentFormat(40);
      request.setPayload(links.getBytes(StandardCharsets.UTF_8));
    }
    return soon(line.send(request));
  }

  private static String look(CoapLine line, String query) throws Exception {
    return ask(line, Code.GET, "rd-lookup/" + query, "").getPayloadString();
  }

  @Test
  @DisplayName("C22: an endpoint registers under the name that it has proven, and sees its own")
  void registersUnderItsOwnName() throws Exception {
    try (TestOffice office = TestOffice.secure();
        CoapLine a = office.shared(A);
        CoapLine b = office.shared(B)) {
      assertThat(ask(a, Code.POST, "rd?ep=" + B, LINKS).getCode())
          .isEqualTo(ResponseCode.FORBIDDEN);
      Response created = ask(a, Code.POST, "rd?ep=" + A + "&lt=600", LINKS);
      assertThat(created.getCode()).isEqualTo(ResponseCode.CREATED);
      assertThat(created.getOptions().getLocationPath()).containsExactly("rd", A.value());
      assertThat(ask(b, Code.POST, "rd", "</clock>;rt=\"gw.clock\"").getCode())
          .as("the name follows from DTLS")
          .isEqualTo(ResponseCode.CREATED);
      assertThat(look(a, "ep"))
          .startsWith("</rd/" + A + ">;ep=\"" + A + "\";base=")
          .contains("lt=600");
      assertThat(look(a, "res?rt=gw.power")).contains("/meter/power>").doesNotContain("voltage");
      assertThat(look(a, "res?rt=gw.clock")).isEmpty();
      assertThat(look(a, "ep?ep=" + B)).isEmpty();
      assertThat(look(b, "res?count=1")).contains("/clock>").doesNotContain("meter");
      assertThat(ask(b, Code.DELETE, "rd/" + A, "").getCode()).isEqualTo(ResponseCode.FORBIDDEN);
      assertThat(ask(a, Code.POST, "rd/" + A + "?lt=900", "").getCode())
          .isEqualTo(ResponseCode.CHANGED);
      assertThat(look(a, "ep")).contains("lt=900");
      assertThat(ask(a, Code.DELETE, "rd/" + A, "").getCode()).isEqualTo(ResponseCode.DELETED);
      assertThat(look(a, "ep")).isEmpty();
    }
  }

  @Test
  void whatIsNoRegistration() throws Exception {
    try (TestOffice office = TestOffice.secure();
        CoapLine a = office.shared(A)) {
      for (String wrong :
          new String[] {"x", "</a", "</a>;", "</a>;b=\"", "</a>,", "<>x", "</a>;=1"}) {
        assertThat(ask(a, Code.POST, "rd", wrong).getCode())
            .as(wrong)
            .isEqualTo(ResponseCode.BAD_REQUEST);
      }
      assertThat(ask(a, Code.POST, "rd?lt=0", LINKS).getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
      assertThat(ask(a, Code.POST, "rd?lt=x", LINKS).getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
      String many = "</a>,".repeat(100) + "</b>";
      assertThat(ask(a, Code.POST, "rd", many).getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
      assertThat(look(a, "ep")).isEmpty();
    }
    try (TestOffice office = new TestOffice();
        CoapLine stranger = office.line()) {
      assertThat(ask(stranger, Code.POST, "rd?ep=" + A, LINKS).getCode())
          .isEqualTo(ResponseCode.UNAUTHORIZED);
      assertThat(ask(stranger, Code.GET, "rd-lookup/ep", "").getCode())
          .isEqualTo(ResponseCode.UNAUTHORIZED);
    }
  }

  @Test
  void aRegistrationEnds() throws Exception {
    try (TestOffice office = TestOffice.secure();
        CoapLine a = office.shared(new MeterId(A.value()))) {
      ask(a, Code.POST, "rd?lt=1", LINKS);
      org.awaitility.Awaitility.await()
          .atMost(TestOffice.SOON)
          .until(() -> look(a, "ep").isEmpty());
    }
  }
}

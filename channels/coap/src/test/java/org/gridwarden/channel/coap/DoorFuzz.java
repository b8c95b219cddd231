package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Endpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.gridwarden.security.AdmissionLimits;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever a stranger's datagram holds is answered once at most, and by few bytes. */
class DoorFuzz {
  private static final InetSocketAddress THERE = new InetSocketAddress("127.0.0.3", 4_711);

  static {
    CoapTerms.of(CoapSettings.of(Map.of()).limits()); // registers the library's settings
  }

  private final UdpDataParser parser = new UdpDataParser(false, new int[0]);

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyDatagram(byte[] input) throws Exception {
    Message message;
    try {
      message =
          parser.parseMessage(
              RawData.inbound(input, new AddressEndpointContext(THERE), false, 1, THERE));
    } catch (MessageFormatException e) {
      return;
    }
    if (!CoAP.isRequest(message.getRawCode()) || !(message instanceof Request request)) {
      return;
    }
    try (TestOffice.Bare office = TestOffice.bare(AdmissionLimits.defaults())) {
      List<Response> sent = new ArrayList<>();
      Exchange exchange = new Exchange(request, THERE, Exchange.Origin.REMOTE, Runnable::run);
      exchange.setEndpoint(endpoint(sent));
      office.door().deliverRequest(exchange);
      office.settled();
      assertThat(sent).hasSizeLessThanOrEqualTo(1);
      for (Response response : sent) {
        assertThat(Ask.payload(response).length).isLessThanOrEqualTo(2 * input.length);
      }
      assertThat(office.transfers().underWay()).isLessThanOrEqualTo(1);
    }
  }

  /** One that notes what is sent. */
  private static Endpoint endpoint(List<Response> sent) {
    return (Endpoint)
        Proxy.newProxyInstance(
            DoorFuzz.class.getClassLoader(),
            new Class<?>[] {Endpoint.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("sendResponse")) {
                sent.add((Response) arguments[1]);
              }
              return null;
            });
  }

  static Stream<Arguments> seeds() {
    return Stream.of(
            "40010001bb2e77656c6c2d6b6e6f776e04636f7265", // GET .well-known/core
            "41020001aab26777057573616765d10308ff" + "00".repeat(16), // the first block of many
            "41020001aab26777057573616765110fff0102", // POST gw/usage
            "41010001aa60526777066f7264657273", // GET gw/orders, observed
            "40010001d11678",
            "4001000150",
            "4002000191ff00") // OSCORE
        .map(HexFormat.of()::parseHex)
        .map(bytes -> Arguments.of((Object) bytes));
  }
}

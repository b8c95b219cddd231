package org.gridwarden.channel.coap;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;

/**
 * A request as the office reads it, whichever way it came: what OSCORE hides is open here, and
 * blocks are together.
 *
 * @param exchange of the message that it came in
 * @param request what is asked; under OSCORE not the exchange's own
 * @param size how many bytes brought it: nobody unknown gets many times as much for it
 * @param body what it carries
 * @param caller who asks
 * @param seal how an answer is made ready for the wire, each time one is sent
 */
@SuppressWarnings("ArrayRecordComponent") // made for who reads it
record Ask(
    Exchange exchange,
    Request request,
    int size,
    byte[] body,
    Caller caller,
    UnaryOperator<Response> seal) {
  /** Its path, segment by segment. */
  List<String> path() {
    return request.getOptions().getUriPath();
  }

  /** The same with all of its body. */
  Ask with(byte[] whole) {
    return new Ask(exchange, request, size, whole, caller, seal);
  }

  /** Answers. May be called from any thread. */
  void answer(Response response) {
    exchange.execute(() -> {
      if (!exchange.isComplete()) {
        exchange.sendResponse(seal.apply(response));
      }
    });
  }

  void answer(ResponseCode code) {
    answer(new Response(code));
  }

  /**
   * Says what is wrong.
   *
   * @param remedy few words for people
   */
  void refuse(ResponseCode code, String remedy) {
    Response response = new Response(code);
    response.setPayload(remedy);
    answer(response);
  }

  /** Says that it was received, where nothing else was said yet: the answer follows. */
  void accept() {
    exchange.execute(() -> {
      if (!exchange.isComplete() && exchange.getCurrentResponse() == null) {
        exchange.sendAccept();
      }
    });
  }

  /** A query's value, {@code ep=meter-7} say. */
  Optional<String> query(String name) {
    return request.getOptions().getUriQuery().stream()
        .filter(q -> q.startsWith(name + "="))
        .map(q -> q.substring(name.length() + 1))
        .findFirst();
  }

  static byte[] payload(Message message) {
    byte[] payload = message.getPayload();
    return payload == null ? new byte[0] : payload;
  }
}

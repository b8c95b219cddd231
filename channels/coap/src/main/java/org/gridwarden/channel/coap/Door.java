package org.gridwarden.channel.coap;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.listener.Tally;

/**
 * Where requests come in: told who asks, put together from their blocks, and handed to what they
 * ask for. A stranger gets no more than three times the bytes that it sent before it has shown, by
 * an Echo (RFC 9175), that it is where it says it is. Thread-safe; never waits.
 */
final class Door implements MessageDeliverer {
  static final String ROOT = "gw";
  static final String ORDERS = "orders";

  private static final int AMPLIFICATION = 3;
  private static final int HEADER = 4;

  private final CoapSettings.Limits limits;
  private final Transfers transfers;
  private final Uplink uplink;
  private final Mailboxes mailboxes;
  private final Tally tally;
  private final Directory directory = new Directory();
  private final Oscore oscore;
  private final Echoes echoes;
  private final Leisure leisure;

  Door(
      CoapSettings.Limits limits,
      Transfers transfers,
      Uplink uplink,
      Mailboxes mailboxes,
      Oscore oscore,
      Echoes echoes,
      Leisure leisure,
      Tally tally) {
    this.limits = limits;
    this.transfers = transfers;
    this.uplink = uplink;
    this.mailboxes = mailboxes;
    this.oscore = oscore;
    this.echoes = echoes;
    this.leisure = leisure;
    this.tally = tally;
  }

  @Override
  public void deliverRequest(Exchange exchange) {
    Request request = exchange.getRequest();
    try {
      Caller caller =
          request.getSourceContext().getPeerIdentity() instanceof SecurePort.Known known
              ? Caller.known(known.peer(), request.getSourceContext().getPeerAddress())
              : Caller.stranger(request.getSourceContext().getPeerAddress());
      byte[] wire = request.getBytes();
      int size = wire == null ? HEADER : wire.length;
      boolean there = !caller.isStranger() || isThere(request, caller);
      Ask ask =
          new Ask(
              exchange,
              request,
              size,
              Ask.payload(request),
              caller,
              response -> there ? response : small(response, size, caller));
      if (request.isMulticast()) {
        group(ask);
      } else if (!request.getOptions().hasOscore()) {
        clear(ask);
      } else if (!caller.isStranger()
          || request.getOptions().hasBlock1()
          || request.getOptions().hasBlock2()) {
        // who has proven a name needs no other one; blocks are cut within
        ask.answer(ResponseCode.BAD_OPTION);
      } else {
        oscore.open(ask, this::clear);
      }
    } catch (RuntimeException e) {
      tally.fault(Tally.What.FAILED, String.valueOf(request.getSourceContext()), "a request: " + e);
      exchange.sendResponse(new Response(ResponseCode.INTERNAL_SERVER_ERROR));
    }
  }

  /**
   * A request that came by HTTP, whole, from an address that TCP has shown: a stranger's whatever
   * it says, and its answer is not cut.
   */
  void proxied(Exchange exchange, InetSocketAddress from) {
    Request request = exchange.getRequest();
    Ask ask =
        new Ask(
            exchange,
            request,
            HEADER,
            Ask.payload(request),
            Caller.stranger(from),
            response -> Slices.validated(request, response));
    if (isConditional(request.getOptions())) {
      ask.answer(ResponseCode.BAD_OPTION);
    } else {
      dispatch(ask);
    }
  }

  private static boolean isConditional(OptionSet options) {
    return options.getIfMatchCount() > 0 || options.hasIfNoneMatch();
  }

  /** A request that lies open. */
  void clear(Ask ask) {
    OptionSet options = ask.request().getOptions();
    Optional<BlockOption> block = Optional.ofNullable(options.getBlock1());
    Ask cut =
        new Ask(
            ask.exchange(),
            ask.request(),
            ask.size(),
            ask.body(),
            ask.caller(),
            response -> {
              Response part = Slices.cut(ask.request(), response, limits.block());
              block.ifPresent(b -> part.getOptions().setBlock1(b));
              return ask.seal().apply(part);
            });
    if (options.hasProxyUri() || options.hasProxyScheme()) {
      cut.answer(ResponseCode.PROXY_NOT_SUPPORTED);
    } else if (isConditional(options)) {
      cut.answer(ResponseCode.BAD_OPTION);
    } else if (block.isEmpty()) {
      dispatch(cut);
    } else {
      switch (transfers.take(cut)) {
        case Transfers.Step.Whole(byte[] body) -> dispatch(cut.with(body));
        case Transfers.Step.More _ -> {
          tally.count(Tally.What.PART);
          cut.answer(ResponseCode.CONTINUE);
        }
        case Transfers.Step.Refused(ResponseCode code, String remedy) -> {
          tally.fault(Tally.What.MALFORMED, cut.caller().toString(), "a block: " + remedy);
          cut.refuse(code, remedy);
        }
      }
    }
  }

  private void dispatch(Ask ask) {
    List<String> path = ask.path();
    Code code = ask.request().getCode();
    if (path.size() == 2 && path.getFirst().equals(ROOT)) {
      Optional<MessageClass> kind = MessageClass.of(path.get(1));
      if (kind.isPresent()) {
        only(ask, code == Code.POST, () -> uplink.take(ask, kind.get()));
        return;
      }
      if (path.get(1).equals(ORDERS)) {
        only(ask, code == Code.GET, () -> mailboxes.look(ask));
        return;
      }
    }
    if (!path.isEmpty() && path.getFirst().equals(Directory.ROOT)) {
      directory.take(ask);
      return;
    }
    if (path.equals(List.of(Directory.LOOKUP, "ep"))
        || path.equals(List.of(Directory.LOOKUP, "res"))) {
      only(ask, code == Code.GET, () -> directory.look(ask));
      return;
    }
    if (path.equals(WellKnown.PATH)) {
      only(ask, code == Code.GET, () -> ask.answer(links(ask)));
      return;
    }
    ask.answer(ResponseCode.NOT_FOUND);
  }

  private static Response links(Ask ask) {
    OptionSet options = ask.request().getOptions();
    if (options.hasAccept() && options.getAccept() != MediaTypeRegistry.APPLICATION_LINK_FORMAT) {
      return new Response(ResponseCode.NOT_ACCEPTABLE);
    }
    return WellKnown.answer(ask.request().getOptions().getUriQuery())
        .orElseGet(() -> new Response(ResponseCode.NOT_FOUND));
  }

  private static void only(Ask ask, boolean allowed, Runnable then) {
    if (allowed) {
      then.run();
    } else {
      ask.answer(ResponseCode.METHOD_NOT_ALLOWED);
    }
  }

  /**
   * A group was asked: what is there is told by whoever has it, once, unconfirmed, some time later;
   * what is not asked so, not there, or too long for a stranger, is passed over in silence (RFC
   * 7252, clause 8.2).
   */
  private void group(Ask ask) {
    Request request = ask.request();
    Optional<Response> answer =
        request.getType() == Type.NON
                && request.getCode() == Code.GET
                && ask.path().equals(WellKnown.PATH)
                && !request.getOptions().hasOscore()
                && !request.getOptions().hasBlock2()
            ? WellKnown.answer(request.getOptions().getUriQuery())
            : Optional.empty();
    boolean fits = answer.filter(a -> isShort(a, ask.size())).isPresent();
    boolean later = fits && leisure.later(() -> ask.answer(answer.get()));
    tally.count(later ? Tally.What.GROUP : Tally.What.PASSED_OVER);
  }

  private boolean isThere(Request request, Caller caller) {
    Option echo = request.getOptions().getOtherOption(StandardOptionRegistry.ECHO);
    return echo != null && echoes.isFresh(echo.getValue(), caller.from());
  }

  /** A stranger's answer: not so long that somebody else could be flooded with it. */
  private Response small(Response response, int size, Caller caller) {
    if (isShort(response, size)) {
      return response;
    }
    if (!response.isSuccess()) {
      response.setPayload(new byte[0]);
      return response;
    }
    Response first = new Response(ResponseCode.UNAUTHORIZED);
    first.getOptions().addOption(StandardOptionRegistry.ECHO.create(echoes.make(caller.from())));
    return first;
  }

  private static boolean isShort(Response response, int size) {
    return Ask.payload(response).length + size <= size * AMPLIFICATION;
  }

  @Override
  public void deliverResponse(Exchange exchange, Response response) {
    exchange.getRequest().setResponse(response);
  }
}

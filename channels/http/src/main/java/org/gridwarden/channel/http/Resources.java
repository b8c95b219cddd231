package org.gridwarden.channel.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.gridwarden.core.Channel;
import org.gridwarden.core.Fault;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.listener.Tally;

/**
 * What there is for a meter, and what it answers:
 *
 * <pre>
 * POST       /gw/METER/CLASS               a secured message of that class
 * GET, HEAD  /gw/METER                     what the office knows of the meter
 * GET, HEAD  /gw/METER/acknowledged        the last message that was acknowledged
 * GET, HEAD  /gw/METER/orders?wait=30      an order, within so many seconds
 * GET, HEAD  /gw/METER/orders/N            the same again
 * PUT        /gw/METER/orders/N/receipt    the meter's receipt for it
 * DELETE     /gw/METER/orders/N            takes it out of the mailbox unanswered
 * GET        /gw/METER/socket              a WebSocket, by HTTP/1.1
 * </pre>
 *
 * Never waits but while intake is full. Thread-safe.
 */
final class Resources {
  static final String ROOT = "gw";
  static final String SOCKET = "socket";

  private static final String ACKNOWLEDGED = "acknowledged";
  private static final String ORDERS = "orders";
  private static final String RECEIPT = "receipt";
  private static final List<Format> DOCUMENTS = List.of(Format.JSON, Format.CBOR, Format.XML);
  private static final List<Format> MESSAGES =
      List.of(Format.COSE, Format.JSON, Format.CBOR, Format.XML);
  private static final String TAKEN_FORMS =
      "application/cose, application/cbor, application/json, application/xml";

  private final Channel.Host host;
  private final Uplink uplink;
  private final Orders orders;
  private final HttpSettings.Limits limits;
  private final Tally tally;

  Resources(
      Channel.Host host, Uplink uplink, Orders orders, HttpSettings.Limits limits, Tally tally) {
    this.host = host;
    this.uplink = uplink;
    this.orders = orders;
    this.limits = limits;
    this.tally = tally;
  }

  /** Whose a path is; empty where it is nobody's. */
  static Optional<MeterId> owner(List<String> path) {
    if (path.size() < 2 || !path.getFirst().equals(ROOT)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new MeterId(path.get(1)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Answers a request.
   *
   * @param where it came from, for people
   * @return completes after the commit, where something is to be committed
   */
  CompletionStage<Response> answer(Login.Who who, Request request, String where)
      throws InterruptedException {
    Optional<MeterId> owner = owner(request.path());
    if (owner.isEmpty()) {
      return now(
          problem(request, 404, Fault.Code.CONFLICT, "there is /gw/METER and what is below it"));
    }
    MeterId meter = owner.get();
    if (!who.speaksFor(meter)) {
      tally.fault(Tally.What.FORBIDDEN, where, who.name() + " may not speak for meter " + meter);
      return now(
          problem(request, 403, Fault.Code.FORBIDDEN, "meter " + who.name() + " has its own path"));
    }
    List<String> below = request.path().subList(2, request.path().size());
    return switch (below.size()) {
      case 0 ->
          request.isRead() ? now(document(request, known(meter))) : only(request, "GET, HEAD");
      case 1 -> one(who, meter, below.getFirst(), request, where);
      case 2 -> order(meter, below, request);
      case 3 -> receipt(who, meter, below, request, where);
      default -> now(notHere(request));
    };
  }

  private CompletionStage<Response> one(
      Login.Who who, MeterId meter, String name, Request request, String where)
      throws InterruptedException {
    Optional<MessageClass> kind = MessageClass.of(name);
    if (kind.isPresent()) {
      return request.method().equals("POST")
          ? take(who, meter, kind.get(), request, where)
          : only(request, "POST");
    }
    return switch (name) {
      case ACKNOWLEDGED ->
          request.isRead()
              ? now(document(request, acknowledged(meter)))
              : only(request, "GET, HEAD");
      case ORDERS -> request.isRead() ? ask(who, meter, request) : only(request, "GET, HEAD");
      case SOCKET ->
          now(
              problem(
                      request,
                      426,
                      Fault.Code.CONFLICT,
                      "ask for an upgrade to websocket, by HTTP/1.1 and GET")
                  .with(HttpHeaderNames.UPGRADE, "websocket"));
      default -> now(notHere(request));
    };
  }

  private CompletionStage<Response> take(
      Login.Who who, MeterId meter, MessageClass kind, Request request, String where)
      throws InterruptedException {
    Optional<Format> form = request.header(HttpHeaderNames.CONTENT_TYPE).flatMap(Format::of);
    if (form.isEmpty()) {
      return now(
          problem(request, 415, Fault.Code.MALFORMED, "send one of " + TAKEN_FORMS)
              .with("accept-post", TAKEN_FORMS));
    }
    byte[] message;
    try {
      message = form.get().message(request.body());
    } catch (MessageException e) {
      tally.fault(Tally.What.MALFORMED, where, String.valueOf(e.getMessage()));
      return now(problem(request, 400, Fault.Code.MALFORMED, String.valueOf(e.getMessage())));
    }
    return uplink
        .take(message, who, Optional.of(meter), Optional.of(kind), where)
        .thenApply(result -> told(request, result));
  }

  private static Response told(Request request, Uplink.Result result) {
    if (result.problem().isPresent()) {
      Response response = result.problem().get().response(liked(request));
      return result.status() == 429 || result.status() == 503
          ? response.with(HttpHeaderNames.RETRY_AFTER, "1")
          : response;
    }
    // who asks for nothing in particular gets no body: the status says it
    Optional<String> accept = request.list(HttpHeaderNames.ACCEPT);
    if (accept.isEmpty() || accept.get().strip().equals("*/*")) {
      return Response.of(result.status());
    }
    Format format = liked(request);
    return Response.of(
        result.status(),
        format == Format.COSE ? Format.JSON.mediaType() : format.mediaType(),
        format.write("outcome", Map.of("outcome", result.word())));
  }

  private CompletionStage<Response> ask(Login.Who who, MeterId meter, Request request) {
    if (who.meter().isEmpty()) {
      return now(
          problem(request, 403, Fault.Code.FORBIDDEN, "orders are for the meter itself alone"));
    }
    if (request.seconds() < 0) {
      return now(problem(request, 400, Fault.Code.MALFORMED, "'wait' is a number of seconds"));
    }
    if (Accept.choose(request.list(HttpHeaderNames.ACCEPT), MESSAGES).isEmpty()) {
      return now(unacceptable(request));
    }
    tally.count(Tally.What.POLL);
    Duration wait = Duration.ofSeconds(request.seconds());
    CompletableFuture<Optional<Mailbox.Order>> question =
        orders
            .box(meter)
            .ask(wait.compareTo(limits.longestWait()) > 0 ? limits.longestWait() : wait);
    return cancels(
        question,
        found ->
            found
                .map(order -> given(meter, order, request))
                .orElseGet(() -> Response.of(204).with("cache-control", "no-store")));
  }

  /** What is made of it ends it where it is cancelled: nobody waits for a connection that ended. */
  private static CompletableFuture<Response> cancels(
      CompletableFuture<Optional<Mailbox.Order>> question,
      java.util.function.Function<Optional<Mailbox.Order>, Response> then) {
    CompletableFuture<Response> made = question.thenApply(then);
    made.whenComplete((response, failure) -> question.complete(Optional.empty()));
    return made;
  }

  private Response given(MeterId meter, Mailbox.Order order, Request request) {
    Format format =
        Accept.choose(request.list(HttpHeaderNames.ACCEPT), MESSAGES).orElse(Format.COSE);
    byte[] body = order.message();
    if (format != Format.COSE) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("number", order.number());
      fields.put("message", order.message());
      body = format.write("order", fields);
    }
    return Response.of(200, format.mediaType(), body)
        .with(
            HttpHeaderNames.CONTENT_LOCATION,
            "/" + ROOT + "/" + meter + "/" + ORDERS + "/" + order.number())
        .with("cache-control", "no-store");
  }

  private CompletionStage<Response> order(MeterId meter, List<String> below, Request request) {
    if (!below.getFirst().equals(ORDERS)) {
      return now(notHere(request));
    }
    Optional<Mailbox.Order> order =
        orders.box(meter).look().filter(o -> o.number() == number(below.get(1)));
    if (order.isEmpty()) {
      return now(notHere(request));
    }
    if (request.isRead()) {
      return now(
          Accept.choose(request.list(HttpHeaderNames.ACCEPT), MESSAGES).isEmpty()
              ? unacceptable(request)
              : given(meter, order.get(), request));
    }
    if (request.method().equals("DELETE")) {
      return now(
          orders.box(meter).take(order.get().number()) ? Response.of(204) : notHere(request));
    }
    return only(request, "GET, HEAD, DELETE");
  }

  private CompletionStage<Response> receipt(
      Login.Who who, MeterId meter, List<String> below, Request request, String where)
      throws InterruptedException {
    if (!below.getFirst().equals(ORDERS) || !below.get(2).equals(RECEIPT)) {
      return now(notHere(request));
    }
    if (!request.method().equals("PUT")) {
      return only(request, "PUT");
    }
    if (orders.box(meter).look().filter(o -> o.number() == number(below.get(1))).isEmpty()) {
      return now(notHere(request));
    }
    return take(who, meter, MessageClass.CONTROL, request, where);
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private Map<String, Object> known(MeterId id) {
    Map<String, Object> fields = new LinkedHashMap<>();
    Optional<Meter> meter = host.meters().byId(id);
    if (meter.isPresent()) {
      fields.put("meter", id);
      fields.put("serial", meter.get().serial());
      fields.put("profile", meter.get().profile());
      fields.put("zone", meter.get().zone());
      fields.put("state", meter.get().state());
      host.keys().keys(id, Purpose.MESSAGE).ifPresent(k -> fields.put("key", keyId(k)));
      host.keys().pending(id, Purpose.MESSAGE).ifPresent(k -> fields.put("nextKey", keyId(k)));
    }
    return fields;
  }

  private static String keyId(KeySet set) {
    return HexFormat.of().formatHex(set.keyId());
  }

  private Map<String, Object> acknowledged(MeterId meter) {
    Map<String, Object> fields = new LinkedHashMap<>();
    uplink
        .last(meter)
        .ifPresent(last -> {
          fields.put("key", last.keyId());
          fields.put("counter", last.counter());
          fields.put("class", last.kind());
          fields.put("at", last.at());
        });
    return fields;
  }

  /** A document that need not be sent to who has it already (RFC 9110, clause 13.1.2). */
  private static Response document(Request request, Map<String, Object> fields) {
    if (fields.isEmpty()) {
      return notHere(request);
    }
    Optional<Format> format = Accept.choose(request.list(HttpHeaderNames.ACCEPT), DOCUMENTS);
    if (format.isEmpty()) {
      return unacceptable(request);
    }
    byte[] body = format.get().write("known", fields);
    String tag = tag(body);
    boolean has =
        request.list(HttpHeaderNames.IF_NONE_MATCH).filter(tags -> holds(tags, tag)).isPresent();
    Response response = has ? Response.of(304) : Response.of(200, format.get().mediaType(), body);
    return response
        .with(HttpHeaderNames.ETAG, tag)
        .with(HttpHeaderNames.VARY, "accept, authorization")
        .with("cache-control", "private, no-cache");
  }

  private static boolean holds(String tags, String tag) {
    return tags.strip().equals("*")
        || Arrays.stream(tags.split(",", 32))
            .map(String::strip)
            .map(t -> t.startsWith("W/") ? t.substring(2) : t)
            .anyMatch(tag::equals);
  }

  private static String tag(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static CompletionStage<Response> only(Request request, String methods) {
    return now(
        request.method().equals("OPTIONS")
            ? Response.of(204).with(HttpHeaderNames.ALLOW, methods)
            : problem(request, 405, Fault.Code.MALFORMED, "here there is " + methods)
                .with(HttpHeaderNames.ALLOW, methods));
  }

  private static Response notHere(Request request) {
    return problem(
        request, 404, Fault.Code.CONFLICT, "there is nothing of this name, or there is no more");
  }

  private static Response unacceptable(Request request) {
    return problem(request, 406, Fault.Code.MALFORMED, "accept one of " + TAKEN_FORMS);
  }

  private static Response problem(Request request, int status, Fault.Code code, String remedy) {
    return Problem.of(status, code, request.toString(), remedy).response(liked(request));
  }

  private static Format liked(Request request) {
    return Accept.choose(request.list(HttpHeaderNames.ACCEPT), DOCUMENTS).orElse(Format.JSON);
  }

  private static CompletionStage<Response> now(Response response) {
    return CompletableFuture.completedStage(response);
  }
}

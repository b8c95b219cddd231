package org.gridwarden.channel.http;

import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.listener.Tally;

/**
 * WAMP version 2 (basic profile): a broker and a dealer for one meter, who is told by the handshake
 * and sees nobody else. It publishes its messages, or calls for them to be taken; it subscribes to
 * its orders, or registers a procedure that they call.
 *
 * <pre>
 * realm gridwarden
 * topic gridwarden.meter.METER.up.CLASS      its messages, acknowledged after the commit
 * topic gridwarden.meter.METER.down.control  its orders
 * procedure gridwarden.submit                takes a message; its result is HTTP's status and a word
 * procedure gridwarden.acknowledged          the last message that was acknowledged
 * procedure gridwarden.meter.METER.order     the meter's: takes an order, yields a receipt
 * </pre>
 */
final class WampTalk implements Talk, Orders.Ear {
  private static final String REALM = "gridwarden";
  private static final String METERS = "gridwarden.meter.";
  private static final String UP = ".up.";
  private static final String SUBMIT = "gridwarden.submit";
  private static final String ACKNOWLEDGED = "gridwarden.acknowledged";
  private static final long SUBSCRIPTION = 1;
  private static final long REGISTRATION = 1;
  private static final Map<String, Object> NOTHING = Map.of();

  private final SocketWire wire;
  private final Connection connection;
  private final HttpChannel.Shared shared;
  private final WampForm form;
  private final AtomicLong invocations = new AtomicLong();
  private volatile boolean welcome;
  private volatile boolean subscribed;
  private volatile boolean registered;

  WampTalk(SocketWire wire, Connection connection, HttpChannel.Shared shared, WampForm form) {
    this.wire = wire;
    this.connection = connection;
    this.shared = shared;
    this.form = form;
  }

  @Override
  public void binary(byte[] message) throws IOException, InterruptedException {
    if (form != WampForm.CBOR) {
      throw wire.close(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "wamp.2.json is text");
    }
    read(message);
  }

  @Override
  public void text(byte[] utf8) throws IOException, InterruptedException {
    if (form != WampForm.JSON) {
      throw wire.close(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "wamp.2.cbor is binary");
    }
    read(utf8);
  }

  private void read(byte[] bytes) throws IOException, InterruptedException {
    WampMessage message;
    try {
      message = WampMessage.of(form.read(bytes));
    } catch (MessageException e) {
      throw abort("wamp.error.protocol_violation", String.valueOf(e.getMessage()));
    }
    if (message instanceof WampMessage.Hello(String realm)) {
      hello(realm);
      return;
    }
    if (!welcome) {
      throw abort("wamp.error.protocol_violation", "the first message is no HELLO");
    }
    switch (message) {
      case WampMessage.Hello _ -> {}
      case WampMessage.Goodbye _ -> {
        send(WampMessage.GOODBYE, NOTHING, "wamp.close.goodbye_and_out");
        throw wire.close(WebSocketCloseStatus.NORMAL_CLOSURE, "goodbye");
      }
      case WampMessage.Publish publish -> publish(publish);
      case WampMessage.Call call -> call(call);
      case WampMessage.Subscribe(long request, String topic) -> subscribe(request, topic);
      case WampMessage.Unsubscribe(long request, long id) -> {
        subscribed &= id != SUBSCRIPTION;
        listen();
        send(WampMessage.UNSUBSCRIBED, request);
      }
      case WampMessage.Register(long request, String procedure) -> register(request, procedure);
      case WampMessage.Unregister(long request, long id) -> {
        registered &= id != REGISTRATION;
        listen();
        send(WampMessage.UNREGISTERED, request);
      }
      case WampMessage.Yield(long _, Optional<byte[]> receipt) -> {
        if (receipt.isPresent()) {
          take(receipt.get(), own(), Optional.of(MessageClass.CONTROL), result -> {});
        }
      }
      case WampMessage.Failed _ -> shared.tally().count(Tally.What.REFUSED);
    }
  }

  private void hello(String realm) throws IOException {
    if (welcome) {
      throw abort("wamp.error.protocol_violation", "a second HELLO");
    }
    if (!realm.equals(REALM)) {
      throw abort("wamp.error.no_such_realm", "the realm is " + REALM);
    }
    welcome = true;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("realm", REALM);
    details.put("authid", connection.who().name().value());
    details.put("authrole", own().isPresent() ? "meter" : "concentrator");
    details.put("roles", Map.of("broker", NOTHING, "dealer", NOTHING));
    send(
        WampMessage.WELCOME,
        ThreadLocalRandom.current().nextLong(1, WampMessage.LAST_ID + 1),
        details);
  }

  private Optional<MeterId> own() {
    return connection.who().meter();
  }

  private void publish(WampMessage.Publish publish) throws InterruptedException {
    Optional<Place> place =
        place(publish.topic()).filter(p -> connection.who().speaksFor(p.meter()));
    if (place.isEmpty() || publish.payload().isEmpty()) {
      shared.tally().count(Tally.What.FORBIDDEN);
      if (publish.acknowledge()) {
        error(WampMessage.PUBLISH, publish.request(), notYours());
      }
      return;
    }
    take(
        publish.payload().get(),
        Optional.of(place.get().meter()),
        Optional.of(place.get().kind()),
        result -> {
          if (!publish.acknowledge()) {
            return;
          }
          if (result.problem().isPresent()) {
            error(WampMessage.PUBLISH, publish.request(), result.problem().get());
          } else {
            send(WampMessage.PUBLISHED, publish.request(), publish.request());
          }
        });
  }

  private record Place(MeterId meter, MessageClass kind) {}

  private static Optional<Place> place(String topic) {
    int end = topic.lastIndexOf(UP);
    if (!topic.startsWith(METERS) || end <= METERS.length()) {
      return Optional.empty();
    }
    try {
      MeterId meter = new MeterId(topic.substring(METERS.length(), end));
      return MessageClass.of(topic.substring(end + UP.length()))
          .map(kind -> new Place(meter, kind));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void call(WampMessage.Call call) throws InterruptedException {
    switch (call.procedure()) {
      case SUBMIT -> {
        if (call.payload().isEmpty()) {
          error(
              WampMessage.CALL,
              call.request(),
              Problem.of(
                  400, Fault.Code.MALFORMED, SUBMIT, "its one argument is a secured message"));
          return;
        }
        take(
            call.payload().get(),
            own(),
            Optional.empty(),
            result -> {
              if (result.problem().isPresent()) {
                error(WampMessage.CALL, call.request(), result.problem().get());
              } else {
                send(
                    WampMessage.RESULT,
                    call.request(),
                    NOTHING,
                    List.of(result.status(), result.word()));
              }
            });
      }
      case ACKNOWLEDGED -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        own()
            .flatMap(shared.uplink()::last)
            .ifPresent(last -> {
              fields.put("key", last.keyId());
              fields.put("counter", last.counter());
              fields.put("class", last.kind());
              fields.put("at", last.at());
            });
        send(WampMessage.RESULT, call.request(), NOTHING, List.of(fields));
      }
      default ->
          send(
              WampMessage.ERROR,
              WampMessage.CALL,
              call.request(),
              NOTHING,
              "wamp.error.no_such_procedure");
    }
  }

  /** Hands a message on; what became of it is told once it is durable. */
  private void take(
      byte[] message,
      Optional<MeterId> meter,
      Optional<MessageClass> kind,
      Consumer<Uplink.Result> then)
      throws InterruptedException {
    connection.take();
    boolean handed = false;
    try {
      CompletionStage<Uplink.Result> taken =
          shared.uplink().take(message, connection.who(), meter, kind, connection.name());
      handed = true;
      taken.whenComplete((result, failure) -> {
        try {
          if (result != null) {
            then.accept(result);
          }
        } finally {
          connection.release();
        }
      });
    } finally {
      if (!handed) {
        connection.release();
      }
    }
  }

  private void subscribe(long request, String topic) {
    if (own().isEmpty() || !topic.equals(METERS + own().get() + ".down.control")) {
      shared.tally().count(Tally.What.FORBIDDEN);
      error(WampMessage.SUBSCRIBE, request, notYours());
      return;
    }
    subscribed = true;
    send(WampMessage.SUBSCRIBED, request, SUBSCRIPTION);
    listen();
  }

  private void register(long request, String procedure) {
    if (own().isEmpty() || !procedure.equals(METERS + own().get() + ".order")) {
      shared.tally().count(Tally.What.FORBIDDEN);
      error(WampMessage.REGISTER, request, notYours());
      return;
    }
    registered = true;
    send(WampMessage.REGISTERED, request, REGISTRATION);
    listen();
  }

  private static Problem notYours() {
    return Problem.of(
        403, Fault.Code.FORBIDDEN, "the name", "it is not the meter's own, or there is none");
  }

  private void listen() {
    MeterId meter = own().orElse(connection.who().name());
    if (subscribed || registered) {
      shared.orders().listens(meter, this);
    } else {
      shared.orders().deaf(meter, this);
    }
  }

  @Override
  public boolean hear(byte[] message) {
    long number = invocations.incrementAndGet();
    List<Object> arguments = List.of(form.bytes(message));
    return registered
        ? send(WampMessage.INVOCATION, number, REGISTRATION, NOTHING, arguments)
        : send(WampMessage.EVENT, SUBSCRIPTION, number, NOTHING, arguments);
  }

  private void error(int type, long request, Problem problem) {
    String uri =
        switch (problem.fault().code()) {
          case FORBIDDEN, UNAUTHENTICATED -> "wamp.error.not_authorized";
          case MALFORMED -> "wamp.error.invalid_argument";
          default ->
              "gridwarden.error."
                  + problem.fault().code().name().toLowerCase(java.util.Locale.ROOT);
        };
    send(
        WampMessage.ERROR,
        type,
        request,
        NOTHING,
        uri,
        List.of(problem.status(), problem.fault().remedy()));
  }

  private Connection.Ended abort(String uri, String why) {
    send(WampMessage.ABORT, Map.of("message", why), uri);
    return wire.close(WebSocketCloseStatus.NORMAL_CLOSURE, why);
  }

  private boolean send(Object... items) {
    byte[] bytes = form.write(List.of(items));
    return form == WampForm.CBOR ? wire.binary(bytes) : wire.text(bytes);
  }

  @Override
  public void over() {
    if (own().isPresent() && shared.orders().deaf(own().get(), this)) {
      shared.desk().gone(own().get());
    }
  }
}

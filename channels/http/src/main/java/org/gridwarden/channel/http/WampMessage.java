package org.gridwarden.channel.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.message.MessageException;

/**
 * What a client says in WAMP version 2, basic profile: as far as a meter needs it. Their numbers
 * are those of the specification's clause 7.4. Holds arrays without copying.
 */
sealed interface WampMessage {
  int HELLO = 1;
  int WELCOME = 2;
  int ABORT = 3;
  int GOODBYE = 6;
  int ERROR = 8;
  int PUBLISH = 16;
  int PUBLISHED = 17;
  int SUBSCRIBE = 32;
  int SUBSCRIBED = 33;
  int UNSUBSCRIBE = 34;
  int UNSUBSCRIBED = 35;
  int EVENT = 36;
  int CALL = 48;
  int RESULT = 50;
  int REGISTER = 64;
  int REGISTERED = 65;
  int UNREGISTER = 66;
  int UNREGISTERED = 67;
  int INVOCATION = 68;
  int YIELD = 70;

  /** The greatest id there is (clause 2.1.2): 2^53. */
  long LAST_ID = 1L << 53;

  record Hello(String realm) implements WampMessage {}

  record Goodbye() implements WampMessage {}

  record Publish(long request, boolean acknowledge, String topic, Optional<byte[]> payload)
      implements WampMessage {}

  record Subscribe(long request, String topic) implements WampMessage {}

  record Unsubscribe(long request, long subscription) implements WampMessage {}

  record Call(long request, String procedure, Optional<byte[]> payload) implements WampMessage {}

  record Register(long request, String procedure) implements WampMessage {}

  record Unregister(long request, long registration) implements WampMessage {}

  record Yield(long request, Optional<byte[]> payload) implements WampMessage {}

  /** An invocation failed. */
  record Failed(long request) implements WampMessage {}

  /**
   * What an array says.
   *
   * @throws MessageException where it is none of these, or lacks something
   */
  static WampMessage of(List<Object> items) throws MessageException {
    return switch ((int) Math.min(number(items, 0), 255)) {
      case HELLO -> new Hello(text(items, 1));
      case GOODBYE -> new Goodbye();
      case PUBLISH ->
          new Publish(
              id(items, 1),
              Boolean.TRUE.equals(map(items, 2).get("acknowledge")),
              text(items, 3),
              payload(items, 4));
      case SUBSCRIBE -> new Subscribe(id(items, 1), text(items, 3));
      case UNSUBSCRIBE -> new Unsubscribe(id(items, 1), id(items, 2));
      case CALL -> new Call(id(items, 1), text(items, 3), payload(items, 4));
      case REGISTER -> new Register(id(items, 1), text(items, 3));
      case UNREGISTER -> new Unregister(id(items, 1), id(items, 2));
      case YIELD -> new Yield(id(items, 1), payload(items, 3));
      case ERROR -> new Failed(id(items, 2));
      default -> throw wrong(0);
    };
  }

  private static MessageException wrong(int place) {
    return MessageException.malformed(
        "a message of WAMP has something else at place " + place + ", or is none that is due here");
  }

  private static Object item(List<Object> items, int place) throws MessageException {
    if (place >= items.size()) {
      throw wrong(place);
    }
    return items.get(place);
  }

  private static long number(List<Object> items, int place) throws MessageException {
    Object item = item(items, place);
    if ((item instanceof Integer || item instanceof Long) && ((Number) item).longValue() >= 0) {
      return ((Number) item).longValue();
    }
    throw wrong(place);
  }

  private static long id(List<Object> items, int place) throws MessageException {
    long id = number(items, place);
    if (id < 1 || id > LAST_ID) {
      throw wrong(place);
    }
    return id;
  }

  private static String text(List<Object> items, int place) throws MessageException {
    if (item(items, place) instanceof String text) {
      return text;
    }
    throw wrong(place);
  }

  private static Map<?, ?> map(List<Object> items, int place) throws MessageException {
    if (item(items, place) instanceof Map<?, ?> map) {
      return map;
    }
    throw wrong(place);
  }

  /** The first argument, where there are any and it is bytes. */
  private static Optional<byte[]> payload(List<Object> items, int place) {
    return items.size() > place
            && items.get(place) instanceof List<?> arguments
            && !arguments.isEmpty()
            && arguments.getFirst() != null
        ? WampForm.raw(arguments.getFirst())
        : Optional.empty();
  }
}

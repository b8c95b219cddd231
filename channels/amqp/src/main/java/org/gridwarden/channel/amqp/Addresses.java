package org.gridwarden.channel.amqp;

import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;

/**
 * The addresses of the endpoint: {@code gw/METER/up}, or {@code gw/METER/up/CLASS}, takes what a
 * meter says; {@code gw/up} anybody's that the connection may speak for; {@code
 * gw/METER/down/control} has a meter's orders. Pure functions.
 */
final class Addresses {
  /** Under which any meter's messages are taken, whose key stands behind them. */
  static final String UP = "gw/up";

  private static final String ROOT = "gw/";
  private static final String METERS_UP = "/up";
  private static final String DOWN = "/down/control";

  private Addresses() {}

  /**
   * A place to send to.
   *
   * @param meter whose messages it takes; empty where anybody's
   * @param kind the class that it takes; empty where any
   */
  record Up(Optional<MeterId> meter, Optional<MessageClass> kind) {}

  /** The place of that name; empty where there is none. */
  static Optional<Up> up(String address) {
    if (address.equals(UP)) {
      return Optional.of(new Up(Optional.empty(), Optional.empty()));
    }
    if (!address.startsWith(ROOT)) {
      return Optional.empty();
    }
    String rest = address.substring(ROOT.length());
    if (rest.endsWith(METERS_UP)) {
      return meter(rest, METERS_UP).map(m -> new Up(Optional.of(m), Optional.empty()));
    }
    for (MessageClass kind : List.of(MessageClass.values())) {
      String end = METERS_UP + "/" + kind.word();
      if (rest.endsWith(end)) {
        return meter(rest, end).map(m -> new Up(Optional.of(m), Optional.of(kind)));
      }
    }
    return Optional.empty();
  }

  /** Whose orders are there; empty where nobody's. */
  static Optional<MeterId> down(String address) {
    return address.startsWith(ROOT) && address.endsWith(DOWN)
        ? meter(address.substring(ROOT.length()), DOWN)
        : Optional.empty();
  }

  private static Optional<MeterId> meter(String rest, String end) {
    try {
      return Optional.of(new MeterId(rest.substring(0, rest.length() - end.length())));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}

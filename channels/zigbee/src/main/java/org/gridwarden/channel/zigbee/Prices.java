package org.gridwarden.channel.zigbee;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.Action;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Signed;

/**
 * The prices that meters have taken over this channel since it was started, to be shown.
 * Thread-safe.
 */
final class Prices {
  private final Map<MeterId, PublishedPrice> shown = new ConcurrentHashMap<>();

  /** A meter has confirmed an order; gives the publication of its price where it was one. */
  Optional<Zcl> confirmed(SignedCommand command, Instant now) {
    Optional<PublishedPrice> price = price(command).flatMap(p -> PublishedPrice.of(p, now));
    price.ifPresent(p -> shown.put(command.meter(), p));
    return price.map(p -> publication(p, (int) p.event() & 0xFF, now));
  }

  private static Zcl publication(PublishedPrice price, int sequence, Instant now) {
    return new Zcl(true, true, sequence, PublishedPrice.PUBLISH, price.bytes(now));
  }

  /**
   * Answers a meter that asks for its price: not found, where it has not begun or none is known.
   */
  Zcl answer(MeterId meter, Zcl asked, Instant now) {
    byte[] none = {(byte) asked.command(), (byte) Zcl.NOT_FOUND};
    return Optional.ofNullable(shown.get(meter))
        .filter(p -> p.holds(now))
        .map(p -> publication(p, asked.sequence(), now))
        .orElse(new Zcl(false, true, asked.sequence(), Zcl.DEFAULT_RESPONSE, none));
  }

  /** The meter has verified what is read here. */
  private static Optional<Action.SetPrice> price(SignedCommand command) {
    try {
      Action action = Order.parse(Signed.parse(command.signed()).unverified()).action();
      return action instanceof Action.SetPrice price ? Optional.of(price) : Optional.empty();
    } catch (CommandException e) {
      return Optional.empty();
    }
  }
}

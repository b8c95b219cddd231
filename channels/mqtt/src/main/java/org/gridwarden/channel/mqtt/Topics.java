package org.gridwarden.channel.mqtt;

import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;

/**
 * The topics that there are: {@code gw/<meter>/up/<class>}, where a meter publishes, and {@code
 * gw/<meter>/down/<class>}, where it listens. Pure functions.
 */
final class Topics {
  private static final String ROOT = "gw";
  private static final String UP = "up";
  private static final String DOWN = "down";
  private static final int LEVELS = 4;

  private Topics() {}

  /** Where a message goes up. */
  record Place(MeterId meter, MessageClass kind) {}

  /** The meter and class of a topic that meters publish to; empty where it is another one. */
  static Optional<Place> up(String topic) {
    String[] levels = topic.split("/", LEVELS + 1);
    if (levels.length != LEVELS || !levels[0].equals(ROOT) || !levels[2].equals(UP)) {
      return Optional.empty();
    }
    return MessageClass.of(levels[3])
        .flatMap(kind -> meter(levels[1]).map(meter -> new Place(meter, kind)));
  }

  /** Where orders to a meter are published. */
  static String orders(MeterId meter) {
    return down(meter) + MessageClass.CONTROL.word();
  }

  private static String down(MeterId meter) {
    return ROOT + "/" + meter + "/" + DOWN + "/";
  }

  /** Whether a filter asks for nothing but what goes down to this meter. */
  static boolean isOwn(String filter, MeterId meter) {
    String before = down(meter);
    String last = filter.startsWith(before) ? filter.substring(before.length()) : "";
    return last.equals("#") || last.equals("+") || MessageClass.of(last).isPresent();
  }

  /** Whether such a filter matches where orders are published. */
  static boolean hearsOrders(String filter) {
    return filter.endsWith("/#")
        || filter.endsWith("/+")
        || filter.endsWith("/" + MessageClass.CONTROL.word());
  }

  private static Optional<MeterId> meter(String name) {
    try {
      return Optional.of(new MeterId(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

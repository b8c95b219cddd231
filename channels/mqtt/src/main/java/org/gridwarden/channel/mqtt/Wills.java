package org.gridwarden.channel.mqtt;

import java.time.Duration;
import java.util.Optional;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.listener.Tally;

/**
 * What becomes of wills. A will is a warning that the meter has sealed when it connected: nobody
 * else can leave one, and it is taken as any other message of the meter's is. It hints at an outage
 * and proves none.
 */
final class Wills {
  private Wills() {}

  /** A connection ended without a word. */
  static void left(MqttChannel.Shared shared, String name, Login.Who who, Client.Will will) {
    Thread.ofVirtual()
        .name("mqtt-will")
        .start(() -> {
          try {
            if (!awaited(shared, who, will.delay())) {
              tell(shared, name, will);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Whether the client came again in time. */
  private static boolean awaited(MqttChannel.Shared shared, Login.Who who, Duration delay)
      throws InterruptedException {
    Thread.sleep(delay);
    return shared.names().find(who.name()).isPresent();
  }

  private static void tell(MqttChannel.Shared shared, String name, Client.Will will)
      throws InterruptedException {
    try {
      OfficeInbox.Taken taken =
          shared
              .inbox()
              .take(will.message(), Optional.of(will.meter()), Optional.of(MessageClass.WARNING));
      if (taken instanceof OfficeInbox.Taken.Submitted) {
        shared.tally().count(Tally.What.WILL);
      }
    } catch (MessageException e) {
      shared.tally().fault(Tally.What.MALFORMED, name, "a will: " + e.getMessage());
    }
  }
}

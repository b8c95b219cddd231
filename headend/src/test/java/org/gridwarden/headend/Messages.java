package org.gridwarden.headend;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;

/** Messages for tests. */
final class Messages {
  static final ChannelId VIA = new ChannelId("dlms", "tcp-4059");
  static final Instant AT = Instant.parse("2026-11-24T05:00:00Z");

  private Messages() {}

  static Received bulk(String meter, long counter) {
    return received(meter, counter, List.of());
  }

  static Received alarm(String meter, long counter) {
    MeterId id = new MeterId(meter);
    EventId event = new EventId(new UUID(counter, 7));
    return received(
        meter,
        counter,
        List.of(new Warning(id, event, AT, "tamper.magnet", Severity.FAULT, "A magnet.")));
  }

  static Received received(String meter, long counter, List<Message> content) {
    MessageId id = new MessageId(new MeterId(meter), new byte[] {1}, counter, new byte[32]);
    return new Received(id, VIA, AT, Assurance.MAC, new byte[100], content);
  }
}

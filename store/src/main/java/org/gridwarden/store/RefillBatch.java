package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Received;

/**
 * One transaction of refilling: the readings of messages that were taken before are written again,
 * where they are not there. Windows, evidence and events stay as they are.
 */
final class RefillBatch {
  private final Rooms rooms;
  private final long segment;
  private final List<Received> messages;
  private final BatchContent content;

  /**
   * @param segment where the messages lie
   * @param messages in the order in which they came
   */
  RefillBatch(Rooms rooms, long segment, List<Received> messages, BatchContent.Scope scope) {
    this.rooms = rooms;
    this.segment = segment;
    this.messages = messages;
    this.content = new BatchContent(rooms, scope);
  }

  /** Does all but the commit. */
  int write(Connection c) throws SQLException {
    rooms.dictionary().learn(c, messages.stream().map(m -> m.id().meter()).toList());
    rooms
        .channels()
        .learn(
            c,
            messages.stream()
                .flatMap(m -> rooms.dictionary().meter(m.id().meter()).stream())
                .distinct()
                .toList());
    for (Received message : messages) {
      int meter = rooms.dictionary().meter(message.id().meter()).orElse(-1);
      var zone = rooms.directory().byId(message.id().meter()).map(Meter::zone);
      if (meter >= 0 && zone.isPresent()) {
        for (Message said : message.content()) {
          content.gather(meter, zone.get(), said);
        }
      }
    }
    content.makePartitions();
    content.writeChannels(c);
    content.writeAgain(c, segment);
    return messages.size();
  }

  /** The commit is done. */
  void committed() {
    content.committed();
  }
}

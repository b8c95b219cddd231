package org.gridwarden.core;

import java.time.Instant;
import java.util.List;

/**
 * A message as a channel hands it to intake. Holds {@code raw} without copying: the channel gives
 * it up.
 *
 * @param id what makes it the same message
 * @param via which way it came
 * @param at when, by the office's clock
 * @param how what stands behind it
 * @param raw its bytes as they arrived, kept as evidence
 * @param content what it says; empty where the meter is unknown and nothing could be read
 */
@SuppressWarnings("ArrayRecordComponent") // stated above: ownership passes
public record Received(
    MessageId id, ChannelId via, Instant at, Assurance how, byte[] raw, List<Message> content) {
  public Received {
    content = List.copyOf(content);
  }
}

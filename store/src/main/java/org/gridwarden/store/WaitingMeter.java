package org.gridwarden.store;

import java.time.Instant;
import org.gridwarden.core.ChannelId;

/**
 * A meter that sent something and is not known.
 *
 * @param identity what it called itself: 16 hexadecimal digits of its system title, or its serial
 * @param firstSeen when its first message came
 * @param lastSeen when its latest came
 * @param messages how many came
 * @param via which way the latest came
 * @param sample the first bytes of its latest message, as they arrived
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record WaitingMeter(
    String identity,
    Instant firstSeen,
    Instant lastSeen,
    long messages,
    ChannelId via,
    byte[] sample) {
  public WaitingMeter {
    sample = sample.clone();
  }

  @Override
  public byte[] sample() {
    return sample.clone();
  }
}

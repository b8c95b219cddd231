package org.gridwarden.headend.integrity;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Intake;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;
import org.gridwarden.security.integrity.Fingerprint;

/** Tells through intake what was noticed about a meter; the same thing on a day is one event. */
final class Notices {
  private static final ChannelId VIA = new ChannelId("integrity", "watch");

  private final Intake intake;
  private final InstantSource clock;

  Notices(Intake intake, InstantSource clock) {
    this.intake = intake;
    this.clock = clock;
  }

  void tell(MeterId meter, String code, Severity severity, String text)
      throws InterruptedException {
    Instant now = clock.instant();
    long day = Math.floorDiv(now.getEpochSecond(), 86_400L) * 86_400_000L;
    byte[] words = (meter + " " + code + " " + day + " " + text).getBytes(StandardCharsets.UTF_8);
    UUID same = UUID.nameUUIDFromBytes(words);
    // UUID version 7 (RFC 9562, clause 5.7): milliseconds, then bits that are always the same
    long high = day << 16 | 0x7000 | (same.getMostSignificantBits() & 0x0FFF);
    long low = (same.getLeastSignificantBits() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    Warning warning =
        new Warning(meter, new EventId(new UUID(high, low)), now, code, severity, text);
    MessageId id = new MessageId(meter, new byte[0], -1, Fingerprint.of(words).bytes());
    var _ = intake.submit(new Received(id, VIA, now, Assurance.NONE, words, List.of(warning)));
  }
}

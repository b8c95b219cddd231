package org.gridwarden.headend;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Intake;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Uuid7;
import org.gridwarden.core.Warning;
import org.gridwarden.security.integrity.Fingerprint;

/**
 * Tells through intake what the office itself noticed about a meter. The same thing within a period
 * is one event. Thread-safe.
 */
public final class OfficeWarnings {
  private final Intake intake;
  private final ChannelId via;
  private final Duration period;

  /**
   * @param via who notices
   * @param period within which the same thing is told once; whole seconds
   */
  public OfficeWarnings(Intake intake, ChannelId via, Duration period) {
    this.intake = intake;
    this.via = via;
    this.period = period;
  }

  /**
   * Tells.
   *
   * @param same what makes it the same thing, beside meter, code and period
   * @param text one sentence for a person
   */
  public void tell(
      MeterId meter, Instant at, String code, Severity severity, String same, String text)
      throws InterruptedException {
    long seconds = period.toSeconds();
    Instant began = Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
    String what = meter + " " + code + " " + began;
    Warning warning =
        new Warning(
            meter,
            new EventId(Uuid7.named(began, same.isEmpty() ? what : what + " " + same)),
            at,
            code,
            severity,
            text,
            Warning.Source.OFFICE);
    byte[] words = (what + " " + text).getBytes(StandardCharsets.UTF_8);
    MessageId id = new MessageId(meter, new byte[0], -1, Fingerprint.of(words).bytes());
    var _ = intake.submit(new Received(id, via, at, Assurance.NONE, words, List.of(warning)));
  }
}

package org.gridwarden.headend.integrity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.AuditLog;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Intake;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.headend.OfficeWarnings;
import org.gridwarden.security.audit.TreeHash;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.integrity.Fingerprint;
import org.gridwarden.security.integrity.IntegrityLink;
import org.gridwarden.store.IntegrityBook;

/**
 * Compares what meters say of their configuration with what they said before. A change that a
 * confirmed command explains, or a person, is vouched for anew; any other is raised. Thread-safe.
 */
public final class ConfigurationWatch {
  private static final String KIND = "configuration";

  /** What a meter's configuration is made of. */
  public enum Part {
    /** Its objects and the attributes that an operator may set. */
    OBJECTS(List.of("configure", "set-tariff", "update-firmware", "change-keys")),
    /** What turns pulses into energy: nobody sets it from afar. */
    CALIBRATION(List.of()),
    /** Which firmware it says it runs. */
    FIRMWARE(List.of("update-firmware")),
    /** Whom it lets in, and what those may do. */
    ACCESS(List.of("configure", "update-firmware"));

    private final List<String> explained;

    Part(List<String> explained) {
      this.explained = explained;
    }
  }

  /** What came of a comparison. */
  public sealed interface Outcome {
    /** It was seen for the first time, and is vouched for from now on. */
    record First() implements Outcome {}

    /** It is as it was. */
    record Same() implements Outcome {}

    /** It was changed as a confirmed command would have it. */
    record Renewed(String reason) implements Outcome {}

    /** It was changed, and nothing explains it: an event was raised. */
    record Changed(String why) implements Outcome {}
  }

  private final UnitOfWork work;
  private final IntegrityBook book;
  private final Chain chain;
  private final OfficeWarnings warnings;
  private final InstantSource clock;

  public ConfigurationWatch(
      UnitOfWork work,
      IntegrityBook book,
      AuditLog audit,
      Signer signer,
      Intake intake,
      InstantSource clock) {
    this.work = work;
    this.book = book;
    this.chain = new Chain(book, audit, signer, clock);
    this.warnings =
        new OfficeWarnings(intake, new ChannelId("integrity", "watch"), Duration.ofDays(1));
    this.clock = clock;
  }

  /**
   * Holds a part of a meter's configuration, as it was read just now, against what it was.
   *
   * @param readout encoded values by name, such as {@code 1.0.0.4.3.255:1:2}
   */
  public Outcome compare(MeterId meter, Part part, Map<String, byte[]> readout)
      throws InterruptedException {
    String subject = subject(meter, part);
    TreeHash now = Fingerprint.of(readout);
    String name = part.name().toLowerCase(Locale.ROOT);
    Optional<IntegrityLink> before;
    try {
      before = chain.latest(KIND, subject);
    } catch (CommandException e) {
      return changed(
          meter, "the fingerprint of its " + name + " was tampered with: " + e.getMessage());
    }
    if (before.isEmpty()) {
      vouch(subject, now, "read for the first time");
      return new Outcome.First();
    }
    if (before.get().hash().equals(now)) {
      return new Outcome.Same();
    }
    Optional<Instant> confirmed = book.lastConfirmed(meter.value(), part.explained);
    if (confirmed.filter(before.get().at()::isBefore).isPresent()) {
      String reason = "a command that was confirmed at " + confirmed.get();
      vouch(subject, now, reason);
      return new Outcome.Renewed(reason);
    }
    return changed(
        meter,
        "The meter's "
            + name
            + " is not what it was at "
            + before.get().at()
            + ", and no confirmed command changed it");
  }

  /** A person says that a change is right: it is vouched for as it was read just now. */
  public void accept(
      MeterId meter, Part part, Map<String, byte[]> readout, String reason, Actor by) {
    vouch(subject(meter, part), Fingerprint.of(readout), by.name() + ": " + reason);
  }

  /** It is as the office wants it: vouched for, where it was not so already. */
  public void settle(MeterId meter, Part part, Map<String, byte[]> readout, String reason) {
    String subject = subject(meter, part);
    TreeHash now = Fingerprint.of(readout);
    boolean known;
    try {
      known = chain.latest(KIND, subject).filter(link -> link.hash().equals(now)).isPresent();
    } catch (CommandException e) {
      known = false; // tampered with: what is vouched for now stands
    }
    if (!known) {
      vouch(subject, now, reason);
    }
  }

  /** Raises that a meter is not as the office wants it. */
  public void raise(MeterId meter, String why) throws InterruptedException {
    var _ = changed(meter, why);
  }

  private Outcome changed(MeterId meter, String why) throws InterruptedException {
    warnings.tell(meter, clock.instant(), "integrity.changed", Severity.CRITICAL, why, why);
    return new Outcome.Changed(why);
  }

  private void vouch(String subject, TreeHash hash, String reason) {
    work.call(tx -> chain.add(tx, KIND, subject, hash, reason));
  }

  private static String subject(MeterId meter, Part part) {
    return meter.value() + " " + part.name().toLowerCase(Locale.ROOT);
  }
}

package org.gridwarden.headend.integrity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import org.gridwarden.core.AuditLog;
import org.gridwarden.core.Capture;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Intake;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Tx;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.core.Usage;
import org.gridwarden.headend.OfficeWarnings;
import org.gridwarden.security.audit.TreeHash;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.integrity.Fingerprint;
import org.gridwarden.security.integrity.IntegrityLink;
import org.gridwarden.store.IntegrityBook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vouches for the raw day rows of closed days, and notices where they were changed by anything but
 * the office's intake. A day is vouched for two days after it: each meter's rows as a hash, and all
 * of them in one signed link. What comes late is noted, signed, before it is stored; where rows
 * differ and nothing came late, they were changed behind the office's back. Thread-safe.
 */
public final class DataWatch {
  private static final Logger LOG = LoggerFactory.getLogger(DataWatch.class);
  private static final String DAY = "day";
  private static final String LATE = "late";

  /** So many days after its own a day is vouched for. */
  private static final int CLOSED_AFTER = 2;

  /** So many days back it is looked for days of which something came at last. */
  private static final int RECENT = 40;

  /** What was noted may take so long until it is stored and folded. */
  private static final Duration ON_ITS_WAY = Duration.ofMinutes(10);

  private final UnitOfWork work;
  private final IntegrityBook book;
  private final Chain chain;
  private final MeterDirectory meters;
  private final OfficeWarnings warnings;
  private final Runnable fold;
  private final InstantSource clock;
  private final ConcurrentSkipListSet<LocalDate> vouched = new ConcurrentSkipListSet<>();
  private final Set<String> noted = ConcurrentHashMap.newKeySet();
  private LocalDate next = LocalDate.MIN;
  private boolean first = true;

  /**
   * @param signer the office's key, which is not in the database
   * @param fold brings into the day rows what waits beside them
   */
  public DataWatch(
      UnitOfWork work,
      IntegrityBook book,
      AuditLog audit,
      Signer signer,
      MeterDirectory meters,
      Intake intake,
      Runnable fold,
      InstantSource clock) {
    this.work = work;
    this.book = book;
    this.chain = new Chain(book, audit, signer, clock);
    this.meters = meters;
    this.warnings =
        new OfficeWarnings(intake, new ChannelId("integrity", "watch"), Duration.ofDays(1));
    this.fold = fold;
    this.clock = clock;
    vouched.addAll(book.vouched());
  }

  /**
   * Something that is not as it was vouched for.
   *
   * @param meter whose; empty where it is of all
   */
  public record Finding(LocalDate day, Optional<MeterId> meter, String what) {}

  /** Vouches for days that have closed, and looks at one that was vouched for before. */
  public synchronized void look() {
    fold.run();
    LocalDate last = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(CLOSED_AFTER);
    for (LocalDate day : closed(last)) {
      vouch(day, book.now(day), "closed");
    }
    LocalDate turn = vouched.higher(next);
    next = turn == null ? LocalDate.MIN : turn;
    if (turn != null) {
      for (Finding finding : check(turn)) {
        tell(finding);
      }
    }
  }

  /**
   * Days that are not vouched for: all of them at first, which reads every row, then recent ones.
   */
  private List<LocalDate> closed(LocalDate last) {
    List<LocalDate> days = new ArrayList<>();
    if (first) {
      days.addAll(book.days(last));
      days.removeAll(vouched);
      first = false;
    } else {
      for (LocalDate day = last.minusDays(RECENT); !day.isAfter(last); day = day.plusDays(1)) {
        if (!vouched.contains(day) && book.has(day)) {
          days.add(day);
        }
      }
    }
    return days;
  }

  private void tell(Finding finding) {
    LOG.error("integrity: {} {} {}", finding.day(), finding.meter(), finding.what());
    if (finding.meter().isPresent()) {
      try {
        String text = finding.day() + ": " + finding.what();
        warnings.tell(
            finding.meter().get(),
            clock.instant(),
            "integrity.changed",
            Severity.CRITICAL,
            text,
            text);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void vouch(LocalDate day, Map<String, byte[]> hashes, String reason) {
    work.call(tx -> {
      book.keep(tx, day, hashes);
      return chain.add(tx, DAY, day.toString(), Fingerprint.of(hashes), reason);
    });
    vouched.add(day);
  }

  /**
   * Looks at every day that was vouched for, and at the chain itself; changes and tells nothing.
   */
  public synchronized List<Finding> checkAll() {
    List<Finding> all = new ArrayList<>();
    chain
        .fault()
        .ifPresent(f -> all.add(new Finding(LocalDate.EPOCH, Optional.empty(), "the chain: " + f)));
    for (LocalDate day : vouched) {
      all.addAll(look(day).findings());
    }
    return all;
  }

  /** Looks at a day, and vouches anew for what came late. */
  synchronized List<Finding> check(LocalDate day) {
    noted.removeIf(subject -> subject.startsWith(day + " ")); // what comes from now on counts anew
    fold.run();
    Seen seen = look(day);
    if (!seen.renewed().isEmpty()) {
      Map<String, byte[]> hashes = new TreeMap<>(seen.kept());
      seen.renewed().forEach((meter, hash) -> hashes.put(meter, hash));
      vouch(day, hashes, "late data of " + seen.renewed().size() + " meters");
    }
    return seen.findings();
  }

  /**
   * How a day is.
   *
   * @param kept the fingerprints as they were vouched for
   * @param renewed those of meters of which something came late
   */
  private record Seen(
      Map<String, byte[]> kept, Map<String, byte[]> renewed, List<Finding> findings) {}

  private Seen look(LocalDate day) {
    Map<String, byte[]> kept = book.kept(day);
    Map<String, byte[]> now = book.now(day);
    Map<String, byte[]> renewed = new TreeMap<>();
    List<Finding> findings = new ArrayList<>();
    IntegrityLink link;
    try {
      Optional<IntegrityLink> latest = chain.latest(DAY, day.toString());
      if (latest.isEmpty() || !latest.get().hash().equals(Fingerprint.of(kept))) {
        findings.add(
            new Finding(
                day, Optional.empty(), "the list of fingerprints is not the one that was signed"));
        return new Seen(kept, renewed, findings);
      }
      link = latest.get();
    } catch (CommandException e) {
      findings.add(new Finding(day, Optional.empty(), String.valueOf(e.getMessage())));
      return new Seen(kept, renewed, findings);
    }
    Set<String> all = new TreeSet<>(kept.keySet());
    all.addAll(now.keySet());
    for (String meter : all) {
      byte[] before = kept.get(meter);
      byte[] after = now.get(meter);
      if (Arrays.equals(before, after)) {
        continue;
      }
      if (after != null && late(day, meter, link)) {
        renewed.put(meter, after);
      } else {
        findings.add(
            new Finding(
                day,
                Optional.of(new MeterId(meter)),
                after == null
                    ? "the stored values are gone"
                    : before == null
                        ? "values stand there that did not come through intake"
                        : "stored values were changed, and not by anything that came in"));
      }
    }
    return new Seen(kept, renewed, findings);
  }

  /**
   * Has something of a meter deleted that people decided to erase, and vouches for its days without
   * it, in one transaction: neither is there without the other.
   *
   * @param days which days it touches
   * @param deletion deletes, in the transaction given
   * @return what the deletion gave
   */
  public synchronized <T> T erase(
      MeterId meter, Collection<LocalDate> days, Function<Tx, T> deletion) {
    Map<LocalDate, Map<String, byte[]>> left = new TreeMap<>();
    for (LocalDate day : days) {
      if (vouched.contains(day)) {
        Map<String, byte[]> hashes = new TreeMap<>(book.kept(day));
        hashes.remove(meter.value());
        left.put(day, hashes);
      }
    }
    T done =
        work.call(tx -> {
          T result = deletion.apply(tx);
          left.forEach((day, hashes) -> {
            book.keep(tx, day, hashes);
            chain.add(tx, DAY, day.toString(), Fingerprint.of(hashes), "erasure");
            // a day that was erased in part: what is left is vouched for at the next look
            chain.add(tx, LATE, day + " " + meter.value(), TreeHash.empty(), "erasure");
          });
          return result;
        });
    return done;
  }

  /**
   * Has days deleted that are no longer kept, and vouches for them as empty.
   *
   * @param keepFrom the first day that is kept
   * @param deletion deletes, in the transaction given
   * @return what the deletion gave
   */
  public synchronized <T> T forget(LocalDate keepFrom, Function<Tx, T> deletion) {
    List<LocalDate> old =
        vouched.headSet(keepFrom).stream().filter(day -> !book.kept(day).isEmpty()).toList();
    return work.call(tx -> {
      T result = deletion.apply(tx);
      for (LocalDate day : old) {
        book.keep(tx, day, Map.of());
        chain.add(tx, DAY, day.toString(), Fingerprint.of(Map.of()), "retention");
      }
      return result;
    });
  }

  private boolean late(LocalDate day, String meter, IntegrityLink since) {
    try {
      return chain
          .latest(LATE, day + " " + meter)
          .filter(l -> l.n() > since.n() || l.at().isAfter(clock.instant().minus(ON_ITS_WAY)))
          .isPresent();
    } catch (CommandException e) {
      return false;
    }
  }

  /**
   * Notes which days that were vouched for a batch will change; to be called before it is stored,
   * so that whatever is stored was noted.
   */
  public void before(List<Received> batch) {
    if (vouched.isEmpty()) {
      return;
    }
    Instant horizon = vouched.last().plusDays(2).atStartOfDay(ZoneOffset.UTC).toInstant();
    Set<String> late = new HashSet<>();
    for (Received received : batch) {
      for (Message message : received.content()) {
        if (message instanceof Usage usage) {
          ZoneId zone = meters.byId(usage.meter()).map(m -> m.zone()).orElse(ZoneOffset.UTC);
          days(usage, zone, horizon).stream()
              .filter(vouched::contains)
              .map(day -> day + " " + usage.meter().value())
              .forEach(late::add);
        }
      }
    }
    late.removeIf(noted::contains);
    if (!late.isEmpty()) {
      work.call(tx -> {
        for (String subject : late) {
          chain.add(tx, LATE, subject, TreeHash.empty(), "a message that came late");
        }
        return late;
      });
      noted.addAll(late);
    }
  }

  private static Set<LocalDate> days(Usage usage, ZoneId zone, Instant horizon) {
    Set<LocalDate> days = new HashSet<>();
    for (IntervalBlock block : usage.blocks()) {
      days.add(block.day().date());
    }
    for (Slot slot : usage.slots()) {
      if (slot.start().isBefore(horizon)) {
        days.add(LocalDate.ofInstant(slot.start(), zone));
      }
    }
    for (Capture capture : usage.captures()) {
      // with its neighbours it makes the interval before it, and the one after
      if (capture.at().minus(capture.length()).isBefore(horizon)) {
        days.add(LocalDate.ofInstant(capture.at().minus(capture.length()), zone));
        days.add(LocalDate.ofInstant(capture.at(), zone));
      }
    }
    return days;
  }
}

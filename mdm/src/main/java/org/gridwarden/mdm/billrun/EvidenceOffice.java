package org.gridwarden.mdm.billrun;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.mdm.proof.DayRecord;
import org.gridwarden.mdm.proof.ReceivedRecord;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.security.audit.SignedCheckpoint;
import org.gridwarden.security.audit.TreeHash;
import org.gridwarden.store.Evidence;
import org.gridwarden.store.EvidenceTree;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits to readings before they are billed: each meter's days and each day's raw messages become
 * leaves of the evidence tree, whose head the office signs and tells the audit log, so that its
 * witnesses keep it as well. A day that changed since, by late data or an edit, is committed to
 * again under its next revision; the leaves of before stay. Thread-safe.
 */
public final class EvidenceOffice {
  private static final Logger LOG = LoggerFactory.getLogger(EvidenceOffice.class);
  private static final Actor EVIDENCE = Actor.system("evidence");

  /** A message that came at midnight is stored by then. */
  private static final Duration ON_ITS_WAY = Duration.ofMinutes(15);

  private static final int AT_ONCE = 5_000;

  private final Store store;
  private final LogKey key;
  private final StoredDays days;
  private final InstantSource clock;
  private final SecureRandom random;

  /** Over a store, under the audit log's key. */
  public EvidenceOffice(Store store, LogKey key, SecureRandom random, InstantSource clock) {
    this.store = store;
    this.key = key;
    this.days = new StoredDays(store);
    this.random = random;
    this.clock = clock;
  }

  /**
   * Commits to a meter's days as they are now.
   *
   * @param to the day after the last
   * @return how many leaves were added
   */
  public int commit(MeterId meter, ZoneId zone, LocalDate from, LocalDate to) {
    List<StoredDays.ChannelDay> now = days.read(meter, zone, from, to);
    return exclusively(tx -> {
      List<EvidenceTree.Fresh> fresh = new ArrayList<>();
      var unused = settle(meter, now, fresh, new HashMap<>());
      return store.evidenceTree().append(tx, fresh).size();
    });
  }

  /** Does something in a transaction while nobody else commits to anything. */
  synchronized <T> T exclusively(Function<Tx, T> work) {
    return store.unitOfWork().call(work);
  }

  /** A meter's days as they are now, not yet committed to. */
  List<StoredDays.ChannelDay> read(MeterId meter, ZoneId zone, LocalDate from, LocalDate to) {
    return days.read(meter, zone, from, to);
  }

  /** A day that becomes a leaf with the transaction. */
  record PendingDay(MeterId meter, SlotVersions.Channel channel, LocalDate date) {}

  /**
   * The records of days, each as the leaf that it is or will be.
   *
   * @param fresh gets what has to be added for it
   * @param pending what was settled in this transaction before, and is no leaf yet for others
   */
  List<DayRecord> settle(
      MeterId meter,
      List<StoredDays.ChannelDay> now,
      List<EvidenceTree.Fresh> fresh,
      Map<PendingDay, DayRecord> pending) {
    Map<SlotVersions.Channel, Map<LocalDate, EvidenceTree.Leaf>> known = new HashMap<>();
    List<DayRecord> records = new ArrayList<>(now.size());
    for (StoredDays.ChannelDay day : now) {
      LocalDate date = day.record().date();
      PendingDay key = new PendingDay(meter, day.channel(), date);
      Optional<DayRecord> before = Optional.ofNullable(pending.get(key));
      if (before.isPresent()
          && day.record().as(before.get().revision(), before.get().salt()).equals(before.get())) {
        records.add(before.get());
        continue;
      }
      Optional<EvidenceTree.Leaf> leaf =
          Optional.ofNullable(
              known.computeIfAbsent(day.channel(), c -> leaves(meter, c, now)).get(date));
      Optional<DayRecord> same =
          leaf.filter(l -> l.salt().length > 0)
              .map(l -> day.record().as(l.revision(), HexFormat.of().formatHex(l.salt())))
              .filter(r -> r.leaf().equals(leaf.get().hash()));
      if (same.isPresent() && before.isEmpty()) {
        records.add(same.get());
        continue;
      }
      byte[] salt = salt();
      int revision =
          before
              .map(DayRecord::revision)
              .orElseGet(() -> leaf.map(EvidenceTree.Leaf::revision).orElse(0));
      DayRecord record = day.record().as(1 + revision, HexFormat.of().formatHex(salt));
      pending.put(key, record);
      fresh.add(
          EvidenceTree.Fresh.day(
              meter, day.channel(), date, record.revision(), record.leaf(), salt));
      records.add(record);
    }
    return records;
  }

  private Map<LocalDate, EvidenceTree.Leaf> leaves(
      MeterId meter, SlotVersions.Channel channel, List<StoredDays.ChannelDay> now) {
    LocalDate first = LocalDate.MAX;
    LocalDate last = LocalDate.MIN;
    for (StoredDays.ChannelDay day : now) {
      LocalDate date = day.record().date();
      first = date.isBefore(first) ? date : first;
      last = date.isAfter(last) ? date : last;
    }
    return store.evidenceTree().days(meter, channel, first, last.plusDays(1));
  }

  /**
   * Commits to the raw messages of days (UTC) that are over, the earliest first.
   *
   * @param most how many days at most
   * @return how many days
   */
  public synchronized int commitReceived(int most) {
    Optional<LocalDate> first = store.evidenceTree().firstReceived();
    LocalDate end =
        LocalDate.ofInstant(clock.instant().minus(ON_ITS_WAY), ZoneOffset.UTC); // exclusive
    int done = 0;
    for (LocalDate day = first.orElse(end);
        day.isBefore(end) && done < most;
        day = day.plusDays(1)) {
      if (!store.evidenceTree().receivedIsDone(day)) {
        received(day);
        done++;
      }
    }
    return done;
  }

  private void received(LocalDate day) {
    Map<String, ReceivedRecord.Chain> chains = new TreeMap<>();
    store
        .evidence()
        .walk(
            day,
            day,
            new Evidence.Visitor() {
              @Override
              public void segment(long id, Instant received, List<Evidence.Message> messages) {
                for (Evidence.Message message : messages) {
                  chains
                      .computeIfAbsent(message.meter().value(), m -> new ReceivedRecord.Chain())
                      .add(ReceivedRecord.Message.of(message.counter(), message.bytes()));
                }
              }

              @Override
              public void damaged(long id, List<MeterId> meters, String why) {
                LOG.error("evidence segment {} cannot be committed to: {}", id, why);
              }
            });
    store
        .unitOfWork()
        .call(tx -> {
          List<EvidenceTree.Fresh> fresh = new ArrayList<>();
          for (Map.Entry<String, ReceivedRecord.Chain> one : chains.entrySet()) {
            byte[] salt = salt();
            ReceivedRecord record =
                new ReceivedRecord(
                    one.getKey(),
                    day,
                    one.getValue().count(),
                    one.getValue().hex(),
                    HexFormat.of().formatHex(salt));
            fresh.add(
                EvidenceTree.Fresh.received(
                    new MeterId(one.getKey()),
                    day,
                    record.leaf(),
                    salt,
                    new EvidenceTree.Messages(record.count(), hash(record.chain()))));
            if (fresh.size() == AT_ONCE) {
              store.evidenceTree().append(tx, fresh);
              fresh.clear();
            }
          }
          store.evidenceTree().append(tx, fresh);
          store.evidenceTree().receivedIsDone(tx, day, chains.size());
          return chains.size();
        });
  }

  /** The records of a meter's raw messages that are committed to, by day of receipt. */
  List<ReceivedRecord> received(MeterId meter, LocalDate from, LocalDate to) {
    List<ReceivedRecord> records = new ArrayList<>();
    store
        .evidenceTree()
        .received(meter, from, to)
        .forEach((day, leaf) -> {
          if (leaf.salt().length > 0 && leaf.messages().isPresent()) {
            records.add(
                new ReceivedRecord(
                    meter.value(),
                    day,
                    leaf.messages().get().count(),
                    leaf.messages().get().chain().toString(),
                    HexFormat.of().formatHex(leaf.salt())));
          }
        });
    return records;
  }

  /**
   * Signs what the tree has become, where it has grown.
   *
   * @return whether it had
   */
  public synchronized boolean sign() {
    EvidenceTree.Head head = store.evidenceTree().head();
    if (head.size() <= store.evidenceTree().signed()) {
      return false;
    }
    SignedCheckpoint signed = key.signEvidence(head.size(), head.root(), clock.instant());
    store
        .unitOfWork()
        .call(tx -> {
          store.evidenceTree().keep(tx, signed);
          // the audit log's witnesses keep it, too: none can be taken back unnoticed
          return told(tx, head);
        });
    return true;
  }

  private long told(Tx tx, EvidenceTree.Head head) {
    String detail = head.size() + " " + head.root();
    return store
        .auditLog()
        .append(tx, EVIDENCE, "evidence.signed", detail.getBytes(StandardCharsets.UTF_8));
  }

  /** The name of the tree: it follows from the office's key. */
  String name() {
    return LogKey.evidenceName(key.signer().publicKey());
  }

  /** 16 random bytes. */
  byte[] salt() {
    byte[] salt = new byte[16];
    random.nextBytes(salt);
    return salt;
  }

  private static TreeHash hash(String hex) {
    return TreeHash.of(HexFormat.of().parseHex(hex));
  }
}

package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.security.audit.MerkleTree;
import org.gridwarden.security.audit.SignedCheckpoint;
import org.gridwarden.security.audit.TreeHash;

/**
 * The tree of what the office committed to: meters' days, days' raw messages, bills. Leaves are
 * only ever added, in the transaction of what they are about. What a leaf's record is is none of
 * the store's business: it keeps hashes. Thread-safe, also between processes: one at a time adds.
 */
public final class EvidenceTree {
  private static final long LOCK = 0x4757_4556_4944_454EL; // GWEVIDEN

  private final Transactions transactions;
  private final Dictionary dictionary;
  private final Channels channels;
  private final InstantSource clock;

  EvidenceTree(
      Transactions transactions, Dictionary dictionary, Channels channels, InstantSource clock) {
    this.transactions = transactions;
    this.dictionary = dictionary;
    this.channels = channels;
    this.clock = clock;
  }

  /** What a leaf is about; the ordinal is stored. */
  public enum Kind {
    /** The slots of a meter's civil day. */
    DAY,
    /** The raw messages of a meter that were received on a day. */
    RECEIVED,
    /** A bill. */
    BILL
  }

  /**
   * A leaf to be.
   *
   * @param meter whose; empty for bills
   * @param channel of a day's slots; empty for others
   * @param day civil day of slots, UTC day of messages; empty for bills
   * @param revision how often the same was committed to, this time among them
   * @param salt what is in the record so that it cannot be guessed; may be empty
   * @param messages how many, and the digest over them; empty for others
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on at once
  public record Fresh(
      Kind kind,
      Optional<MeterId> meter,
      Optional<SlotVersions.Channel> channel,
      Optional<LocalDate> day,
      int revision,
      TreeHash hash,
      byte[] salt,
      Optional<Messages> messages) {
    /** A day's slots. */
    public static Fresh day(
        MeterId meter,
        SlotVersions.Channel channel,
        LocalDate day,
        int revision,
        TreeHash hash,
        byte[] salt) {
      return new Fresh(
          Kind.DAY,
          Optional.of(meter),
          Optional.of(channel),
          Optional.of(day),
          revision,
          hash,
          salt,
          Optional.empty());
    }

    /** A day's messages. */
    public static Fresh received(
        MeterId meter, LocalDate day, TreeHash hash, byte[] salt, Messages messages) {
      return new Fresh(
          Kind.RECEIVED,
          Optional.of(meter),
          Optional.empty(),
          Optional.of(day),
          1,
          hash,
          salt,
          Optional.of(messages));
    }

    /** A bill's. */
    public static Fresh bill(TreeHash hash) {
      return new Fresh(
          Kind.BILL,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          1,
          hash,
          new byte[0],
          Optional.empty());
    }
  }

  /**
   * Raw messages of a day.
   *
   * @param count how many
   * @param chain the digest over them in the order of receipt
   */
  public record Messages(int count, TreeHash chain) {}

  /**
   * A leaf.
   *
   * @param index its place in the tree
   * @param salt empty where it was erased
   * @param messages of a day's messages; empty for others
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Leaf(
      long index, int revision, TreeHash hash, byte[] salt, Optional<Messages> messages) {}

  /**
   * Adds leaves, and holds the tree until the transaction ends.
   *
   * @return their indices, in order
   * @throws StoreException where a meter is not registered
   */
  public List<Long> append(Tx tx, List<Fresh> fresh) {
    if (fresh.isEmpty()) {
      return List.of();
    }
    Connection c = PgTx.of(tx);
    try {
      try (PreparedStatement lock = c.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
        lock.setLong(1, LOCK);
        lock.execute();
      }
      return add(c, size(c), fresh);
    } catch (SQLException e) {
      throw StoreException.of("adding to the evidence tree", e);
    }
  }

  private List<Long> add(Connection c, long size, List<Fresh> fresh) throws SQLException {
    List<Long> indices = new ArrayList<>(fresh.size());
    TreeTiles tiles = new TreeTiles(c, TreeTiles.Tree.EVIDENCE);
    OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO evidence_leaf (leaf, at, meter, channel, revision, day, kind, hash, salt,"
                + " messages, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      long next = size;
      for (Fresh one : fresh) {
        tiles.add(next, one.hash());
        s.setLong(1, next);
        s.setObject(2, now);
        s.setObject(3, one.meter().map(this::number).orElse(null), Types.INTEGER);
        s.setObject(4, one.channel().map(this::row).orElse(null), Types.INTEGER);
        s.setInt(5, one.revision());
        s.setObject(6, one.day().orElse(null), Types.DATE);
        s.setInt(7, one.kind().ordinal());
        s.setBytes(8, one.hash().bytes());
        s.setBytes(9, one.salt().length == 0 ? null : one.salt());
        s.setObject(10, one.messages().map(Messages::count).orElse(null), Types.INTEGER);
        s.setBytes(11, one.messages().map(m -> m.chain().bytes()).orElse(null));
        s.addBatch();
        indices.add(next++);
      }
      s.executeBatch();
    }
    tiles.write();
    return indices;
  }

  /** The last leaf of each of a meter's days of slots, by day. */
  public Map<LocalDate, Leaf> days(
      MeterId meter, SlotVersions.Channel channel, LocalDate from, LocalDate to) {
    return latest(Kind.DAY, meter, row(channel), from, to);
  }

  /** The last leaf of each day on which messages of a meter were received, by day. */
  public Map<LocalDate, Leaf> received(MeterId meter, LocalDate from, LocalDate to) {
    return latest(Kind.RECEIVED, meter, 0, from, to);
  }

  private Map<LocalDate, Leaf> latest(
      Kind kind, MeterId meter, int channel, LocalDate from, LocalDate to) {
    return transactions.run(
        "reading the evidence tree",
        c -> {
          Map<LocalDate, Leaf> found = new TreeMap<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT DISTINCT ON (day) day, leaf, revision, hash, salt, messages, chain"
                      + " FROM evidence_leaf WHERE meter = ? AND kind = ? AND day >= ? AND day < ?"
                      + (kind == Kind.DAY ? " AND channel = ?" : "")
                      + " AND kind < 2 ORDER BY day, revision DESC")) {
            s.setInt(1, number(meter));
            s.setInt(2, kind.ordinal());
            s.setObject(3, from);
            s.setObject(4, to);
            if (kind == Kind.DAY) {
              s.setInt(5, channel);
            }
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                byte[] salt = r.getBytes(5);
                byte[] chain = r.getBytes(7);
                found.put(
                    r.getObject(1, LocalDate.class),
                    new Leaf(
                        r.getLong(2),
                        r.getInt(3),
                        TreeHash.of(r.getBytes(4)),
                        salt == null ? new byte[0] : salt,
                        chain == null
                            ? Optional.empty()
                            : Optional.of(new Messages(r.getInt(6), TreeHash.of(chain)))));
              }
            }
          }
          return found;
        });
  }

  /** Where a meter's leaves of days that touch a span stand, all revisions, by their hash. */
  public Map<TreeHash, Long> indices(MeterId meter, LocalDate from, LocalDate to) {
    return transactions.run(
        "reading the evidence tree",
        c -> {
          Map<TreeHash, Long> found = new HashMap<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT leaf, hash FROM evidence_leaf WHERE meter = ? AND kind < 2"
                      + " AND day BETWEEN ? AND ?")) {
            s.setInt(1, number(meter));
            s.setObject(2, from);
            s.setObject(3, to);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.put(TreeHash.of(r.getBytes(2)), r.getLong(1));
              }
            }
          }
          return found;
        });
  }

  /** Whether all messages that were received on a day (UTC) are committed to. */
  public boolean receivedIsDone(LocalDate day) {
    return transactions.run(
        "reading the evidence tree",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("SELECT FROM evidence_received WHERE day = ?")) {
            s.setObject(1, day);
            try (ResultSet r = s.executeQuery()) {
              return r.next();
            }
          }
        });
  }

  /** Notes that they are. */
  public void receivedIsDone(Tx tx, LocalDate day, int meters) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO evidence_received (day, at, meters) VALUES (?, ?, ?)"
                    + " ON CONFLICT DO NOTHING")) {
      s.setObject(1, day);
      s.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
      s.setInt(3, meters);
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("noting a day's messages", e);
    }
  }

  /** The first day (UTC) of which raw messages are kept; empty where there are none. */
  public Optional<LocalDate> firstReceived() {
    return transactions.run(
        "reading evidence",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement("SELECT min(day) FROM evidence WHERE segment > 0");
              ResultSet r = s.executeQuery()) {
            r.next();
            return Optional.ofNullable(r.getObject(1, LocalDate.class));
          }
        });
  }

  /**
   * How large it is, and its root.
   *
   * @param size how many leaves
   */
  public record Head(long size, TreeHash root) {}

  /** What it is now. */
  public Head head() {
    return transactions.run(
        "reading the evidence tree",
        c -> {
          long size = size(c);
          return new Head(size, MerkleTree.root(new TreeTiles(c, TreeTiles.Tree.EVIDENCE), size));
        });
  }

  /** The size that was last signed; 0 where none was. */
  public long signed() {
    return transactions.run(
        "reading a checkpoint",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement("SELECT coalesce(max(size), 0) FROM evidence_checkpoint");
              ResultSet r = s.executeQuery()) {
            r.next();
            return r.getLong(1);
          }
        });
  }

  /** Keeps what the office signed; the same size again changes nothing. */
  public void keep(Tx tx, SignedCheckpoint signed) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO evidence_checkpoint (size, at, text) VALUES (?, ?, ?)"
                    + " ON CONFLICT DO NOTHING")) {
      s.setLong(1, signed.checkpoint().size());
      s.setObject(2, signed.checkpoint().at().atOffset(ZoneOffset.UTC));
      s.setString(3, signed.text());
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("keeping a checkpoint", e);
    }
  }

  /**
   * That leaves stand in the tree.
   *
   * @param checkpoint the signed checkpoint, as text
   * @param paths by leaf, from its sibling to the root's
   */
  public record Proof(String checkpoint, Map<Long, List<TreeHash>> paths) {}

  /**
   * Shows that leaves stand in the first tree that was signed with all of them.
   *
   * @return empty where no checkpoint covers them yet
   */
  public Optional<Proof> prove(Collection<Long> leaves) {
    long last = leaves.stream().mapToLong(Long::longValue).max().orElse(0);
    return transactions.run(
        "proving leaves",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT size, text FROM evidence_checkpoint WHERE size > ? ORDER BY size"
                      + " LIMIT 1")) {
            s.setLong(1, last);
            try (ResultSet r = s.executeQuery()) {
              if (!r.next()) {
                return Optional.empty();
              }
              long size = r.getLong(1);
              TreeTiles tiles = new TreeTiles(c, TreeTiles.Tree.EVIDENCE);
              Map<Long, List<TreeHash>> paths = new HashMap<>();
              for (long leaf : leaves) {
                paths.put(leaf, MerkleTree.inclusion(tiles, leaf, size));
              }
              return Optional.of(new Proof(r.getString(2), paths));
            }
          }
        });
  }

  private static long size(Connection c) throws SQLException {
    try (PreparedStatement s =
            c.prepareStatement("SELECT coalesce(max(leaf) + 1, 0) FROM evidence_leaf");
        ResultSet r = s.executeQuery()) {
      r.next();
      return r.getLong(1);
    }
  }

  private int row(SlotVersions.Channel channel) {
    return channels
        .of(
            channel.obis(),
            Math.toIntExact(channel.slot().toSeconds()),
            channel.unit(),
            channel.scaler())
        .id();
  }

  private int number(MeterId meter) {
    return dictionary
        .meter(meter)
        .orElseThrow(() -> StoreException.at("meter " + meter, "is not registered"));
  }
}

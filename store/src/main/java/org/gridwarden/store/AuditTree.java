package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.gridwarden.core.Actor;
import org.gridwarden.security.audit.ClearText;
import org.gridwarden.security.audit.LogEntry;
import org.gridwarden.security.audit.MerkleTree;
import org.gridwarden.security.audit.SignedCheckpoint;
import org.gridwarden.security.audit.TreeHash;

/**
 * The audit log's Merkle tree: makes leaves of committed entries, and gives roots and proofs. An
 * entry is in the tree once {@link #grow} has seen it; what is not yet in it is not yet vouched
 * for. Thread-safe, also between processes: one at a time grows it.
 */
public final class AuditTree {
  private static final long LOCK = 0x4757_4155_4449_5431L; // GWAUDIT1
  private static final int MOST = 10_000;

  /** A transaction that commits after later numbers did is looked for so far back. */
  private static final long LOOK_BACK = 100_000;

  private static final String ENTRY = "l.id, l.at, l.actor_kind, l.actor, l.action, l.detail";

  static final String CLEAR = "x.who_salt, x.who, x.detail_salt, x.detail";

  private final Transactions transactions;

  AuditTree(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * A leaf.
   *
   * @param leaf its index in the tree
   * @param clear what of the entry is kept in the clear
   */
  public record Leaf(long leaf, LogEntry entry, ClearText clear) {}

  /** Told each leaf of a walk. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * A leaf.
     *
     * @param entry empty where it is gone
     * @param clear what of it is kept in the clear
     */
    void leaf(long leaf, Optional<LogEntry> entry, ClearText clear);
  }

  /**
   * That an entry stands in the tree.
   *
   * @param leaf the entry and its place
   * @param size the tree's size that the path is for
   * @param path from the leaf's sibling to the root's
   * @param checkpoint the signed checkpoint of that size, as text
   */
  public record Proof(Leaf leaf, long size, List<TreeHash> path, String checkpoint) {
    public Proof {
      path = List.copyOf(path);
    }
  }

  private record Step(long size, int added) {}

  /** Takes committed entries into the tree. Returns its size. */
  public long grow() {
    Step step;
    do {
      step = transactions.run("growing the audit tree", AuditTree::step);
    } while (step.added() == MOST);
    return step.size();
  }

  private static Step step(Connection c) throws SQLException {
    try (PreparedStatement lock = c.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
      lock.setLong(1, LOCK);
      lock.execute();
    }
    long size = size(c);
    List<LogEntry> fresh = new ArrayList<>();
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT "
                + ENTRY
                + " FROM audit_log l WHERE l.id > coalesce((SELECT max(entry) FROM audit_leaf), 0)"
                + " - ? AND NOT EXISTS (SELECT FROM audit_leaf t WHERE t.entry = l.id) ORDER BY"
                + " l.id LIMIT ?")) {
      s.setLong(1, LOOK_BACK);
      s.setInt(2, MOST);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          fresh.add(entry(r, 1));
        }
      }
    }
    if (fresh.isEmpty()) {
      return new Step(size, 0);
    }
    return new Step(add(c, size, fresh), fresh.size());
  }

  private static long add(Connection c, long size, List<LogEntry> fresh) throws SQLException {
    long next = size;
    TreeTiles tiles = new TreeTiles(c, TreeTiles.Tree.AUDIT);
    try (PreparedStatement s =
        c.prepareStatement("INSERT INTO audit_leaf (leaf, entry) VALUES (?, ?)")) {
      for (LogEntry entry : fresh) {
        tiles.add(next, entry.leaf());
        s.setLong(1, next++);
        s.setLong(2, entry.id());
        s.addBatch();
      }
      s.executeBatch();
    }
    tiles.write();
    return next;
  }

  /** Makes one entry the next leaf at once, before those that wait: a restored log's first. */
  static void adopt(Connection c, long id) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("SELECT " + ENTRY + " FROM audit_log l WHERE l.id = ?")) {
      s.setLong(1, id);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        var unused = add(c, size(c), List.of(entry(r, 1)));
      }
    }
  }

  /** The root of the first {@code size} leaves. */
  public TreeHash root(long size) {
    return transactions.run(
        "reading the audit tree",
        c -> MerkleTree.root(new TreeTiles(c, TreeTiles.Tree.AUDIT), size));
  }

  /** Keeps what the office signed; the same size again changes nothing. */
  public void keep(SignedCheckpoint signed) {
    transactions.run(
        "keeping a checkpoint",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO audit_checkpoint (size, at, text) VALUES (?, ?, ?)"
                      + " ON CONFLICT DO NOTHING")) {
            s.setLong(1, signed.checkpoint().size());
            s.setObject(2, signed.checkpoint().at().atOffset(ZoneOffset.UTC));
            s.setString(3, signed.text());
            return s.executeUpdate();
          }
        });
  }

  /** The latest checkpoint's text; empty where nothing was signed yet. */
  public Optional<String> latest() {
    return transactions.run(
        "reading a checkpoint",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT text FROM audit_checkpoint ORDER BY size DESC LIMIT 1");
              ResultSet r = s.executeQuery()) {
            return r.next() ? Optional.of(r.getString(1)) : Optional.empty();
          }
        });
  }

  /** Every checkpoint's text, the smallest first; restores' statements among them. */
  public List<String> checkpoints() {
    return transactions.run(
        "reading the checkpoints",
        c -> {
          List<String> texts = new ArrayList<>();
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT text FROM (SELECT size, 0 AS n, text FROM audit_checkpoint"
                          + " UNION ALL SELECT audit_size, n, statement FROM office_epoch"
                          + " WHERE statement <> '') c ORDER BY size, n");
              ResultSet r = s.executeQuery()) {
            while (r.next()) {
              texts.add(r.getString(1));
            }
          }
          return texts;
        });
  }

  /**
   * Shows that an entry stands in the tree that was last signed.
   *
   * @param entry its number in the log
   * @return empty where there is no such entry, or no checkpoint covers it yet
   */
  public Optional<Proof> prove(long entry) {
    return transactions.run(
        "proving an entry",
        c -> {
          Optional<Leaf> leaf = find(c, entry);
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT size, text FROM audit_checkpoint ORDER BY size DESC LIMIT 1");
              ResultSet r = s.executeQuery()) {
            if (leaf.isEmpty() || !r.next() || r.getLong(1) <= leaf.get().leaf()) {
              return Optional.empty();
            }
            long size = r.getLong(1);
            return Optional.of(
                new Proof(
                    leaf.get(),
                    size,
                    MerkleTree.inclusion(
                        new TreeTiles(c, TreeTiles.Tree.AUDIT), leaf.get().leaf(), size),
                    r.getString(2)));
          }
        });
  }

  private static Optional<Leaf> find(Connection c, long entry) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT t.leaf, "
                + ENTRY
                + ", "
                + CLEAR
                + " FROM audit_leaf t JOIN audit_log l ON l.id = t.entry"
                + " LEFT JOIN audit_clear x ON x.entry = l.id WHERE t.entry = ?")) {
      s.setLong(1, entry);
      try (ResultSet r = s.executeQuery()) {
        return r.next()
            ? Optional.of(new Leaf(r.getLong(1), entry(r, 2), clear(r, 8)))
            : Optional.empty();
      }
    }
  }

  /**
   * Walks the whole log in the tree's order. A leaf whose entry is gone has none: it is told with
   * its index alone.
   *
   * @param visitor told each leaf's index and its entry
   */
  public void walk(BiConsumer<Long, Optional<LogEntry>> visitor) {
    walk((leaf, entry, clear) -> visitor.accept(leaf, entry));
  }

  /** The same with what is kept in the clear. */
  public void walk(Visitor visitor) {
    transactions.run(
        "reading the audit log",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT t.leaf, "
                      + ENTRY
                      + ", "
                      + CLEAR
                      + " FROM audit_leaf t LEFT JOIN audit_log l ON l.id = t.entry"
                      + " LEFT JOIN audit_clear x ON x.entry = l.id"
                      + " ORDER BY t.leaf")) {
            s.setFetchSize(1_000);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                long leaf = r.getLong(1);
                boolean gone = r.getObject(2) == null;
                visitor.leaf(leaf, gone ? Optional.empty() : Optional.of(entry(r, 2)), clear(r, 8));
              }
            }
          }
          return size(c);
        });
  }

  static long size(Connection c) throws SQLException {
    try (PreparedStatement s =
            c.prepareStatement("SELECT coalesce(max(leaf) + 1, 0) FROM audit_leaf");
        ResultSet r = s.executeQuery()) {
      r.next();
      return r.getLong(1);
    }
  }

  static ClearText clear(ResultSet r, int from) throws SQLException {
    return new ClearText(part(r, from), part(r, from + 2));
  }

  private static Optional<ClearText.Part> part(ResultSet r, int from) throws SQLException {
    byte[] salt = r.getBytes(from);
    byte[] text = r.getBytes(from + 1);
    return salt == null || text == null
        ? Optional.empty()
        : Optional.of(new ClearText.Part(salt, text));
  }

  static LogEntry entry(ResultSet r, int from) throws SQLException {
    Instant at = r.getObject(from + 1, OffsetDateTime.class).toInstant();
    return new LogEntry(
        r.getLong(from),
        at,
        new Actor(Actor.Kind.valueOf(r.getString(from + 2)), r.getString(from + 3)),
        r.getString(from + 4),
        r.getBytes(from + 5));
  }
}

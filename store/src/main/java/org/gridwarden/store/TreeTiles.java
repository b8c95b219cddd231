package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.gridwarden.security.audit.MerkleTree;
import org.gridwarden.security.audit.TreeHash;

/**
 * A tree's hashes in one transaction: tiles of 256, each level's hashes standing for 256 of the
 * level below. Reads and writes each tile once. Not thread-safe.
 */
final class TreeTiles implements MerkleTree.Nodes {
  private static final int WIDTH = 256;
  private static final int LEVELS = 8; // a tile is a tree of 2^8

  private final Connection connection;
  private final String table;
  private final Map<Place, byte[]> tiles = new HashMap<>();
  private final Map<Place, byte[]> changed = new HashMap<>();

  private record Place(int level, long tile) {}

  /** Which tree; each has a table of its own. */
  enum Tree {
    AUDIT("audit_tile"),
    EVIDENCE("evidence_tile");

    private final String table;

    Tree(String table) {
      this.table = table;
    }
  }

  TreeTiles(Connection connection, Tree tree) {
    this.connection = connection;
    this.table = tree.table;
  }

  @Override
  public TreeHash node(int level, long index) {
    int tileLevel = level / LEVELS;
    int inside = level % LEVELS;
    long first = index << inside; // the first of the tile level's hashes that it covers
    return subtree(tile(new Place(tileLevel, first / WIDTH)), (int) (first % WIDTH), inside);
  }

  private static TreeHash subtree(byte[] tile, int first, int height) {
    if (height == 0) {
      int at = first * TreeHash.LENGTH;
      return TreeHash.of(Arrays.copyOfRange(tile, at, at + TreeHash.LENGTH));
    }
    return TreeHash.node(
        subtree(tile, first, height - 1), subtree(tile, first + (1 << (height - 1)), height - 1));
  }

  /** Adds the leaf with this index, the next one. */
  void add(long leaf, TreeHash hash) {
    long index = leaf;
    TreeHash next = hash;
    for (int level = 0; ; level++) {
      Place place = new Place(level, index / WIDTH);
      int slot = (int) (index % WIDTH);
      byte[] before = slot == 0 ? new byte[0] : tile(place);
      if (before.length != slot * TreeHash.LENGTH) {
        throw new IllegalStateException(
            "tile " + place + " of " + table + " holds " + before.length + " bytes");
      }
      byte[] tile = Arrays.copyOf(before, before.length + TreeHash.LENGTH);
      System.arraycopy(next.bytes(), 0, tile, before.length, TreeHash.LENGTH);
      tiles.put(place, tile);
      changed.put(place, tile);
      if (slot < WIDTH - 1) {
        return;
      }
      next = subtree(tile, 0, LEVELS);
      index /= WIDTH;
    }
  }

  private byte[] tile(Place place) {
    return tiles.computeIfAbsent(place, this::read);
  }

  private byte[] read(Place place) {
    try (PreparedStatement s =
        connection.prepareStatement(
            "SELECT hashes FROM " + table + " WHERE level = ? AND tile = ?")) {
      s.setInt(1, place.level());
      s.setLong(2, place.tile());
      try (ResultSet r = s.executeQuery()) {
        if (!r.next()) {
          throw new IllegalStateException("tile " + place + " of " + table + " is missing");
        }
        return r.getBytes(1);
      }
    } catch (SQLException e) {
      throw StoreException.of("reading a tree of hashes", e);
    }
  }

  /** Writes what changed. */
  void write() throws SQLException {
    try (PreparedStatement s =
        connection.prepareStatement(
            "INSERT INTO "
                + table
                + " (level, tile, hashes) VALUES (?, ?, ?)"
                + " ON CONFLICT (level, tile) DO UPDATE SET hashes = excluded.hashes")) {
      for (Map.Entry<Place, byte[]> tile : changed.entrySet()) {
        s.setInt(1, tile.getKey().level());
        s.setLong(2, tile.getKey().tile());
        s.setBytes(3, tile.getValue());
        s.addBatch();
      }
      s.executeBatch();
    }
    changed.clear();
  }
}

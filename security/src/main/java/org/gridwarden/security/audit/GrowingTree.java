package org.gridwarden.security.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The root of leaves that come one after the other, in memory that grows with the logarithm of
 * their number: what a verifier keeps. Not thread-safe.
 */
public final class GrowingTree {
  /** The roots of the complete subtrees, the greatest first; empty where there is none. */
  private final List<Optional<TreeHash>> levels = new ArrayList<>();

  private long size;

  /** Adds the next leaf. */
  public void add(TreeHash leaf) {
    TreeHash carry = leaf;
    for (int level = 0; ; level++) {
      if (level == levels.size()) {
        levels.add(Optional.empty());
      }
      Optional<TreeHash> left = levels.get(level);
      if (left.isEmpty()) {
        levels.set(level, Optional.of(carry));
        break;
      }
      carry = TreeHash.node(left.get(), carry);
      levels.set(level, Optional.empty());
    }
    size++;
  }

  /** How many leaves it has. */
  public long size() {
    return size;
  }

  /** The root over them. */
  public TreeHash root() {
    Optional<TreeHash> root = Optional.empty();
    for (Optional<TreeHash> level : levels) {
      if (level.isPresent()) {
        root = Optional.of(root.isPresent() ? TreeHash.node(level.get(), root.get()) : level.get());
      }
    }
    return root.orElseGet(TreeHash::empty);
  }
}

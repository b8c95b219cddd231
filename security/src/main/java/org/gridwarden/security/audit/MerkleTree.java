package org.gridwarden.security.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * Roots and proofs of an append-only tree (RFC 9162, clause 2.1). Pure functions over the hashes of
 * complete subtrees; thread-safe where their source is.
 */
public final class MerkleTree {
  /** Where the hashes lie. */
  @FunctionalInterface
  public interface Nodes {
    /**
     * The hash of a complete subtree.
     *
     * @param level 0 for leaves; the subtree has 2^level of them
     * @param index from 0, counted in subtrees of that size
     */
    TreeHash node(int level, long index);
  }

  private MerkleTree() {}

  /** The root of the first {@code size} leaves (MTH, clause 2.1.1). */
  public static TreeHash root(Nodes nodes, long size) {
    return size == 0 ? TreeHash.empty() : range(nodes, 0, size);
  }

  /**
   * Shows that a leaf stands in the tree (PATH, clause 2.1.3.1).
   *
   * @param leaf its index, 0 to size - 1
   */
  public static List<TreeHash> inclusion(Nodes nodes, long leaf, long size) {
    if (leaf < 0 || leaf >= size) {
      throw new IllegalArgumentException("leaf " + leaf + " of a tree of " + size);
    }
    List<TreeHash> path = new ArrayList<>();
    long begin = 0;
    long end = size;
    while (end - begin > 1) {
      long middle = begin + split(end - begin);
      if (leaf < middle) {
        path.addFirst(range(nodes, middle, end));
        end = middle;
      } else {
        path.addFirst(range(nodes, begin, middle));
        begin = middle;
      }
    }
    return path;
  }

  /**
   * Shows that a later tree only adds to an earlier one (PROOF, clause 2.1.4.1).
   *
   * @param earlier its size, 1 to later
   */
  public static List<TreeHash> consistency(Nodes nodes, long earlier, long later) {
    if (earlier < 1 || earlier > later) {
      throw new IllegalArgumentException("from a tree of " + earlier + " to one of " + later);
    }
    List<TreeHash> proof = new ArrayList<>();
    long begin = 0;
    long end = later;
    boolean whole = true; // whether what is left of the earlier tree is all of it
    while (earlier != end) {
      long middle = begin + split(end - begin);
      if (earlier <= middle) {
        proof.addFirst(range(nodes, middle, end));
        end = middle;
      } else {
        proof.addFirst(range(nodes, begin, middle));
        begin = middle;
        whole = false;
      }
    }
    if (!whole) {
      proof.addFirst(range(nodes, begin, end));
    }
    return proof;
  }

  /**
   * Whether a leaf stands in the tree with this root (clause 2.1.3.2).
   *
   * @param proof as {@link #inclusion} gives it
   */
  public static boolean includes(
      TreeHash root, long size, long leaf, TreeHash leafHash, List<TreeHash> proof) {
    if (leaf < 0 || leaf >= size) {
      return false;
    }
    long fn = leaf;
    long sn = size - 1;
    TreeHash r = leafHash;
    for (TreeHash p : proof) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        r = TreeHash.node(p, r);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        r = TreeHash.node(r, p);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && r.equals(root);
  }

  /**
   * Whether the later tree only adds to the earlier one (clause 2.1.4.2).
   *
   * @param proof as {@link #consistency} gives it
   */
  public static boolean consistent(
      TreeHash earlierRoot, long earlier, TreeHash laterRoot, long later, List<TreeHash> proof) {
    if (earlier < 1 || earlier > later) {
      return false;
    }
    if (earlier == later) {
      return proof.isEmpty() && earlierRoot.equals(laterRoot);
    }
    List<TreeHash> path = new ArrayList<>(proof);
    if (Long.bitCount(earlier) == 1) {
      path.addFirst(earlierRoot);
    }
    if (path.isEmpty()) {
      return false;
    }
    long fn = earlier - 1;
    long sn = later - 1;
    while ((fn & 1) == 1) {
      fn >>= 1;
      sn >>= 1;
    }
    TreeHash fr = path.getFirst();
    TreeHash sr = fr;
    for (TreeHash c : path.subList(1, path.size())) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        fr = TreeHash.node(c, fr);
        sr = TreeHash.node(c, sr);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        sr = TreeHash.node(sr, c);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0 && fr.equals(earlierRoot) && sr.equals(laterRoot);
  }

  /** The hash of a range that begins where one of its size may begin. */
  private static TreeHash range(Nodes nodes, long begin, long end) {
    long size = end - begin;
    if (Long.bitCount(size) == 1) {
      int level = Long.numberOfTrailingZeros(size);
      return nodes.node(level, begin >> level);
    }
    long middle = begin + split(size);
    return TreeHash.node(range(nodes, begin, middle), range(nodes, middle, end));
  }

  /** The greatest power of two below a size of 2 or more. */
  private static long split(long size) {
    return Long.highestOneBit(size - 1);
  }
}

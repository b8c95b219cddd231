package org.gridwarden.security.audit;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads a log from its beginning and holds it against what the office signed: an edited, deleted,
 * added or moved entry changes the root of every checkpoint behind it, a cut one leaves a
 * checkpoint without its entries. One log each; not thread-safe.
 */
public final class LogVerifier {
  private final GrowingTree tree = new GrowingTree();
  private final Deque<Checkpoint> waiting;
  private final List<Restored> restores;
  private long heldAt;

  /**
   * That the office was restored from a backup, as it declared itself.
   *
   * @param at when
   * @param size after which entry the log goes on
   * @param lost how many entries were signed in the life before and are lost, as far as the
   *     checkpoints given tell
   */
  public record Restored(Instant at, long size, long lost) {}

  /**
   * @param checkpoints in any order, their signatures checked; of the log's own and of witnesses
   * @throws LogException where two of them contradict each other
   */
  public LogVerifier(List<Checkpoint> checkpoints) throws LogException {
    List<Checkpoint> lost = new ArrayList<>();
    List<Checkpoint> ordered = new ArrayList<>();
    for (Checkpoint checkpoint : checkpoints) {
      (checkpoints.stream().anyMatch(d -> undoes(d, checkpoint)) ? lost : ordered).add(checkpoint);
    }
    ordered.sort(Comparator.comparingLong(Checkpoint::size));
    restores =
        ordered.stream()
            .filter(Checkpoint::restored)
            .distinct()
            .map(d -> restored(d, lost))
            .toList();
    for (int i = 1; i < ordered.size(); i++) {
      Checkpoint a = ordered.get(i - 1);
      Checkpoint b = ordered.get(i);
      if (a.size() == b.size() && !a.root().equals(b.root())) {
        throw new LogException(
            "the office signed two different logs of "
                + a.size()
                + " entries, at "
                + a.at()
                + " and "
                + b.at());
      }
    }
    waiting = new ArrayDeque<>(ordered);
    check();
  }

  /**
   * Takes the next entry.
   *
   * @throws LogException where a checkpoint does not hold; the message says between which entries
   */
  public void add(LogEntry entry) throws LogException {
    tree.add(entry.leaf());
    check();
  }

  /** A checkpoint from before a restore that speaks of more than was brought back. */
  private static boolean undoes(Checkpoint restore, Checkpoint other) {
    return restore.restored() && other.at().isBefore(restore.at()) && other.size() > restore.size();
  }

  private static Restored restored(Checkpoint declaration, List<Checkpoint> lost) {
    long most =
        lost.stream()
            .filter(c -> undoes(declaration, c))
            .mapToLong(Checkpoint::size)
            .max()
            .orElse(declaration.size());
    return new Restored(declaration.at(), declaration.size(), most - declaration.size());
  }

  /** The restores that the office declared under its signature, in the log's order. */
  public List<Restored> restores() {
    return restores;
  }

  private void check() throws LogException {
    while (!waiting.isEmpty() && waiting.getFirst().size() == tree.size()) {
      Checkpoint next = waiting.removeFirst();
      if (!next.root().equals(tree.root())) {
        throw new LogException(
            "what stands between entries "
                + (heldAt + 1)
                + " and "
                + tree.size()
                + " of the log is not what the office signed at "
                + next.at()
                + ": an entry was edited, removed, added or moved");
      }
      heldAt = tree.size();
    }
  }

  /** How many entries a checkpoint vouches for, so far. */
  public long vouched() {
    return heldAt;
  }

  /**
   * The end of the log.
   *
   * @return how many entries at the end no checkpoint covers yet
   * @throws LogException where a checkpoint speaks of more entries than there are
   */
  public long end() throws LogException {
    Optional<Checkpoint> missing = Optional.ofNullable(waiting.peekLast());
    if (missing.isPresent()) {
      throw new LogException(
          "the log ends after "
              + tree.size()
              + " entries, and the office signed "
              + missing.get().size()
              + " at "
              + missing.get().at()
              + ": the end was cut off");
    }
    return tree.size() - heldAt;
  }
}

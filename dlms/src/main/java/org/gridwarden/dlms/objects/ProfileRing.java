package org.gridwarden.dlms.objects;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.gridwarden.dlms.DlmsData;

/**
 * Captured rows, at most so many, in the order of a sort method. Unsorted ones lose the oldest,
 * sorted ones the last of their order, be it the new row itself; of equal rows the older one comes
 * first. Memory grows with the rows. Thread-safe by one lock.
 */
final class ProfileRing implements ProfileBuffer {
  private final int most;
  private final SortMethod method;
  private final Function<DlmsData.Structure, BigDecimal> key;
  // unsorted: in order of capture; sorted: in the buffer's order
  private final ArrayDeque<DlmsData.Structure> captured = new ArrayDeque<>(0);
  private final List<DlmsData.Structure> sorted = new ArrayList<>(0);

  /**
   * @param most from 1
   * @param key by what a sorted buffer is ordered
   */
  ProfileRing(int most, SortMethod method, Function<DlmsData.Structure, BigDecimal> key) {
    this.most = most;
    this.method = method;
    this.key = key;
  }

  @Override
  public synchronized void add(DlmsData.Structure row) {
    if (!method.isSorted()) {
      if (captured.size() == most) {
        captured.removeFirst();
      }
      captured.addLast(row);
      return;
    }
    Comparator<BigDecimal> order = method.order();
    BigDecimal value = key.apply(row);
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (order.compare(key.apply(sorted.get(middle)), value) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low < most) {
      if (sorted.size() == most) {
        sorted.removeLast();
      }
      sorted.add(low, row);
    }
  }

  @Override
  public synchronized void clear() {
    captured.clear();
    sorted.clear();
  }

  @Override
  public synchronized int size() {
    return method.isSorted() ? sorted.size() : captured.size();
  }

  @Override
  public synchronized List<DlmsData.Structure> entries() {
    return switch (method) {
      case FIFO -> List.copyOf(captured);
      case LIFO -> List.copyOf(captured.reversed());
      default -> List.copyOf(sorted);
    };
  }
}

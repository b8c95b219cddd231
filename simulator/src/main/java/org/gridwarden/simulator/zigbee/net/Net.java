package org.gridwarden.simulator.zigbee.net;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.gridwarden.simulator.zigbee.radio.Air;

/**
 * The network as a whole: who is in it, and the shortest ways through it. A model: ways are known,
 * not discovered by the route requests of Zigbee PRO. On the model's thread only.
 */
public final class Net {
  private final Air air;
  private final List<NetNode> nodes = new ArrayList<>();
  private final Map<Integer, Map<Integer, Integer>> hops = new HashMap<>();

  public Net(Air air) {
    this.air = air;
  }

  /** The radio channel. */
  public Air air() {
    return air;
  }

  void add(NetNode node) {
    nodes.add(node);
  }

  /** Who hears whom, or who belongs to it, has changed. */
  public void changed() {
    hops.clear();
  }

  /** The next one on the shortest way; empty where there is none. */
  OptionalInt nextHop(NetNode from, int to) {
    Integer next = hops.computeIfAbsent(to, this::towards).get(from.address());
    return next == null ? OptionalInt.empty() : OptionalInt.of(next);
  }

  /** How many hops from one to another; empty where there is no way. */
  public OptionalInt distance(NetNode from, int to) {
    int at = from.address();
    for (int count = 0; count <= nodes.size(); count++) {
      if (at == to) {
        return OptionalInt.of(count);
      }
      Integer next = hops.computeIfAbsent(to, this::towards).get(at);
      if (next == null) {
        return OptionalInt.empty();
      }
      at = next;
    }
    return OptionalInt.empty();
  }

  /** From each address its next hop towards one, breadth first. */
  private Map<Integer, Integer> towards(int to) {
    Map<Integer, Integer> next = new HashMap<>();
    ArrayDeque<NetNode> open = new ArrayDeque<>();
    for (NetNode node : nodes) {
      if (node.inside() && node.address() == to) {
        open.add(node);
        next.put(to, to);
      }
    }
    while (!open.isEmpty()) {
      NetNode node = open.poll();
      for (NetNode other : nodes) {
        if (other.inside()
            && !next.containsKey(other.address())
            && other.speaksTo(node)
            && other.mac().station().neighbours().contains(node.mac().station())) {
          next.put(other.address(), node.address());
          open.add(other);
        }
      }
    }
    return next;
  }

  /** Whether a 16-bit address is taken. */
  boolean taken(int address) {
    return nodes.stream().anyMatch(n -> n.address() == address);
  }
}

package org.gridwarden.simulator.zigbee.meter;

import java.util.List;
import java.util.Optional;

/** What a meter does by a cluster or two, under the link key only. On the model's thread only. */
interface MeterCluster {
  /** Takes what came from the office. */
  boolean take(int cluster, Zcl zcl);

  /** One of its attributes; empty where it has none such. */
  default Optional<Attribute> attribute(int cluster, int id) {
    return Optional.empty();
  }

  /** Of which clusters it is the server, to be told who asks what there is. */
  default List<Integer> servers() {
    return List.of();
  }

  /** The office is there, for the first time or again. */
  default void begin() {}
}

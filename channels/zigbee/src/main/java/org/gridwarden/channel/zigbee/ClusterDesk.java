package org.gridwarden.channel.zigbee;

import org.gridwarden.core.MeterId;

/** Who takes a cluster's own commands that meters send. Called by the coordinator's one thread. */
interface ClusterDesk {
  /**
   * Takes a command; it must not wait for anything to be sent.
   *
   * @return whether it was for this desk; otherwise it may be an answer that somebody waits for
   */
  boolean take(Known from, MeterId meter, Incoming frame, Zcl zcl) throws InterruptedException;
}

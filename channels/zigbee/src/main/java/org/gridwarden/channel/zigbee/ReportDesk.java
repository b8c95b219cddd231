package org.gridwarden.channel.zigbee;

import org.gridwarden.core.MeterId;

/** Who takes what a cluster reports by itself. Called by the coordinator's one thread. */
interface ReportDesk {
  /** Takes a report; it must not wait for anything to be sent. */
  void take(Known from, MeterId meter, Incoming frame, Attributes report)
      throws InterruptedException;
}

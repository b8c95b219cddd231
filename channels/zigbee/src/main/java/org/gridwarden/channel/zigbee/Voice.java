package org.gridwarden.channel.zigbee;

/** How the office's side of a cluster says something to a meter. */
interface Voice {
  /** Has it sent, under the link key, without waiting for it. */
  void say(Known to, int endpoint, int cluster, Zcl what);
}

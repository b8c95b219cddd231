package org.gridwarden.channel.zigbee;

/**
 * What meters are served beside readings and orders.
 *
 * @param prices what they ask for, to show it
 * @param keys what they establish by certificates
 * @param dlms tunnels of another protocol
 * @param upgrades images that they ask for
 */
record Served(Prices prices, LinkKeys keys, DlmsTunnels dlms, Upgrades upgrades) {}

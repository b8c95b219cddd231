package org.gridwarden.channel.zigbee;

/**
 * What a device sent.
 *
 * @param from its address in the network
 * @param secured whether it came under the device's link key
 * @param counter of the application support layer
 */
@SuppressWarnings("ArrayRecordComponent") // its maker gives it up
record Incoming(
    int from,
    int endpoint,
    int profile,
    int cluster,
    boolean secured,
    int counter,
    byte[] payload) {}

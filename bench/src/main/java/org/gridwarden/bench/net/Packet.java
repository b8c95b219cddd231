package org.gridwarden.bench.net;

/**
 * An IP packet that was sent.
 *
 * @param nanos when it was, as {@link System#nanoTime}
 * @param up from the meters to the office
 * @param lost whether the link lost it
 * @param bytes the packet from its IP header on
 */
@SuppressWarnings("ArrayRecordComponent") // a capture's: nobody writes to it
public record Packet(long nanos, boolean up, boolean lost, byte[] bytes) {}

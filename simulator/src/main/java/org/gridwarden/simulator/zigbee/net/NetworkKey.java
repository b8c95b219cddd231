package org.gridwarden.simulator.zigbee.net;

/**
 * A network's key and its number.
 *
 * @param key 16 bytes, shared by all of the network
 */
@SuppressWarnings("ArrayRecordComponent") // stays within the model
public record NetworkKey(byte[] key, int sequence) {
  @Override
  public String toString() {
    return "NetworkKey[" + sequence + "]";
  }
}

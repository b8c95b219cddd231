package org.gridwarden.core;

/**
 * Which way a message came or goes.
 *
 * @param name the protocol's short name, {@code dlms} say
 * @param instance which listener or port of it, {@code tcp-4059} say
 */
public record ChannelId(String name, String instance) {
  @Override
  public String toString() {
    return name + "/" + instance;
  }
}

package org.gridwarden.core;

import java.util.List;
import java.util.Map;

/**
 * Makes channels from their section of the configuration; found by {@link java.util.ServiceLoader}.
 */
public interface ChannelFactory {
  /** The section of {@code channels:} that it reads, {@code dlms} say. */
  String name();

  /**
   * Makes the channels that a section asks for.
   *
   * @param settings the section as plain maps, lists, strings, numbers and booleans
   * @throws IllegalArgumentException naming the key that is wrong and what it should be
   */
  List<Channel> create(Map<String, Object> settings);
}

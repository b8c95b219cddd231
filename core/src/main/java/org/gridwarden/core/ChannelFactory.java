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

  /**
   * Which listeners of the section speak without TLS (C25). Outside a demo they are opened only
   * where the section says {@code plaintext: allowed}.
   */
  default List<String> plaintext(Map<String, Object> settings) {
    return List.of();
  }
}

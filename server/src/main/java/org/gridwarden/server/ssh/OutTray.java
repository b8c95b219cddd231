package org.gridwarden.server.ssh;

import java.io.IOException;
import java.io.InputStream;

/** A user's folder {@code out}, into which the server puts what was asked for. Thread-safe. */
public interface OutTray {
  /**
   * Puts a file there, whole or not at all; one of the same name is replaced.
   *
   * @throws IOException naming the limit that it would pass, or why it cannot be written
   */
  void put(String name, InputStream content) throws IOException;
}

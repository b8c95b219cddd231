package org.gridwarden.cli;

import java.io.IOException;
import java.io.InputStream;

/**
 * What commands use in the place of this machine's files and terminal when they run inside the
 * server, for somebody who came in over SSH: the API in the caller's name, and the caller's own
 * terminal and folder.
 */
interface AtDesk {
  /** Bound while a command runs so. */
  ScopedValue<AtDesk> NOW = ScopedValue.newInstance();

  /** Asks the API in the caller's name. */
  OfficeClient client();

  /**
   * Puts a question to the caller.
   *
   * @throws Failure where nobody is there to be asked
   */
  String ask(String question);

  /** Puts a file into the caller's folder. */
  void put(String name, InputStream content) throws IOException;
}

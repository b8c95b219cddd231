package org.gridwarden.cli;

import java.nio.file.Path;

/** Where the demo keeps its data unless it is told otherwise. */
final class DemoFolder {
  private DemoFolder() {}

  /** {@code data/demo} in the folder that ./gridwarden stands in. */
  static Path usual() {
    return Path.of(System.getProperty("gridwarden.home", "")).resolve("data").resolve("demo");
  }
}

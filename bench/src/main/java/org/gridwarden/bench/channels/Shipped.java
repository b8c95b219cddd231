package org.gridwarden.bench.channels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads who stands in a shipment. */
final class Shipped {
  private Shipped() {}

  /** The serial numbers, in their order. */
  static List<String> serials(Path shipment) throws IOException {
    return Files.readAllLines(shipment).stream()
        .skip(1)
        .map(line -> line.substring(0, line.indexOf(',')))
        .toList();
  }
}

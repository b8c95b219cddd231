package org.gridwarden.simulator;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A street of virtual meters, each with its own keys, clock and household, that push over DLMS to a
 * head-end: the daily profiles of the past first, then a momentary push every few seconds, a slot
 * at each quarter-hour and now and then an event. A push is sent again, the same bytes, until its
 * confirmation comes. Thread-safe.
 */
public final class Street implements AutoCloseable {
  private final StreetSettings settings;
  private final List<VirtualMeter> meters;

  private Street(StreetSettings settings, List<VirtualMeter> meters) {
    this.settings = settings;
    this.meters = meters;
  }

  /** Lays out the street; nothing is sent before it is started. */
  public static Street of(StreetSettings settings, Households households, InstantSource clock) {
    StreetSecret secret = StreetSecret.of(settings.seed());
    Dice dice = secret.dice();
    List<VirtualMeter> meters =
        IntStream.rangeClosed(1, settings.meters())
            .mapToObj(i -> VirtualMeter.of(i, settings, households, secret, dice.of(i), clock))
            .toList();
    return new Street(settings, meters);
  }

  /** The meters' serial numbers, in their order. */
  public List<String> serials() {
    return meters.stream().map(VirtualMeter::serial).toList();
  }

  /**
   * Writes the shipment file that a factory would send with these meters: their keys wrapped to the
   * office's public key (RSA-OAEP with SHA-256).
   *
   * @throws IOException where the file cannot be written
   */
  public void writeShipment(Path file, PublicKey office) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      Shipment.write(out, meters, settings.zone(), office);
    }
  }

  @Override
  public void close() {}
}

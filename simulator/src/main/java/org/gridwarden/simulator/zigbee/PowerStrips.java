package org.gridwarden.simulator.zigbee;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.gridwarden.simulator.zigbee.strip.Appliance;
import org.gridwarden.simulator.zigbee.strip.Outlet;

/**
 * The power strips of a model: {@code PS-0000001} and so on, each with every {@link Appliance} in
 * an outlet of its own. Immutable.
 *
 * @param count 0 to {@link #MOST}
 * @param zone whose civil time their people live by
 */
public record PowerStrips(int count, ZoneId zone) {
  /** So many. */
  public static final int MOST = 64;

  /** Their serial numbers, which are their meter ids, in their order. */
  public List<String> serials() {
    return IntStream.rangeClosed(1, count).mapToObj(PowerStrips::serial).toList();
  }

  private static String serial(int number) {
    return String.format(Locale.ROOT, "PS-%07d", number);
  }

  /** Plugs them into a model that has all of its meters. */
  public void plugIn(ZigbeeModel model) {
    for (int i = 1; i <= count; i++) {
      List<Outlet> outlets = new ArrayList<>();
      for (Appliance appliance : Appliance.values()) {
        outlets.add(
            new Outlet(
                appliance,
                InstantSource.system(),
                zone,
                10_000L * i + 1_000L * appliance.ordinal()));
      }
      model.addStrip(serial(i), outlets);
    }
  }

  /**
   * Adds them to a shipment: without keys, since they have none but the link key, and at service
   * points of their own, since what goes through them is a part of what the meter measures.
   *
   * @throws IOException where the file cannot be written
   */
  public void ship(Path shipment) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(shipment, StandardOpenOption.APPEND)) {
      for (int i = 1; i <= count; i++) {
        out.write(
            String.format(
                Locale.ROOT, "%s,strip,SQ-%07d-strip,%s,PLAIN,,,,,,%n", serial(i), i, zone));
      }
    }
  }
}

package org.gridwarden.channel.zigbee;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.MeterId;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.StreetSettings;

/** An office as a process of its own, which can be killed: prints how many meters it reaches. */
final class OfficeProcess {
  private static final Duration TICK = Duration.ofMillis(500);

  private OfficeProcess() {}

  /**
   * Arguments: the serial port, the coordinator's folder, how many meters, counters used before.
   */
  public static void main(String[] args) throws Exception {
    int meters = Integer.parseInt(args[2]);
    try (MessageStreet street =
        MessageStreet.of(
            StreetSettings.of(meters).withSeed(7), Households.load(), InstantSource.system())) {
      TestOffice office = new TestOffice(street, InstantSource.system(), Long.parseLong(args[3]));
      ZigbeeChannel channel =
          (ZigbeeChannel)
              new ZigbeeChannelFactory()
                  .create(
                      Map.of(
                          "coordinators",
                          List.of(Map.of("port", args[0], "folder", Path.of(args[1]).toString())),
                          "report",
                          "2s"))
                  .getFirst();
      channel.start(office.host());
      while (true) {
        long reached =
            street.serials().stream().filter(s -> channel.reaches(new MeterId(s))).count();
        System.out.println("reached " + reached + " stored " + office.submitted.size());
        System.out.flush();
        Thread.sleep(TICK);
      }
    }
  }
}

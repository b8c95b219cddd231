package org.gridwarden.channel.zigbee;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gridwarden.core.SettingsSection;

/**
 * One coordinator of the section {@code channels.zigbee}, checked.
 *
 * @param port the serial device's path
 * @param folder where it is kept who is in the network
 * @param type which driver
 * @param speed in baud
 * @param channel 11 to 26
 * @param report how often meters report
 */
record ZigbeeSettings(
    String port, Path folder, Type type, int speed, int channel, Duration report) {
  /** What sits at the serial port. */
  enum Type {
    EZSP,
    XBEE
  }

  private static final Duration LONGEST_REPORT = Duration.ofSeconds(0xFFFE);

  /**
   * @throws IllegalArgumentException naming the key and what it should be
   */
  static List<ZigbeeSettings> of(Map<String, Object> settings) {
    SettingsSection top = SettingsSection.of(settings);
    top.only("coordinators", "report", "plaintext");
    Duration report = top.duration("report", Duration.ofMinutes(5));
    if (report.compareTo(LONGEST_REPORT) > 0 || report.toSeconds() < 1) {
      throw top.wrong("report", "a time from 1s to 65534s");
    }
    List<ZigbeeSettings> all = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (SettingsSection one : top.list("coordinators", "a list of coordinators")) {
      ZigbeeSettings coordinator = of(one, report);
      if (!taken.add(coordinator.port) || !taken.add(coordinator.folder.toString())) {
        throw one.wrong("port", "another one for each coordinator, and so must the folder");
      }
      all.add(coordinator);
    }
    return List.copyOf(all);
  }

  private static ZigbeeSettings of(SettingsSection one, Duration report) {
    one.only("port", "folder", "type", "speed", "channel");
    String port =
        one.text("port").orElseThrow(() -> one.wrong("port", "the path of a serial device"));
    Path folder;
    try {
      folder =
          Path.of(
              one.text("folder")
                  .orElseThrow(
                      () -> one.wrong("folder", "the path of a folder of this coordinator's own")));
    } catch (InvalidPathException e) {
      throw one.wrong("folder", "a path");
    }
    return new ZigbeeSettings(
        port,
        folder,
        one.oneOf("type", "ezsp", "ezsp", "xbee").equals("xbee") ? Type.XBEE : Type.EZSP,
        one.number("speed", 115_200, 1_200, 921_600),
        one.number("channel", 15, 11, 26),
        report);
  }
}

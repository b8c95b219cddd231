package org.gridwarden.channel.zigbee;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A coordinator's network, for who looks at it. What is to be done to it is put into its folder:
 * {@link Admissions}, {@link Orders}. Thread-safe.
 */
public interface ZigbeeNetwork {
  /** How it is now. */
  View view();

  /**
   * A coordinator and who is around it.
   *
   * @param name of its channel's instance: the serial port's last word
   * @param port the serial device
   * @param type ezsp or xbee
   * @param folder where it is kept who is inside, and where orders are put
   * @param up whether the line to the dongle is open, and the network is up
   * @param network its extended number, hexadecimal; empty before it was formed
   * @param openSeconds for how long it still lets devices in; 0 where it does not
   * @param key the last change of its key; empty where there was none
   * @param devices by address
   */
  record View(
      String name,
      String port,
      String type,
      Path folder,
      boolean up,
      String network,
      int openSeconds,
      Optional<KeyChange> key,
      List<Device> devices) {
    public View {
      devices = List.copyOf(devices);
    }
  }

  /**
   * A device.
   *
   * @param eui64 the maker's address, 16 hexadecimal digits
   * @param state unknown, expected, joined, silent or left
   * @param address the network's for it, hexadecimal; empty where it has none
   * @param meter which meter it is; empty where nobody said
   * @param tunnel whether secured messages go both ways now
   * @param heard when it last proved itself; empty where it did not since the server started
   * @param quality of its last hop, 0 to 255, as the dongle tells; -1 where it tells none
   */
  record Device(
      String eui64,
      String state,
      String address,
      String meter,
      boolean tunnel,
      Optional<Instant> heard,
      int quality) {}
}

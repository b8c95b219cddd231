package org.gridwarden.channel.zigbee;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelFactory;

/**
 * Makes a channel for each coordinator of the section {@code channels.zigbee}; each has a network
 * of its own:
 *
 * <pre>
 * coordinators:
 *   - port: /dev/ttyUSB0            # the dongle's serial port
 *     folder: /var/lib/gridwarden/zigbee-1  # who is in its network; one for each
 *     type: ezsp                    # or xbee
 *     speed: 115200                 # baud
 *     channel: 15                   # of 11 to 26, where a network is formed
 * report: 5m                        # how often meters tell of themselves
 * </pre>
 */
public final class ZigbeeChannelFactory implements ChannelFactory {
  /** For the service loader. */
  public ZigbeeChannelFactory() {}

  @Override
  public String name() {
    return "zigbee";
  }

  @Override
  public List<Channel> create(Map<String, Object> settings) {
    List<Channel> channels = new ArrayList<>();
    ZigbeeSettings.of(settings).forEach(s -> channels.add(new ZigbeeChannel(s)));
    return List.copyOf(channels);
  }
}

package org.gridwarden.bench.channels;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.gridwarden.bench.net.Link;

/**
 * What is measured, and on what.
 *
 * @param variants which channels, each with its quality of service
 * @param meters how many on each
 * @param link the link between them and the office
 * @param every the time between two messages of a meter
 * @param lasting how long each tells while it is measured
 * @param idle how long each is connected and tells nothing
 * @param orders how many orders are sent to meters of each
 * @param outage how long the link is down once; zero for not at all
 * @param flood how long the greatest rate is looked for; zero for not at all
 * @param seed of the link's chance
 * @param tls whether meters and office speak TLS where the channel has it
 * @param loopback whether it is measured over loopback, without a link, in any case
 * @param zigbee whether Zigbee's model is set beside them
 * @param pcap the folder for the captures
 */
record Settings(
    List<Variant> variants,
    int meters,
    Link link,
    Duration every,
    Duration lasting,
    Duration idle,
    int orders,
    Duration outage,
    Duration flood,
    long seed,
    boolean tls,
    boolean loopback,
    boolean zigbee,
    Optional<Path> pcap) {
  /** The same with other variants. */
  Settings with(List<Variant> others) {
    return new Settings(
        others, meters, link, every, lasting, idle, orders, outage, flood, seed, tls, loopback,
        zigbee, pcap);
  }

  /**
   * @throws IllegalArgumentException where a figure is out of its range
   */
  Settings {
    if (meters < 1 || meters > 10_000) {
      throw new IllegalArgumentException("--meters is 1 to 10,000, not " + meters);
    }
    if (every.toMillis() < 1_000) {
      throw new IllegalArgumentException("--every is 1s or more");
    }
    if (lasting.compareTo(every) < 0) {
      throw new IllegalArgumentException("--for is not shorter than --every");
    }
    if (orders < 0 || orders > meters) {
      throw new IllegalArgumentException("--orders is 0 to the number of meters");
    }
    variants = List.copyOf(variants);
  }
}

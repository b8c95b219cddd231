package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts together how a coordinator stands. Pure functions, but for the files that they read. */
final class Overlook {
  private static final Logger LOG = LoggerFactory.getLogger(Overlook.class);

  private Overlook() {}

  /**
   * @param line empty while it is not open
   * @param roster empty before the channel was started, as are talks and presence
   */
  static ZigbeeNetwork.View of(
      ZigbeeSettings settings,
      String name,
      Optional<Coordinator> line,
      Optional<Roster> roster,
      Optional<Talks> talks,
      Optional<Presence> presence,
      int openSeconds) {
    String network = "";
    Optional<KeyChange> key = Optional.empty();
    try {
      network =
          NetworkIdentity.read(settings.folder()).map(NetworkIdentity::extendedPan).orElse("");
      key = KeyChange.last(settings.folder());
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage()); // the channel itself says so where it hinders it
    }
    List<ZigbeeNetwork.Device> devices =
        roster.map(Roster::all).orElse(List.of()).stream()
            .map(k ->
                new ZigbeeNetwork.Device(
                    k.eui64().toString(),
                    line.isPresent()
                            && presence.filter(p -> p.silent(k, settings.report())).isPresent()
                        ? "silent"
                        : k.state().name().toLowerCase(Locale.ROOT),
                    k.address() == Known.NOWHERE
                        ? ""
                        : String.format(Locale.ROOT, "%04X", k.address()),
                    Optional.ofNullable(k.meter()).map(m -> m.value()).orElse(""),
                    talks.flatMap(t -> t.tunnel(k.eui64())).isPresent(),
                    presence.flatMap(p -> p.last(k.eui64())),
                    line.map(l -> l.quality(k.address())).orElse(-1)))
            .toList();
    return new ZigbeeNetwork.View(
        name,
        settings.port(),
        settings.type().name().toLowerCase(Locale.ROOT),
        settings.folder(),
        line.isPresent(),
        network,
        line.isPresent() ? openSeconds : 0,
        key,
        devices);
  }
}

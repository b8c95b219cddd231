package org.gridwarden.channel.dlms;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.gridwarden.channel.dlms.gate.GateClient;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.MeterId;
import org.gridwarden.dlms.PushLayouts;
import org.gridwarden.dlms.companion.Companions;

/**
 * What the section's channels share.
 *
 * @param limits what a session may take
 * @param layouts how pushes are read
 * @param companions what can be read of which meters
 * @param senders the office's counters in hand
 * @param traits what meters said of themselves
 * @param gate the last gate before meters without a desk
 * @param changing meters whose new keys are tried next: the others did not fit, last time
 */
record Common(
    DlmsSettings.Limits limits,
    PushLayouts layouts,
    Companions companions,
    OfficeSender.Shared senders,
    TraitsMemory traits,
    Optional<GateClient> gate,
    Set<MeterId> changing) {
  static Common of(DlmsSettings.Limits limits) {
    return of(limits, Optional.empty());
  }

  static Common of(DlmsSettings.Limits limits, Optional<GateClient> gate) {
    return new Common(
        limits,
        PushLayouts.builtIn(),
        Companions.builtIn(),
        new OfficeSender.Shared(limits.systemTitle()),
        new TraitsMemory(),
        gate,
        ConcurrentHashMap.newKeySet());
  }

  PushHandler handler(Channel.Host host, Supplier<ChannelId> via, Tally tally) {
    return new PushHandler(host, via, layouts, limits, senders.of(host.counters()), tally);
  }
}

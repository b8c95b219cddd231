package org.gridwarden.channel.dlms;

import java.util.function.Supplier;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelId;
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
 */
record Common(
    DlmsSettings.Limits limits,
    PushLayouts layouts,
    Companions companions,
    OfficeSender.Shared senders,
    TraitsMemory traits) {
  static Common of(DlmsSettings.Limits limits) {
    return new Common(
        limits,
        PushLayouts.builtIn(),
        Companions.builtIn(),
        new OfficeSender.Shared(limits.systemTitle()),
        new TraitsMemory());
  }

  PushHandler handler(Channel.Host host, Supplier<ChannelId> via, Tally tally) {
    return new PushHandler(host, via, layouts, limits, senders.of(host.counters()), tally);
  }
}

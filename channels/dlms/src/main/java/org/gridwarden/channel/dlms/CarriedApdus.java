package org.gridwarden.channel.dlms;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.ApduReader;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Received;

/**
 * Reads notifications that ride inside the messages of other channels, by the way that pushes go:
 * the same decoder, keys and layouts. The message's counter keeps what was told once from being
 * told again; a notification that wants a confirmation is confirmed by its channel. Thread-safe.
 */
public final class CarriedApdus implements ApduReader {
  private static final ChannelId VIA = new ChannelId("dlms", "carried");

  private final Common common = Common.of(DlmsSettings.of(Map.of()).limits());

  /** For the service loader. */
  public CarriedApdus() {}

  @Override
  public List<Message> read(Channel.Host host, Meter meter, byte[] apdu) throws ChannelException {
    Tally tally = Tally.silent(); // each message is counted by its channel
    Optional<Received> read =
        new OneMeter(meter, Assurance.MAC)
            .read(common, VIA, host.keys(), host.clock(), apdu, tally);
    if (read.isPresent() && !read.get().content().isEmpty()) {
      return read.get().content();
    }
    boolean malformed = tally.of(Tally.What.MALFORMED) + tally.of(Tally.What.UNSUPPORTED) > 0;
    throw new ChannelException(
        malformed
            ? new Fault(
                Fault.Code.MALFORMED,
                "the APDU in a message of meter " + meter.id(),
                "send a data-notification or an event-notification, in the clear or ciphered")
            : new Fault(
                Fault.Code.UNAUTHENTICATED,
                "the APDU in a message of meter " + meter.id(),
                "send what is this meter's own, under its own title and key"));
  }
}

package org.gridwarden.channel.dlms;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.gridwarden.core.Admission;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Intake;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.dlms.LinkInfo;

/**
 * An office that knows one meter, takes what that says in whatever dress, and keeps what is handed
 * to it: by it an APDU that came otherwise than over a link is read as those are. One use, one
 * thread.
 */
final class OneMeter implements Intake, MeterDirectory, Admission, Peer {
  private final Meter meter;
  private final Assurance carried;
  private Optional<Received> got = Optional.empty();

  /**
   * @param is the meter; retired by now, or under another policy, it is heard all the same
   * @param carried what stands behind the APDU before it is opened
   */
  OneMeter(Meter is, Assurance carried) {
    this.carried = carried;
    this.meter =
        new Meter(
            is.id(),
            is.serial(),
            is.systemTitle(),
            is.profile(),
            is.zone(),
            Meter.State.ACTIVE,
            Meter.PushPolicy.PLAIN,
            is.reach());
  }

  /**
   * Reads an APDU.
   *
   * @param tally where it counts why it could not be read
   * @return empty where it is no push of this meter's, or cannot be deciphered
   */
  Optional<Received> read(
      Common common, ChannelId via, KeyAccess keys, InstantSource clock, byte[] apdu, Tally tally) {
    Channel.Host host = new Channel.Host(this, this, keys, this, OneMeter::none, clock);
    try {
      common
          .handler(host, () -> via, tally)
          .take(LinkInfo.RAW, apdu, Optional.of(meter.serial()), this);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nothing here waits
    }
    return got;
  }

  private static long none(MeterId meter, byte[] keyId, int block) {
    throw new IllegalStateException("nothing is sent to meter " + meter);
  }

  @Override
  public Assurance carried() {
    return carried;
  }

  @Override
  public CompletableFuture<Outcome> submit(Received message) {
    if (message.id().meter().equals(meter.id())) {
      got = Optional.of(message);
    }
    return CompletableFuture.completedFuture(new Outcome.Duplicate());
  }

  @Override
  public Optional<Meter> byId(MeterId id) {
    return Optional.of(meter).filter(m -> m.id().equals(id));
  }

  @Override
  public Optional<Meter> bySystemTitle(byte[] title) {
    return Optional.of(meter).filter(m -> Arrays.equals(m.systemTitle(), title));
  }

  @Override
  public Optional<Meter> bySerial(String serial) {
    return Optional.of(meter).filter(m -> m.serial().equals(serial));
  }

  @Override
  public Optional<Ticket> admit(ChannelId via, InetAddress source, Runnable evict) {
    return Optional.empty();
  }

  @Override
  public boolean datagram(ChannelId via, InetAddress source) {
    return false;
  }

  @Override
  public boolean datagram(ChannelId via, MeterId proven) {
    return false;
  }

  @Override
  public String name() {
    return meter.id().value();
  }

  @Override
  public boolean proven(MeterId id, LinkInfo link) {
    return true;
  }

  @Override
  public void begin() {}

  @Override
  public void end() {}

  @Override
  public boolean answers(LinkInfo link) {
    return false;
  }

  @Override
  public void reply(LinkInfo link, byte[] apdu) {
    throw new IllegalStateException("nothing is answered");
  }
}

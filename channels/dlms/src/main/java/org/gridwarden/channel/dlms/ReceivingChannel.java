package org.gridwarden.channel.dlms;

import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;

/**
 * What the listeners share: they receive pushes; unless they say otherwise they open no sessions.
 */
abstract class ReceivingChannel implements Channel {
  final Tally tally = new Tally();

  @Override
  public boolean reaches(MeterId meter) {
    return false;
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline)
      throws ChannelException, InterruptedException {
    throw new ChannelException(
        new Fault(
            Fault.Code.CONFLICT,
            id() + ", meter " + meter,
            "this channel only receives pushes; wait for the meter's next one"));
  }

  static ChannelException cannotOpen(String where, String remedy, Exception cause) {
    return new ChannelException(new Fault(Fault.Code.CONFLICT, where, remedy), cause);
  }
}

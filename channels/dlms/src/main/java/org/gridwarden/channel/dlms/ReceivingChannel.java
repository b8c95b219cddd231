package org.gridwarden.channel.dlms;

import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;

/** What the three listeners share: they receive pushes and open no sessions of their own. */
abstract class ReceivingChannel implements Channel {
  final Tally tally = new Tally();

  @Override
  public boolean reaches(MeterId meter) {
    return false;
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
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

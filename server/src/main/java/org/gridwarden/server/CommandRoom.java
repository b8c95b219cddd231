package org.gridwarden.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.gridwarden.core.Channel;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.headend.command.ChannelWay;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.command.CommandRounds;
import org.gridwarden.headend.command.CommandSender;
import org.gridwarden.headend.command.OperatorKeyDesk;
import org.gridwarden.headend.firmware.ImageStock;
import org.gridwarden.store.Store;

/**
 * Where commands are given, and go out.
 *
 * @param office where people act upon them
 * @param keys where their keys come and go
 */
record CommandRoom(CommandOffice office, OperatorKeyDesk keys) {
  /** So many commands on their way at once. */
  private static final int AT_ONCE = 256;

  /** Well below the sender's lease, of which asking and sending each take one. */
  private static final Duration SESSION = Duration.ofSeconds(45);

  private static final Duration ROUND = Duration.ofMillis(500);

  /**
   * Sets the sender to work; the stack stops it.
   *
   * @param watch told of operators' keys that come and go
   */
  static CommandRoom open(
      Stack stack,
      Store store,
      List<Channel> channels,
      AuditNotary notary,
      LiveFeed live,
      OperatorKeyDesk.Watch watch,
      InstantSource clock) {
    CommandSender sender =
        new CommandSender(
            store.unitOfWork(),
            store.commands(),
            store.operatorKeys(),
            store.meters(),
            new ChannelWay(
                channels,
                SESSION,
                new ImageStock(store.unitOfWork(), store.firmware(), store.imageProgress(), clock)),
            store.meters()::receiptKey,
            notary::keepsUp,
            clock,
            live::publish,
            AT_ONCE);
    CommandOffice office =
        new CommandOffice(
            store.unitOfWork(),
            store.commands(),
            store.policies(),
            store.operatorKeys(),
            store.meters(),
            store.meters()::feeder,
            notary::keepsUp,
            clock,
            live::publish);
    CommandRounds rounds = stack.push(new CommandRounds(sender, ROUND));
    office.whenQueued(rounds::news);
    rounds.start();
    return new CommandRoom(
        office,
        new OperatorKeyDesk(store.unitOfWork(), store.operatorKeys(), notary::keepsUp, watch));
  }
}

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
import org.gridwarden.headend.command.PutOffs;
import org.gridwarden.store.Store;

/**
 * Where commands are given, and go out.
 *
 * @param office where people act upon them
 * @param putOffs which meters something waits for
 * @param keys where their keys come and go
 */
record CommandRoom(CommandOffice office, PutOffs putOffs, OperatorKeyDesk keys) {
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
            store.holder(),
            store.operatorKeys(),
            store.meters(),
            new ChannelWay(channels, SESSION),
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
            store.protections(),
            store.operatorKeys(),
            store.meters(),
            store.meters()::feeder,
            notary::keepsUp,
            clock,
            live::publish);
    CommandRounds rounds = stack.push(new CommandRounds(sender, ROUND));
    office.whenQueued(rounds::news);
    rounds.start();
    PutOffs putOffs =
        stack.push(new PutOffs(store.commands(), () -> office.policy().spacing(), rounds::news));
    return new CommandRoom(
        office,
        putOffs,
        new OperatorKeyDesk(store.unitOfWork(), store.operatorKeys(), notary::keepsUp, watch));
  }
}

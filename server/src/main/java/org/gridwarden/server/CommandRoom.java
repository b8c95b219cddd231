package org.gridwarden.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.gridwarden.core.Channel;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.headend.command.ChannelWay;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.command.CommandRounds;
import org.gridwarden.headend.command.CommandSender;
import org.gridwarden.headend.command.OperatorKeyDesk;
import org.gridwarden.headend.command.PutOffs;
import org.gridwarden.headend.firmware.ImageStock;
import org.gridwarden.headend.keys.KeyMaker;
import org.gridwarden.headend.keys.KeyOffice;
import org.gridwarden.headend.trust.TrustOffice;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.store.Store;

/**
 * Where commands are given, and go out.
 *
 * @param office where people act upon them
 * @param putOffs which meters something waits for
 * @param keys where their keys come and go
 * @param meterKeys where meters' keys are changed and replaced
 * @param trust where lists of whom meters obey are handed in
 */
record CommandRoom(
    CommandOffice office,
    PutOffs putOffs,
    OperatorKeyDesk keys,
    KeyOffice meterKeys,
    TrustOffice trust) {
  /** So many commands on their way at once. */
  private static final int AT_ONCE = 256;

  /** Well below the sender's lease, of which asking and sending each take one. */
  private static final Duration SESSION = Duration.ofSeconds(45);

  private static final Duration ROUND = Duration.ofMillis(500);

  /**
   * Sets the sender to work; the stack stops it.
   *
   * @param watch told of operators' keys that come and go
   * @param key under which meters' keys are kept
   * @param access opens those that they have
   */
  static CommandRoom open(
      Stack stack,
      Store store,
      List<Channel> channels,
      AuditNotary notary,
      LiveFeed live,
      OperatorKeyDesk.Watch watch,
      OfficeKey key,
      KeyAccess access,
      InstantSource clock) {
    CommandSender sender =
        new CommandSender(
            store.unitOfWork(),
            store.commands(),
            store.holder(),
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
            store.protections(),
            store.operatorKeys(),
            store.meters(),
            store.meters()::feeder,
            notary::keepsUp,
            clock,
            live::publish);
    KeyMaker maker =
        new KeyMaker(
            key,
            access,
            store.keys(),
            store.commands(),
            meter -> store.meters().receiptKey(meter).isPresent());
    sender.changingKeysWith(maker);
    office.changingKeysWith(maker);
    CommandRounds rounds = stack.push(new CommandRounds(sender, ROUND));
    office.whenQueued(rounds::news);
    rounds.start();
    PutOffs putOffs =
        stack.push(new PutOffs(store.commands(), () -> office.policy().spacing(), rounds::news));
    return new CommandRoom(
        office,
        putOffs,
        new OperatorKeyDesk(store.unitOfWork(), store.operatorKeys(), notary::keepsUp, watch),
        new KeyOffice(store, office, key, clock),
        new TrustOffice(store.unitOfWork(), store.trust()));
  }
}
